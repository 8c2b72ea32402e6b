//! Files that lie beside the page.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::dom;

/// The contents of a file beside the page.
pub async fn bytes(url: &str) -> Result<Uint8Array, JsValue> {
    let response: Response = JsFuture::from(dom::window()?.fetch_with_str(url))
        .await?
        .unchecked_into();
    if !response.ok() {
        return Err(format!("{url}: status {}", response.status()).into());
    }
    let bytes = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&bytes))
}

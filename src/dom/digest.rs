//! The browser's own SHA-256, many times faster than WebAssembly's.

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::SubtleCrypto;

use crate::card::hexadecimal;

/// SHA-256 of these bytes in lower-case hexadecimal; `None` where the browser has none: on pages
/// without HTTPS.
pub async fn sha256(bytes: &ArrayBuffer) -> Option<String> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    let subtle: SubtleCrypto = subtle.dyn_into().ok()?;
    let digest = subtle.digest_with_str_and_buffer_source("SHA-256", bytes);
    let digest = JsFuture::from(digest.ok()?).await.ok()?;
    Some(hexadecimal(&Uint8Array::new(&digest).to_vec()))
}

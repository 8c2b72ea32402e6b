//! Asks the browser not to clear the page's storage by itself.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::dom;
use crate::page::state::Persistence;

/// What the browser has promised, or promises now where it is asked.
pub async fn find_out(ask: bool) -> Persistence {
    let answers = |name| async move {
        let answer = JsFuture::from(call(name)?).await?;
        Ok::<bool, JsValue>(answer.is_truthy())
    };
    let promised = match answers("persisted").await {
        Ok(false) if ask => answers("persist").await,
        promised => promised,
    };
    match promised {
        Ok(true) => Persistence::Granted,
        Ok(false) if ask => Persistence::Denied,
        Ok(false) => Persistence::Unknown,
        // Pages without HTTPS have no interface for it.
        Err(_) => Persistence::Unsupported,
    }
}

/// Calls a method of the storage manager.
fn call(name: &str) -> Result<Promise, JsValue> {
    let navigator = dom::window()?.navigator();
    let storage = Reflect::get(&navigator, &"storage".into())?;
    let method: Function = Reflect::get(&storage, &name.into())?.dyn_into()?;
    method.call0(&storage)?.dyn_into()
}

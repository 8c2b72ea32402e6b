//! What the worker says to the page, and its clock.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

use crate::worker::protocol::FromWorker;

/// Sends a message, with the bytes that belong to it.
pub fn post(scope: &DedicatedWorkerGlobalScope, message: &FromWorker, bytes: &[Uint8Array]) {
    let sent = serde_json::to_string(message)
        .map_err(|error| JsValue::from(error.to_string()))
        .and_then(|text| {
            let parts = Array::of1(&text.into());
            let buffers = Array::new();
            if let Some(trouble) = message.trouble() {
                parts.push(&trouble.into());
            }
            for bytes in bytes {
                parts.push(bytes);
                buffers.push(&bytes.buffer());
            }
            scope.post_message_with_transfer(&parts, &buffers)
        });
    if let Err(error) = sent {
        // The page finds out by the silence.
        web_sys::console::error_1(&error);
    }
}

/// Milliseconds on the worker's clock; 0 where there is none.
pub fn now(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |clock| clock.now())
}

//! What a further worker does for one that judges: it has the network alone, and runs it.

use std::cell::RefCell;

use js_sys::{Array, Float32Array, Uint8Array};
use ndarray::ArrayView2;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::dom::listener::Listener;
use crate::network::{BANDS, FRAMES, MoodNetwork, OnnxNetwork};
use crate::worker::memory::memory_bytes;

/// The name by which a worker knows that it is one.
pub const NAME: &str = "helper";

thread_local! {
    /// The listener to the worker that started this one; it lives as long as both.
    static INBOX: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Listens, and says so: what is sent earlier is lost. The first message is the network: its
/// card's text and its file. Every other is a spectrogram `[64, 1001]` as a `Float32Array`; the
/// answer is another, `[10, 10]`, and the bytes of this worker's WebAssembly memory.
///
/// # Errors
/// What the browser threw.
pub fn start(scope: &DedicatedWorkerGlobalScope) -> Result<(), JsValue> {
    std::panic::set_hook(Box::new(console_error_panic_hook::hook));
    let mut network = None;
    let global = scope.clone();
    let inbox = Listener::new(scope, "message", move |event| {
        let parts: Array = event
            .unchecked_ref::<MessageEvent>()
            .data()
            .unchecked_into();
        let done = match &network {
            None => load(&parts).map(|loaded| network = Some(loaded)),
            Some(network) => answer(network, &parts).and_then(|said| global.post_message(&said)),
        };
        if let Err(error) = done {
            // It reaches the other worker as this one's error event.
            wasm_bindgen::throw_val(error);
        }
    })?;
    INBOX.set(Some(inbox));
    scope.post_message(&NAME.into())
}

fn load(parts: &Array) -> Result<OnnxNetwork, JsValue> {
    let text = parts.get(0).as_string().unwrap_or_default();
    let card = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let bytes = Uint8Array::new(&parts.get(1)).to_vec();
    OnnxNetwork::of_checked(card, &bytes).map_err(|error| error.to_string().into())
}

fn answer(network: &OnnxNetwork, parts: &Array) -> Result<Array, JsValue> {
    let mel_db = parts.get(0).dyn_into::<Float32Array>()?.to_vec();
    let mel_db = ArrayView2::from_shape((BANDS, FRAMES), &mel_db);
    let mel_db = mel_db.map_err(|error| error.to_string())?;
    let answer = network.run(mel_db).map_err(|error| error.to_string())?;
    let values: Vec<f32> = answer.iter().copied().collect();
    let bytes = memory_bytes() as f64;
    Ok(Array::of2(
        &Float32Array::from(values.as_slice()),
        &bytes.into(),
    ))
}

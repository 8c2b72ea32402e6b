//! The page's end of the tagger: one question after the other.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ErrorEvent, File, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::tagger::protocol::{FromTagger, ToTagger};

/// The tagger's loader, relative to the page.
const LOADER: &str = "tag.js";

/// A running tagger; dropping it ends the worker.
pub struct TaggerClient {
    worker: Worker,
}

impl TaggerClient {
    /// Fetches the tagger and starts it.
    ///
    /// # Errors
    /// What the browser says where it can't be fetched or started.
    pub async fn start() -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(LOADER, &options)?;
        let client = Self { worker };
        match client.answer(|| Ok(())).await? {
            (FromTagger::Ready, _) => Ok(client),
            _ => Err(format!("{LOADER} can't be loaded").into()),
        }
    }

    /// Asks about a file.
    ///
    /// # Errors
    /// What the browser says where the tagger fails.
    pub async fn ask(
        &self,
        question: &ToTagger,
        file: &File,
    ) -> Result<(FromTagger, Option<Uint8Array>), JsValue> {
        let text = serde_json::to_string(question).map_err(|error| error.to_string())?;
        let message = Array::of2(&text.into(), file);
        self.answer(|| self.worker.post_message(&message)).await
    }

    /// Does something, and waits for the worker's next word.
    async fn answer(
        &self,
        ask: impl FnOnce() -> Result<(), JsValue>,
    ) -> Result<(FromTagger, Option<Uint8Array>), JsValue> {
        let answered = Promise::new(&mut |resolve, reject| {
            self.worker.set_onmessage(Some(&resolve));
            self.worker.set_onerror(Some(&reject));
        });
        ask()?;
        let event = JsFuture::from(answered).await.map_err(|error| {
            let said = error.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            let said = said.filter(|text| !text.is_empty());
            JsValue::from(said.unwrap_or_else(|| format!("{LOADER} can't be loaded")))
        })?;
        let parts: Array = event.unchecked_into::<MessageEvent>().data().dyn_into()?;
        let text = parts.get(0).as_string().unwrap_or_default();
        let answer = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        Ok((answer, parts.get(1).dyn_into().ok()))
    }
}

impl Drop for TaggerClient {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

//! Lets a worker's other events have their turn.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

use crate::dom;
use crate::error::AnalysisError;

/// A pause of a task, as often as it likes.
pub struct Pause(MessageChannel);

impl Pause {
    /// For one task.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn new() -> Result<Self, JsValue> {
        MessageChannel::new().map(Self)
    }

    /// Lets the event loop run.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] where the browser does not let it.
    pub async fn breathe(&self) -> Result<(), AnalysisError> {
        let mut posted = Ok(());
        let woken = Promise::new(&mut |resolve, _| {
            self.0.port1().set_onmessage(Some(&resolve));
            posted = self.0.port2().post_message(&JsValue::NULL);
        });
        let failed = |error: JsValue| {
            let detail = dom::message_of(&error);
            AnalysisError::internal("yielding", &detail)
        };
        posted.map_err(failed)?;
        JsFuture::from(woken).await.map(drop).map_err(failed)
    }
}

//! Work in portions, so that the browser gets its turn in between.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::dom;
use crate::dom::listener::Timeout;

/// How long one portion goes on, in milliseconds. An answer within 100 ms leaves room for
/// its last piece, for what else an event costs, and for the browser's own layout.
const MOST_MS: f64 = 20.0;

/// The portion that is done in the task of now.
pub struct Turn {
    began: f64,
    worked: bool,
}

impl Turn {
    /// Begins a portion.
    #[must_use]
    pub fn begin() -> Self {
        Self {
            began: dom::now(),
            worked: false,
        }
    }

    /// Whether one more piece of work belongs to this portion. The first always does, so
    /// that the work comes to an end.
    pub fn takes(&mut self) -> bool {
        let takes = !self.worked || dom::now() - self.began < MOST_MS;
        self.worked = true;
        takes
    }

    /// Waits for a task that takes one more piece of work.
    pub async fn next(&mut self) {
        if !self.takes() {
            next_task().await;
            *self = Self::begin();
            self.worked = true;
        }
    }
}

async fn next_task() {
    let mut timeout = None;
    let reached = Promise::new(&mut |resolve, _| {
        let go_on = resolve.clone();
        // Without a clock there is nothing to wait for.
        timeout = Timeout::new(0, move || drop(go_on.call0(&JsValue::NULL)))
            .map_err(|_| drop(resolve.call0(&JsValue::NULL)))
            .ok();
    });
    // It is never rejected.
    let _ = JsFuture::from(reached).await;
    drop(timeout);
}

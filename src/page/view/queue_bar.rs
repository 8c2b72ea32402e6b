//! How far the queue is, and its controls; what an earlier visit left; which side is shown.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlProgressElement};

use crate::dom;
use crate::page::state::{Shown, State};
use crate::page::words::library as words;
use crate::text::library as say;

dom::elements! {
    /// The line above the songs.
    pub struct QueueBar(document) {
        HtmlElement:
            bar = "queue-bar", retry = "retry-failed", skipped = "skipped", left = "left",
            go_on = "go-on", views = "views";
        Element:
            line = "queue-line", pause = "pause", left_text = "left-text",
            count = "library-count";
        HtmlProgressElement: progress = "queue-progress";
        [Element; 2]: show = ["show-songs", "show-library"];
    }
}

impl QueueBar {
    /// Shows the queue's progress.
    pub fn render(&self, state: &State) -> Result<(), JsValue> {
        let language = state.language;
        let progress = state.progress();
        let pause = if state.queue.paused {
            say::RESUME
        } else {
            say::PAUSE
        };
        dom::set_text(&self.pause, pause.of(language));
        dom::set_hidden(&self.bar, progress.is_none());
        if let Some(progress) = progress {
            let paused = state.queue.paused;
            dom::set_text(&self.line, &words::progress(language, progress, paused));
            let share = progress.ended as f64 / progress.total.max(1) as f64;
            dom::set_attribute(&self.progress, "value", &share.to_string())?;
        }
        let failed = state.failed();
        dom::set_hidden(&self.retry, failed == 0);
        dom::set_text(&self.retry, &words::retry_failed(language, failed));
        dom::set_hidden(&self.skipped, state.skipped == 0);
        dom::set_text(&self.skipped, &words::skipped(language, state.skipped));

        let missing = state.missing();
        dom::set_hidden(&self.left, missing == 0);
        dom::set_text(&self.left_text, &words::left(language, missing));
        dom::set_hidden(&self.go_on, !state.queue.resumable);

        // Two sides are worth a choice once the library holds more than what is listed.
        let both = state.library.len() > 1 || state.songs.is_empty() && !state.library.is_empty();
        dom::set_hidden(&self.views, !both);
        dom::set_text(&self.count, &state.library.len().to_string());
        for (button, shown) in self.show.iter().zip([Shown::Songs, Shown::Library]) {
            let current = (state.shown == shown).then_some("true");
            dom::set_optional(button, "aria-current", current)?;
        }
        Ok(())
    }
}

//! What came of a backup, and whether the browser keeps what is kept.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement};

use crate::dom;
use crate::page::state::State;
use crate::page::words::backup as words;

/// The two lines.
pub struct BackupView {
    news: HtmlElement,
    persistence: Element,
}

impl BackupView {
    /// Finds the elements.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        Ok(Self {
            news: dom::by_id(document, "backup-note")?,
            persistence: dom::by_id(document, "persistence")?,
        })
    }

    /// Shows what is known.
    pub fn render(&self, state: &State) {
        let news = state.backup.as_ref();
        let text = news.map(|news| words::news(state.language, news));
        dom::set_hidden(&self.news, text.is_none());
        dom::set_text(&self.news, text.as_deref().unwrap_or_default());
        let persistence = words::persistence(state.persistence);
        let text = persistence.map_or("", |text| text.of(state.language));
        dom::set_text(&self.persistence, text);
    }
}

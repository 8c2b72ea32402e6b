//! What the visitor hears in the selected song.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement};

use crate::dom;
use crate::mood::Mood;
use crate::page::state::State;
use crate::page::words::library as words;

/// The buttons of the moods.
pub struct SaidView {
    text: Element,
    ear: HtmlElement,
    buttons: [Element; Mood::COUNT],
}

impl SaidView {
    /// Finds the elements.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        let group: Element = dom::by_id(document, "said")?;
        let [sad, calm, happy, energetic] =
            Mood::ALL.map(|mood| dom::find(&group, &format!("[data-said={mood}]")));
        Ok(Self {
            text: dom::by_id(document, "said-text")?,
            ear: dom::by_id(document, "by-ear")?,
            buttons: [sad?, calm?, happy?, energetic?],
        })
    }

    /// Shows what was said.
    pub fn render(&self, state: &State) -> Result<(), JsValue> {
        let said = state.said_mood();
        dom::set_text(&self.text, &words::you_said(state.language, said));
        let heard = state.heard_mood().zip(state.library.ear());
        let heard = heard.map(|(mood, ear)| words::by_ear(state.language, mood, ear));
        dom::set_hidden(&self.ear, heard.is_none());
        dom::set_text(&self.ear, heard.as_deref().unwrap_or_default());
        for (button, mood) in self.buttons.iter().zip(Mood::ALL) {
            let pressed = if said == Some(mood) { "true" } else { "false" };
            dom::set_attribute(button, "aria-pressed", pressed)?;
        }
        Ok(())
    }
}

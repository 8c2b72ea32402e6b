//! "More like this": the nearest songs of the library.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlTemplateElement};

use crate::dom;
use crate::mood::Mood;
use crate::page::library::nearest;
use crate::page::state::State;
use crate::page::words::library as words;
use crate::text::Language;

/// Songs that are shown.
const COUNT: usize = 5;

dom::elements! {
    /// The list, and what it was made for.
    pub struct SimilarView(document) {
        HtmlElement: section = "similar";
        Element: list = "similar-list";
        HtmlTemplateElement: template = "similar-row";
    } and {
        shown: Option<Shown> = None,
    }
}

/// The song, the library's revision and the language that it was made for.
type Shown = (Option<String>, u64, Language);

impl SimilarView {
    /// Shows what is like the selected song.
    pub fn render(&mut self, state: &State) -> Result<(), JsValue> {
        let song = state.selected_song();
        let hash = song.and_then(|song| song.hash.clone());
        let now = (hash, state.library.revision(), state.language);
        if self.shown.as_ref() == Some(&now) {
            return Ok(());
        }
        let hash = now.0.as_deref().unwrap_or_default();
        let near = nearest(state.library.iter(), hash, COUNT);
        dom::set_hidden(&self.section, near.is_empty());
        self.list.set_text_content(None);
        for (song, _) in near {
            let row = dom::clone_template(&self.template)?;
            row.set_attribute("data-hash", song.hash())?;
            dom::set_optional(&row, "data-mood", song.mood().map(Mood::name))?;
            let name: Element = dom::find(&row, ".similar-name")?;
            dom::set_text(&name, song.kept.title());
            let note: Element = dom::find(&row, ".similar-note")?;
            dom::set_text(&note, &words::row_mood(state.language, song));
            self.list.append_child(&row)?;
        }
        self.shown = Some(now);
        Ok(())
    }
}

//! What stands at the window's bottom: the selected songs and what can be done with them, and
//! the song that plays.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::cover;
use super::player::show_toggle;
use crate::dom;
use crate::page::state::{Shown, State};
use crate::page::words;

dom::elements! {
    /// The two bars.
    pub struct Dock(document) {
        HtmlElement: picked = "picked-bar", now = "now-bar", cover = "now-cover";
        Element:
            count = "picked-count", question = "forget-picked-question",
            name = "now-name", position = "now-position", toggle = "now-toggle",
            toggle_name = "now-toggle-name";
    }
}

impl Dock {
    /// Shows what is selected in the library, and what plays of it.
    pub fn render(&self, state: &State) -> Result<(), JsValue> {
        let language = state.language;
        let library = state.shown == Shown::Library;
        let count = state.library.selection().len();
        dom::set_hidden(&self.picked, !library || count == 0);
        dom::set_text(&self.count, &words::list::selected(language, count));
        dom::set_text(
            &self.question,
            &words::list::forget_question(language, count),
        );
        let player = &state.player;
        let song = state
            .selected_song()
            .filter(|song| player.song == Some(song.job));
        let Some(song) = song.filter(|_| library && player.is_listing()) else {
            dom::set_hidden(&self.now, true);
            return Ok(());
        };
        dom::set_hidden(&self.now, false);
        dom::set_text(&self.name, song.title());
        cover::show_of(&self.cover, &state.covers, song)?;
        let position = words::position(language, player.at_s, song.duration_s);
        dom::set_text(&self.position, &position);
        show_toggle(&self.toggle, &self.toggle_name, player.playing, language)
    }
}

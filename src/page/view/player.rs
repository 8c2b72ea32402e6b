//! The player's button, its place in the song, and why it is silent.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::dom;
use crate::network::STEP_SECONDS;
use crate::page::plot::strip;
use crate::page::state::{Song, State};
use crate::page::words;
use crate::text::{Language, song as say};

dom::elements! {
    /// The elements of the player.
    pub struct PlayerView(document) {
        Element: button = "play", name = "play-name", position = "position";
        HtmlElement: note = "play-note";
        [Element; 2]: playheads = ["chart-playhead", "evidence-playhead"];
        [HtmlElement; 2]: pointers = ["chart-pointer", "evidence-pointer"];
    }
}

/// Shows whether a press on that button plays or pauses.
pub(super) fn show_toggle(
    button: &Element,
    name: &Element,
    playing: bool,
    language: Language,
) -> Result<(), JsValue> {
    let text = if playing { say::PAUSE } else { say::PLAY };
    dom::set_text(name, text.of(language));
    dom::set_attribute(
        button,
        "data-playing",
        if playing { "true" } else { "false" },
    )
}

impl PlayerView {
    /// Shows where the player stands in a song.
    pub fn render(&self, state: &State, song: &Song) -> Result<(), JsValue> {
        let (language, player) = (state.language, &state.player);
        show_toggle(&self.button, &self.name, player.playing, language)?;
        let position = words::position(language, player.at_s, song.duration_s);
        dom::set_text(&self.position, &position);
        let note = player
            .silence
            .map(|silence| words::silence(language, silence, &song.name));
        dom::set_text(&self.note, note.as_deref().unwrap_or_default());
        for playhead in &self.playheads {
            place(playhead, player.at_s, song)?;
        }
        let hovered = state.hovered.and_then(|index| song.moments.get(index));
        for pointer in &self.pointers {
            dom::set_hidden(pointer, hovered.is_none());
            if let Some(moment) = hovered {
                place(pointer, moment.t_s + STEP_SECONDS / 2.0, song)?;
            }
        }
        Ok(())
    }
}

/// Puts a line at that second of the song.
fn place(line: &Element, seconds: f64, song: &Song) -> Result<(), JsValue> {
    let percent = 100.0 * strip::x_of(seconds, song.duration_s) / strip::WIDTH;
    dom::set_style(line, "inset-inline-start", &format!("{percent:.2}%"))
}

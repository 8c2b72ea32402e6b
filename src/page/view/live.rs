//! What is heard live: the mood of now, and its path on the plane.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::bars;
use super::plane::{place, points};
use crate::dom;
use crate::page::state::{Live, LivePhase, State};
use crate::page::words::{self, live as say};
use crate::text::Language;

dom::elements! {
    /// The panel.
    pub struct LiveView(document) {
        HtmlElement:
            button = "listen", panel = "live", verdict = "live-verdict", choices = "live-choices",
            microphone = "live-microphone", now = "live-now", stop = "live-stop",
            picture = "live-picture", bars = "live-bars";
        Element:
            note = "live-note", level = "live-level", time = "live-time", path = "live-path",
            point = "live-point";
    } and {
        was_on: bool = false,
        /// What is drawn: how many judgements there were, and the language.
        drawn: Option<(usize, f64, Language)> = None,
    }
}

impl LiveView {
    /// Shows the panel where it is open.
    pub fn render(&mut self, state: &State) -> Result<(), JsValue> {
        let live = &state.live;
        let is_open = live.phase != LivePhase::Closed;
        let expanded = if is_open { "true" } else { "false" };
        dom::set_attribute(&self.button, "aria-expanded", expanded)?;
        if is_open {
            self.render_sound(state.language, live)?;
            self.render_judgement(state.language, live)?;
        }
        self.change_buttons(live.is_on())?;
        dom::set_hidden(&self.panel, !is_open);
        Ok(())
    }

    fn render_sound(&self, language: Language, live: &Live) -> Result<(), JsValue> {
        dom::set_text(&self.note, &say::note(language, live));
        let phase = match &live.phase {
            LivePhase::Closed | LivePhase::Choosing(None) => "choosing",
            LivePhase::Choosing(Some(_)) => "failed",
            LivePhase::Asking => "asking",
            LivePhase::Listening => "listening",
        };
        dom::set_attribute(&self.panel, "data-phase", phase)?;
        dom::set_attribute(&self.level, "value", &format!("{:.2}", live.level))?;
        dom::set_text(&self.time, &words::clock(live.heard_s));
        Ok(())
    }

    fn render_judgement(&mut self, language: Language, live: &Live) -> Result<(), JsValue> {
        let last = live.path.last().map_or(0.0, |moment| moment.t_s);
        let drawn = Some((live.path.len(), last, language));
        if self.drawn == drawn {
            return Ok(());
        }
        self.drawn = drawn;
        let verdict = say::verdict(language, live);
        dom::set_hidden(&self.verdict, verdict.is_empty());
        dom::set_text(&self.verdict, &verdict);
        let music = live.judgement.filter(|judgement| judgement.kind.is_music());
        let kind = live.judgement.map(|judgement| judgement.kind.name());
        dom::set_optional(&self.panel, "data-kind", kind)?;
        let mood = music.map(|judgement| judgement.moods.top().0.to_string());
        dom::set_optional(&self.verdict, "data-mood", mood.as_deref())?;
        let unsure = music.is_some_and(|judgement| judgement.unsure);
        dom::set_optional(&self.verdict, "data-unsure", unsure.then_some("true"))?;
        let took = live.judgement.map(|_| live.took_ms.round().to_string());
        dom::set_optional(&self.panel, "data-took-ms", took.as_deref())?;
        if let Some(judgement) = music {
            bars::render(language, &self.bars, "data-live", judgement.moods)?;
            place(&self.point, judgement.moods.affect())?;
        }
        let was_music = live.path.iter().any(|moment| moment.kind.is_music());
        dom::set_attribute(&self.path, "points", &points(&live.path))?;
        let nowhere = music.is_none().then_some("hidden");
        dom::set_optional(&self.point, "visibility", nowhere)?;
        dom::set_hidden(&self.bars, music.is_none());
        dom::set_hidden(&self.picture, !was_music);
        Ok(())
    }

    /// Shows the buttons that can be pressed now. The focus goes from one that vanishes to the
    /// one in its place.
    fn change_buttons(&mut self, is_on: bool) -> Result<(), JsValue> {
        if self.was_on == is_on {
            return Ok(());
        }
        self.was_on = is_on;
        let focused = dom::document()?.active_element();
        let [vanishing, next] = if is_on {
            [&self.choices, &self.stop]
        } else {
            [&self.now, &self.microphone]
        };
        let moves = vanishing.contains(focused.as_deref());
        dom::set_hidden(&self.choices, is_on);
        dom::set_hidden(&self.now, !is_on);
        if moves { next.focus() } else { Ok(()) }
    }
}

//! The list of songs.

use std::collections::HashMap;

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, HtmlProgressElement, HtmlTemplateElement};

use super::dom;
use super::protocol::Job;
use super::state::{Phase, Song, State};
use super::words;
use crate::text::{Language, Text, song as say};

/// The list, and the row of each song.
pub struct QueueView {
    list: Element,
    template: HtmlTemplateElement,
    rows: HashMap<Job, Row>,
}

/// One song's row.
struct Row {
    item: Element,
    pick: HtmlElement,
    note: Element,
    cancel: HtmlElement,
    progress: HtmlProgressElement,
    recorded: bool,
}

impl QueueView {
    /// Finds the list and the template of its rows.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        Ok(Self {
            list: dom::by_id(document, "queue")?,
            template: dom::by_id(document, "song-row")?,
            rows: HashMap::new(),
        })
    }

    /// Shows the songs.
    pub fn render(&mut self, state: &State) -> Result<(), JsValue> {
        for song in &state.songs {
            if !self.rows.contains_key(&song.job) {
                let row = Row::new(&self.template, song)?;
                self.list.append_child(&row.item)?;
                self.rows.insert(song.job, row);
            }
            if let Some(row) = self.rows.get_mut(&song.job) {
                row.render(state.language, song, state.selected == Some(song.job))?;
            }
        }
        Ok(())
    }
}

impl Row {
    fn new(template: &HtmlTemplateElement, song: &Song) -> Result<Self, JsValue> {
        let item = dom::clone_template(template)?;
        item.set_attribute("data-job", &song.job.to_string())?;
        item.set_attribute("data-name", &song.name)?;
        let name: HtmlElement = dom::find(&item, ".song-name")?;
        name.set_title(&song.name);
        dom::set_text(&name, &song.name);
        Ok(Self {
            pick: dom::find(&item, ".song-pick")?,
            note: dom::find(&item, ".song-note")?,
            cancel: dom::find(&item, ".song-cancel")?,
            progress: dom::find(&item, ".song-progress")?,
            item,
            recorded: false,
        })
    }

    fn render(&mut self, language: Language, song: &Song, selected: bool) -> Result<(), JsValue> {
        let named = |text: Text| text.fill(language, &[("name", &song.name)]);
        dom::set_attribute(&self.cancel, "aria-label", &named(say::CANCEL_SONG))?;
        dom::set_attribute(&self.cancel, "title", say::CANCEL.of(language))?;
        dom::set_attribute(&self.progress, "aria-label", &named(say::PROGRESS_OF))?;
        dom::set_attribute(&self.item, "data-state", song.phase.name())?;
        dom::set_optional(&self.pick, "aria-current", selected.then_some("true"))?;
        dom::set_text(&self.note, &words::song_note(language, song));
        if song.has_ended() && !self.cancel.hidden() {
            self.keep_focus()?;
        }
        dom::set_hidden(&self.cancel, song.has_ended());
        self.render_progress(&song.phase)?;
        if song.has_ended() && !self.recorded {
            self.record(song)?;
            self.recorded = true;
        }
        Ok(())
    }

    /// The cancel button goes; who has just pressed it stays in this row.
    fn keep_focus(&self) -> Result<(), JsValue> {
        let focused = dom::document()?.active_element();
        if focused.as_ref() == Some(self.cancel.as_ref()) {
            self.pick.focus()?;
        }
        Ok(())
    }

    /// No value while nothing is known: the bar then only moves.
    fn render_progress(&self, phase: &Phase) -> Result<(), JsValue> {
        let value = match phase {
            Phase::Analysing { fraction, .. } => Some((fraction * 100.0).to_string()),
            _ => None,
        };
        dom::set_optional(&self.progress, "value", value.as_deref())?;
        let hidden = !matches!(phase, Phase::Decoding | Phase::Analysing { .. });
        dom::set_hidden(&self.progress, hidden);
        Ok(())
    }

    /// Writes how it ended, for style sheets, tests and benchmarks.
    fn record(&self, song: &Song) -> Result<(), JsValue> {
        match &song.phase {
            Phase::Failed(error) => self.item.set_attribute("data-error", error.kind())?,
            Phase::Done(report) => {
                let timing = serde_json::to_string(&song.timing);
                let timing = timing.map_err(|error| error.to_string())?;
                self.item.set_attribute("data-timing", &timing)?;
                let bytes = song.wasm_bytes.to_string();
                self.item.set_attribute("data-wasm-bytes", &bytes)?;
                self.item.set_attribute("data-mood", report.mood.name())?;
                let unsure = report.unsure.to_string();
                self.item.set_attribute("data-unsure", &unsure)?;
            }
            _ => {}
        }
        Ok(())
    }
}

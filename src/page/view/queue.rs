//! The list of songs.

use std::collections::{HashMap, HashSet};

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlProgressElement, HtmlTemplateElement};

use crate::dom;
use crate::dom::turn::Turn;
use crate::page::state::{Phase, Song, State};
use crate::page::words;
use crate::text::{Language, Text, library, song as say};
use crate::worker::protocol::{Job, Timing};

dom::elements! {
    /// The list, and the row of each song.
    pub struct QueueView(document) {
        Element: list = "queue";
        HtmlTemplateElement: template = "song-row";
    } and {
        rows: HashMap<Job, Row> = HashMap::new(),
    }
}

/// One song's row.
struct Row {
    item: Element,
    name: HtmlElement,
    pick: HtmlElement,
    note: Element,
    cancel: HtmlElement,
    retry: HtmlElement,
    progress: HtmlProgressElement,
    shown: Option<Shown>,
}

/// What a row shows: the phase, its words, whether it is selected.
type Shown = (Language, &'static str, String, bool);

impl QueueView {
    /// Shows the songs, and says whether new ones are left for the next time.
    pub fn render(&mut self, state: &State, turn: &mut Turn) -> Result<bool, JsValue> {
        let mut is_left = false;
        for song in &state.songs {
            if !self.rows.contains_key(&song.job) {
                if !turn.takes() {
                    is_left = true;
                    break;
                }
                let row = Row::new(&self.template, song)?;
                self.list.append_child(&row.item)?;
                self.rows.insert(song.job, row);
            }
            if let Some(row) = self.rows.get_mut(&song.job) {
                row.render(state.language, song, state.selected == Some(song.job))?;
            }
        }
        if self.rows.len() > state.songs.len() {
            let listed: HashSet<_> = state.songs.iter().map(|song| song.job).collect();
            self.rows.retain(|job, row| {
                let stays = listed.contains(job);
                if !stays {
                    row.item.remove();
                }
                stays
            });
        }
        Ok(is_left)
    }
}

impl Row {
    fn new(template: &HtmlTemplateElement, song: &Song) -> Result<Self, JsValue> {
        let item = dom::clone_template(template)?;
        item.set_attribute("data-job", &song.job.to_string())?;
        item.set_attribute("data-name", &song.name)?;
        let name: HtmlElement = dom::find(&item, ".song-name")?;
        name.set_title(&song.name);
        Ok(Self {
            name,
            pick: dom::find(&item, ".song-pick")?,
            note: dom::find(&item, ".song-note")?,
            cancel: dom::find(&item, ".song-cancel")?,
            retry: dom::find(&item, ".song-retry")?,
            progress: dom::find(&item, ".song-progress")?,
            item,
            shown: None,
        })
    }

    fn render(&mut self, language: Language, song: &Song, selected: bool) -> Result<(), JsValue> {
        let note = words::song_note(language, song);
        let now = (language, song.phase.name(), note, selected);
        if self.shown.as_ref() == Some(&now) {
            return Ok(());
        }
        let (_, phase, note, _) = &now;
        dom::set_text(&self.name, &words::named(song));
        let named = |text: Text| text.fill(language, &[("name", &song.name)]);
        dom::set_attribute(&self.cancel, "aria-label", &named(say::CANCEL_SONG))?;
        dom::set_attribute(&self.cancel, "title", say::CANCEL.of(language))?;
        dom::set_attribute(&self.retry, "aria-label", &named(library::TRY_SONG_AGAIN))?;
        dom::set_attribute(&self.progress, "aria-label", &named(say::PROGRESS_OF))?;
        // Where the report lies makes no difference in the list.
        let state = if song.is_kept() { "done" } else { phase };
        dom::set_attribute(&self.item, "data-state", state)?;
        dom::set_optional(&self.pick, "aria-current", selected.then_some("true"))?;
        dom::set_text(&self.note, note);
        if !song.is_pending() && !self.cancel.hidden() {
            self.keep_focus()?;
        }
        dom::set_hidden(&self.cancel, !song.is_pending());
        dom::set_hidden(&self.retry, !song.can_retry());
        self.render_progress(&song.phase)?;
        self.record(song)?;
        self.shown = Some(now);
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
        let error = match &song.phase {
            Phase::Failed(error) => Some(error.kind()),
            _ => None,
        };
        dom::set_optional(&self.item, "data-error", error)?;
        let verdict = song.verdict();
        let kind = verdict.map(|verdict| verdict.kind.name());
        dom::set_optional(&self.item, "data-kind", kind)?;
        let music = verdict.filter(|verdict| verdict.kind.is_music());
        let mood = music.map(|verdict| verdict.mood.name());
        dom::set_optional(&self.item, "data-mood", mood)?;
        let unsure = music.map(|verdict| verdict.unsure.to_string());
        dom::set_optional(&self.item, "data-unsure", unsure.as_deref())?;
        // A verdict that was kept took no time.
        let judged = verdict.is_some() && song.has_ended() && song.timing != Timing::default();
        let timing = judged.then(|| serde_json::to_string(&song.timing));
        let timing = timing.transpose().map_err(|error| error.to_string())?;
        dom::set_optional(&self.item, "data-timing", timing.as_deref())?;
        let bytes = judged.then(|| song.wasm_bytes.to_string());
        dom::set_optional(&self.item, "data-wasm-bytes", bytes.as_deref())
    }
}

//! The mood along the song: lanes, slider, spectrogram, time axis and table.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, HtmlInputElement};

use crate::dom;
use crate::dom::turn::Turn;
use crate::mood::Mood;
use crate::page::plot::axis::Window;
use crate::page::state::{Song, State};
use crate::page::view::chart;
use crate::page::view::evidence::EvidenceView;
use crate::page::view::plane::PlaneView;
use crate::page::view::player::PlayerView;
use crate::page::view::spectrogram::{self, SpectrogramView};
use crate::page::words::{self, evidence};
use crate::report::Report;
use crate::text::{Language, kind_name, song as say};
use crate::worker::protocol::Job;

/// What of a song is drawn: the song, how many moments, whether it is done, the language.
type Drawn = (Job, usize, bool, Language);

/// Rows of the table that are added at once.
const ROWS_AT_ONCE: usize = 128;

/// A part that is drawn at once, or in portions.
#[derive(Clone, Copy)]
enum Part {
    Lanes,
    Evidence,
    Table,
}

dom::elements! {
    /// The elements along the time axis, and what is drawn in them.
    pub struct AlongView(document) {
        HtmlElement: section = "along", evidence_column = "evidence-column";
        HtmlCanvasElement: chart = "chart";
        HtmlInputElement: slider = "moment";
        Element: moment = "moment-text", time_axis = "time-axis", rows = "timeline-rows";
    } and {
        player: PlayerView = PlayerView::new(document)?,
        plane: PlaneView = PlaneView::new(document)?,
        spectrogram: SpectrogramView = SpectrogramView::new(document)?,
        evidence: EvidenceView = EvidenceView::new(document)?,
        drawn: Option<Drawn> = None,
        /// What of the song is not drawn yet.
        left: &'static [Part] = &[],
        /// Rows of the table that are.
        tabled: usize = 0,
        /// Width of the time axis in CSS pixels.
        width: i32 = 0,
        picked: Option<(usize, bool)> = None,
    }
}

impl AlongView {
    /// Forgets what is drawn, so that it is drawn again.
    pub fn invalidate(&mut self) {
        self.drawn = None;
        self.spectrogram.invalidate();
    }

    /// Shows the selected song, as far as it is known, and says whether something of that
    /// is left.
    pub fn render(&mut self, state: &State, turn: &mut Turn) -> Result<bool, JsValue> {
        let song = state
            .selected_song()
            .filter(|song| !song.moments.is_empty());
        dom::set_hidden(&self.section, song.is_none());
        let Some(song) = song else {
            self.drawn = None;
            return Ok(false);
        };
        let (language, done) = (state.language, song.report().is_some());
        let next = (song.job, song.moments.len(), done, language);
        let shown = state.shown_moment().min(song.moments.len() - 1);
        let changed = self.drawn != Some(next);
        if changed {
            self.drawn = Some(next);
            self.left = &[Part::Lanes, Part::Evidence, Part::Table];
            self.tabled = 0;
            self.slider.set_max(&(song.moments.len() - 1).to_string());
        }
        let picked = (shown, state.hovered.is_some());
        if changed || self.picked != Some(picked) {
            self.render_moment(state, song, shown)?;
            self.picked = Some(picked);
        }
        self.player.render(state, song)?;
        while let [part, rest @ ..] = self.left {
            if !turn.takes() {
                return Ok(true);
            }
            if self.render_part(*part, language, song)? {
                self.left = rest;
            }
        }
        self.spectrogram.render(state, song, turn)
    }

    /// Draws a part, or some of it, and says whether that is all.
    fn render_part(
        &mut self,
        part: Part,
        language: Language,
        song: &Song,
    ) -> Result<bool, JsValue> {
        match (part, song.report()) {
            (Part::Lanes, _) => {
                self.width = chart::draw(&self.chart, &song.moments, song.duration_s)?;
                let whole = Window::around(0.0, song.duration_s, 1);
                spectrogram::time_labels(&self.time_axis, self.width, whole)?;
            }
            (Part::Evidence, Some(report)) => {
                self.evidence
                    .render_song(language, song, report, self.width)?;
            }
            (Part::Table, Some(report)) => return self.render_table(language, song, report),
            (Part::Evidence | Part::Table, None) => {}
        }
        Ok(true)
    }

    /// Tells of the moment that is shown; the slider stays where the player is.
    fn render_moment(&self, state: &State, song: &Song, shown: usize) -> Result<(), JsValue> {
        self.plane.render_moment(song, shown)?;
        let text = moment_text(state.language, song, shown);
        dom::set_text(&self.moment, &text);
        if state.hovered.is_none() {
            self.slider.set_value(&shown.to_string());
            dom::set_attribute(&self.slider, "aria-valuetext", &text)?;
        }
        Ok(())
    }

    /// Adds some rows to the table, and says whether these were the last.
    fn render_table(
        &mut self,
        language: Language,
        song: &Song,
        report: &Report,
    ) -> Result<bool, JsValue> {
        if self.tabled == 0 {
            self.rows.set_text_content(None);
        }
        let explained = !report.evidence.moments.is_empty();
        dom::set_hidden(&self.evidence_column, !explained);
        dom::set_text(
            &self.evidence_column,
            &evidence::for_mood(language, report.mood),
        );
        let moments = song.moments.iter().enumerate();
        for (index, moment) in moments.skip(self.tabled).take(ROWS_AT_ONCE) {
            let value = report.evidence.moments.get(index);
            let mut cells = vec![kind_name(moment.kind).of(language).to_owned()];
            if moment.kind.is_music() {
                let shares = Mood::ALL.map(|mood| moment.moods.get(mood));
                cells.extend(shares.map(|share| words::percent(language, share)));
                cells.push(words::signed(moment.affect.arousal));
                cells.push(words::signed(moment.affect.valence));
                cells.extend(value.map(|value| words::signed(*value)));
            } else {
                let columns = 1 + Mood::COUNT + 2 + usize::from(value.is_some());
                cells.resize(columns, "–".to_owned());
            }
            dom::append_row(&self.rows, &words::clock(moment.t_s), &cells)?;
            self.tabled = index + 1;
        }
        Ok(self.tabled == song.moments.len())
    }
}

/// What a moment says, and whether it speaks for the verdict, once there is one.
fn moment_text(language: Language, song: &Song, picked: usize) -> String {
    let text = words::moment(language, &song.moments[picked]);
    let report = song.report();
    let value = report.and_then(|report| Some((report, report.evidence.moments.get(picked)?)));
    match value {
        Some((report, value)) if song.moments[picked].kind.is_music() => {
            let evidence = evidence::moment(language, *value, report.mood);
            let values = [("moment", &*text), ("evidence", &evidence)];
            say::MOMENT_SPEAKS.fill(language, &values)
        }
        _ => text,
    }
}

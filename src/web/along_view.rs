//! The mood along the song: lanes, slider, spectrogram, time axis and table.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlCanvasElement, HtmlElement, HtmlInputElement};

use super::axis;
use super::chart;
use super::dom;
use super::evidence_view::EvidenceView;
use super::protocol::Job;
use super::spectrogram;
use super::state::{Song, State};
use super::words::{self, evidence};
use crate::mood::Mood;
use crate::report::Report;
use crate::text::{Language, song as say};

/// Labels along the time axis, at most, per this many CSS pixels.
const PIXELS_PER_LABEL: i32 = 90;
/// Frequencies that are labelled on the spectrogram, in Hz, and its upper end.
const BAND_LABELS: [(f64, &str); 4] = [
    (500.0, "500 Hz"),
    (1000.0, "1 kHz"),
    (2000.0, "2 kHz"),
    (5000.0, "5 kHz"),
];
const TOP_HZ: f64 = 8000.0;

/// What of a song is drawn: the song, how many moments, whether it is done, the language.
type Drawn = (Job, usize, bool, Language);

/// The elements along the time axis, and what is drawn in them.
pub struct AlongView {
    section: HtmlElement,
    chart: HtmlCanvasElement,
    slider: HtmlInputElement,
    moment: Element,
    spectrogram_plot: HtmlElement,
    spectrogram: HtmlCanvasElement,
    evidence: EvidenceView,
    time_axis: Element,
    evidence_column: HtmlElement,
    rows: Element,
    drawn: Option<Drawn>,
    picked: Option<usize>,
}

impl AlongView {
    /// Finds the elements and labels the spectrogram's bands.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        let bands: Element = dom::by_id(document, "spectrogram-bands")?;
        for (hz, text) in BAND_LABELS {
            let below = 100.0 * axis::mel_height(hz, TOP_HZ);
            label(&bands, text, "inset-block-end", below)?;
        }
        Ok(Self {
            section: dom::by_id(document, "along")?,
            chart: dom::by_id(document, "chart")?,
            slider: dom::by_id(document, "moment")?,
            moment: dom::by_id(document, "moment-text")?,
            spectrogram_plot: dom::by_id(document, "spectrogram-plot")?,
            spectrogram: dom::by_id(document, "spectrogram")?,
            evidence: EvidenceView::new(document)?,
            time_axis: dom::by_id(document, "time-axis")?,
            evidence_column: dom::by_id(document, "evidence-column")?,
            rows: dom::by_id(document, "timeline-rows")?,
            drawn: None,
            picked: None,
        })
    }

    /// Forgets what is drawn, so that it is drawn again.
    pub fn invalidate(&mut self) {
        self.drawn = None;
    }

    /// Shows the selected song, as far as it is known.
    pub fn render(&mut self, state: &State) -> Result<(), JsValue> {
        let song = state
            .selected_song()
            .filter(|song| !song.moments.is_empty());
        dom::set_hidden(&self.section, song.is_none());
        let Some(song) = song else {
            self.drawn = None;
            return Ok(());
        };
        let (language, done) = (state.language, song.report().is_some());
        let next = (song.job, song.moments.len(), done, language);
        let picked = state.moment.min(song.moments.len() - 1);
        let changed = self.drawn != Some(next);
        if changed {
            self.render_song(language, song)?;
            self.drawn = Some(next);
        }
        if changed || self.picked != Some(picked) {
            self.render_moment(language, song, picked)?;
            self.picked = Some(picked);
        }
        Ok(())
    }

    fn render_song(&self, language: Language, song: &Song) -> Result<(), JsValue> {
        self.slider.set_max(&(song.moments.len() - 1).to_string());
        self.render_time_axis(song.duration_s)?;
        dom::set_hidden(&self.spectrogram_plot, song.picture.is_none());
        if let Some(picture) = &song.picture {
            spectrogram::draw(&self.spectrogram, picture)?;
        }
        if let Some(report) = song.report() {
            self.evidence.render_song(language, song, report)?;
            self.render_table(language, song, report)?;
        }
        Ok(())
    }

    fn render_moment(&self, language: Language, song: &Song, picked: usize) -> Result<(), JsValue> {
        let cursor = song.report().is_some().then_some(picked);
        chart::draw(&self.chart, &song.moments, song.duration_s, cursor)?;
        self.evidence.render_moment(song, picked)?;
        let text = moment_text(language, song, picked);
        self.slider.set_value(&picked.to_string());
        dom::set_attribute(&self.slider, "aria-valuetext", &text)?;
        dom::set_text(&self.moment, &text);
        Ok(())
    }

    fn render_time_axis(&self, duration_s: f64) -> Result<(), JsValue> {
        self.time_axis.set_text_content(None);
        let most = (self.chart.client_width() / PIXELS_PER_LABEL).max(2);
        for tick in axis::time_ticks(duration_s, most as usize) {
            let share = 100.0 * tick / duration_s.max(f64::MIN_POSITIVE);
            // The last label would hang over the edge.
            if share <= 97.0 {
                label(
                    &self.time_axis,
                    &words::clock(tick),
                    "inset-inline-start",
                    share,
                )?;
            }
        }
        Ok(())
    }

    fn render_table(
        &self,
        language: Language,
        song: &Song,
        report: &Report,
    ) -> Result<(), JsValue> {
        self.rows.set_text_content(None);
        let explained = !report.evidence.moments.is_empty();
        dom::set_hidden(&self.evidence_column, !explained);
        dom::set_text(
            &self.evidence_column,
            &evidence::for_mood(language, report.mood),
        );
        for (index, moment) in song.moments.iter().enumerate() {
            let mut cells: Vec<_> = Mood::ALL
                .into_iter()
                .map(|mood| words::percent(language, moment.moods.get(mood)))
                .collect();
            cells.push(words::signed(moment.affect.arousal));
            cells.push(words::signed(moment.affect.valence));
            let value = report.evidence.moments.get(index);
            cells.extend(value.map(|value| words::signed(*value)));
            dom::append_row(&self.rows, &words::clock(moment.t_s), &cells)?;
        }
        Ok(())
    }
}

/// What a moment says, and whether it speaks for the verdict, once there is one.
fn moment_text(language: Language, song: &Song, picked: usize) -> String {
    let text = words::moment(language, &song.moments[picked]);
    let report = song.report();
    let value = report.and_then(|report| Some((report, report.evidence.moments.get(picked)?)));
    match value {
        Some((report, value)) => {
            let evidence = evidence::moment(language, *value, report.mood);
            let values = [("moment", &*text), ("evidence", &evidence)];
            say::MOMENT_SPEAKS.fill(language, &values)
        }
        None => text,
    }
}

/// Puts a label at that percentage along the side of its box.
fn label(parent: &Element, text: &str, side: &str, percent: f64) -> Result<(), JsValue> {
    let label: HtmlElement = dom::document()?.create_element("span")?.unchecked_into();
    label.set_text_content(Some(text));
    label
        .style()
        .set_property(side, &format!("{percent:.2}%"))?;
    parent.append_child(&label)?;
    Ok(())
}

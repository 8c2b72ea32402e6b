//! Where the network's evidence lies: a strip along the song, the beats, and the bands
//! of frequencies.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::dom;
use crate::network::STEP_SECONDS;
use crate::page::plot::strip::{self, Side};
use crate::page::state::Song;
use crate::page::view::diverging::{Row, Rows};
use crate::page::words::evidence;
use crate::report::Report;
use crate::text::{Language, capital};

/// Evidence (a difference of logits) that may fill a side of the strip: 1 makes a mood
/// e times as likely as the others.
const LEAST_STRIP_REACH: f64 = 1.0;
/// The same for the bands, of which each is a part of the whole.
const LEAST_BAND_REACH: f64 = 0.1;

dom::elements! {
    /// The elements of the evidence.
    pub struct EvidenceView(document) {
        HtmlElement: plot = "evidence-plot", bands = "bands", beats_plot = "beats-plot";
        Element:
            side_for = "evidence-side-for", shape_for = "evidence-for",
            shape_against = "evidence-against", stretch = "evidence-stretch",
            strongest = "evidence-strongest", bands_heading = "bands-heading", beats = "beats";
    } and {
        band_rows: Rows = Rows::new(document, "band-rows", LEAST_BAND_REACH)?,
    }
}

impl EvidenceView {
    /// Shows the evidence of a judged song, over that many CSS pixels.
    pub fn render_song(
        &self,
        language: Language,
        song: &Song,
        report: &Report,
        width: i32,
    ) -> Result<(), JsValue> {
        self.render_strip(language, song, report)?;
        self.render_bands(language, report)?;
        self.render_beats(song, report, width)
    }

    fn render_strip(
        &self,
        language: Language,
        song: &Song,
        report: &Report,
    ) -> Result<(), JsValue> {
        let mood = report.mood;
        let moments = &report.evidence.moments;
        let values = || moments.iter().copied().map(f64::from);
        dom::set_hidden(&self.plot, moments.is_empty());
        dom::set_attribute(&self.plot, "data-mood", mood.name())?;
        dom::set_text(&self.side_for, &evidence::for_mood(language, mood));
        dom::set_text(&self.strongest, &evidence::strongest(language, report));

        let reach = strip::reach(values(), LEAST_STRIP_REACH);
        for (shape, side) in [
            (&self.shape_for, Side::For),
            (&self.shape_against, Side::Against),
        ] {
            let starts = report.timeline.iter().map(|moment| moment.t_s);
            let steps = starts
                .zip(values())
                .map(|(start, value)| [start, start + STEP_SECONDS, value]);
            let path = strip::steps_path(steps, song.duration_s, reach, side);
            dom::set_attribute(shape, "d", &path)?;
        }
        let [start, end] = report
            .evidence
            .strongest_s
            .map(|seconds| strip::x_of(seconds, song.duration_s));
        dom::set_attribute(&self.stretch, "x", &format!("{start:.2}"))?;
        let width = (end - start).max(0.0);
        dom::set_attribute(&self.stretch, "width", &format!("{width:.2}"))
    }

    fn render_bands(&self, language: Language, report: &Report) -> Result<(), JsValue> {
        let mood = report.mood;
        dom::set_hidden(&self.bands, report.evidence.bands.is_empty());
        dom::set_attribute(&self.bands, "data-mood", mood.name())?;
        let heading = evidence::bands_heading(language, mood);
        dom::set_text(&self.bands_heading, &heading);
        let rows: Vec<_> = report
            .evidence
            .bands
            .iter()
            .map(|band| Row {
                name: capital(evidence::band_name(language, band)),
                note: evidence::band_edges(language, band),
                text: evidence::band(language, band.drop, mood),
                value: f64::from(band.drop),
            })
            .collect();
        self.band_rows.render(&rows)
    }

    fn render_beats(&self, song: &Song, report: &Report, width: i32) -> Result<(), JsValue> {
        let beats = &report.sound.beats_s;
        let told = strip::can_be_told_apart(beats.len(), width);
        dom::set_hidden(&self.beats_plot, !told);
        let path = strip::ticks_path(beats, song.duration_s);
        dom::set_attribute(&self.beats, "d", &path)
    }
}

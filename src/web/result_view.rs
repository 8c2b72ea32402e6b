//! The selected song's verdict, and all that stands behind it but the time axis.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

use super::dom;
use super::features_view::FeaturesView;
use super::protocol::Job;
use super::reasons_view::ReasonsView;
use super::state::{Judge, Song, State};
use super::words;
use crate::mood::{Affect, Mood, MoodProbabilities};
use crate::regressor::FeaturesCard;
use crate::report::{Moment, Report};
use crate::text::Language;

/// Half the side of the plane, less its margin, and its centre, in `viewBox` units.
const PLANE_REACH: f32 = 90.0;
const PLANE_CENTRE: f32 = 100.0;

/// The elements of the result, and the report that stands in them.
pub struct ResultView {
    result: Element,
    name: Element,
    verdict: Element,
    note: Element,
    probabilities: Element,
    judges: [Element; 2],
    agreement: Element,
    reasons: ReasonsView,
    features: FeaturesView,
    plane_point: Element,
    plane_trail: Element,
    affect: [Element; 3],
    json: Element,
    shown: Option<(Job, Language)>,
}

impl ResultView {
    /// Finds the elements.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        let result: Element = dom::by_id(document, "result")?;
        Ok(Self {
            name: dom::by_id(document, "result-name")?,
            verdict: dom::by_id(document, "verdict")?,
            note: dom::by_id(document, "verdict-note")?,
            probabilities: dom::by_id(document, "probabilities")?,
            judges: [
                dom::find(&result, "[data-judge=network]")?,
                dom::find(&result, "[data-judge=ensemble]")?,
            ],
            agreement: dom::by_id(document, "agreement")?,
            reasons: ReasonsView::new(document)?,
            features: FeaturesView::new(document)?,
            plane_point: dom::by_id(document, "plane-point")?,
            plane_trail: dom::by_id(document, "plane-trail")?,
            affect: [
                dom::by_id(document, "affect-text")?,
                dom::by_id(document, "arousal")?,
                dom::by_id(document, "valence")?,
            ],
            json: dom::by_id(document, "report-json")?,
            result,
            shown: None,
        })
    }

    /// Shows the selected song.
    pub fn render(&mut self, state: &State) -> Result<(), JsValue> {
        let Some(song) = state.selected_song() else {
            return Ok(());
        };
        dom::set_attribute(&self.result, "data-phase", song.phase.name())?;
        dom::set_text(&self.name, &song.name);
        dom::set_text(&self.verdict, &words::headline(state.language, song));
        dom::set_text(&self.note, &words::headline_note(state.language, song));
        let language = state.language;
        let ended = song.has_ended().then_some((song.job, language));
        if self.shown == ended && ended.is_some() {
            return Ok(());
        }
        self.shown = ended;
        self.render_json(song)?;
        let report = song.report();
        let mood = report.map(|report| report.mood.name());
        dom::set_optional(&self.verdict, "data-mood", mood)?;
        let unsure = report.map(|report| report.unsure.to_string());
        dom::set_optional(&self.verdict, "data-unsure", unsure.as_deref())?;
        match report {
            Some(report) => match &state.judge {
                Judge::Ready(cards) => self.render_report(language, report, Some(&cards.features)),
                _ => self.render_report(language, report, None),
            },
            None => Ok(()),
        }
    }

    /// The same JSON that the download holds.
    fn render_json(&self, song: &Song) -> Result<(), JsValue> {
        let entries: Vec<_> = song.entry().into_iter().collect();
        let text = match entries.as_slice() {
            [] => String::new(),
            entries => serde_json::to_string(entries).map_err(|error| error.to_string())?,
        };
        dom::set_text(&self.json, &text);
        Ok(())
    }

    fn render_report(
        &self,
        language: Language,
        report: &Report,
        card: Option<&FeaturesCard>,
    ) -> Result<(), JsValue> {
        let bars = |parent, attribute, moods| render_bars(language, parent, attribute, moods);
        bars(&self.probabilities, "data-probability", report.moods)?;
        let verdicts = [&report.judges.network, &report.judges.ensemble];
        for (element, verdict) in self.judges.iter().zip(verdicts) {
            bars(element, "data-judge-probability", verdict.moods)?;
        }
        dom::set_text(&self.agreement, &words::agreement(language, report));
        self.reasons.render(language, report)?;
        self.features.render(language, report, card)?;
        self.render_plane(language, report.affect, &report.timeline)
    }

    fn render_plane(
        &self,
        language: Language,
        affect: Affect,
        timeline: &[Moment],
    ) -> Result<(), JsValue> {
        let (x, y) = plane_point(affect);
        self.plane_point.set_attribute("cx", &x.to_string())?;
        self.plane_point.set_attribute("cy", &y.to_string())?;
        let trail: Vec<_> = timeline
            .iter()
            .map(|moment| plane_point(moment.affect))
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        self.plane_trail.set_attribute("points", &trail.join(" "))?;
        let texts = [
            words::affect(language, affect),
            words::signed(affect.arousal),
            words::signed(affect.valence),
        ];
        for (element, text) in self.affect.iter().zip(texts) {
            dom::set_text(element, &text);
        }
        Ok(())
    }
}

/// Where a point lies in the plane's `viewBox`: valence to the right, arousal up.
fn plane_point(affect: Affect) -> (f32, f32) {
    (
        PLANE_CENTRE + affect.valence.clamp(-1.0, 1.0) * PLANE_REACH,
        PLANE_CENTRE - affect.arousal.clamp(-1.0, 1.0) * PLANE_REACH,
    )
}

/// Fills the four labelled bars below `parent`.
fn render_bars(
    language: Language,
    parent: &Element,
    attribute: &str,
    moods: MoodProbabilities,
) -> Result<(), JsValue> {
    let top = moods.top().0;
    for mood in Mood::ALL {
        let share = moods.get(mood);
        let row: Element = dom::find(parent, &format!("[{attribute}={mood}]"))?;
        row.set_attribute("data-value", &share.to_string())?;
        dom::set_optional(&row, "data-top", (mood == top).then_some("true"))?;
        dom::set_text(
            &dom::find(&row, ".bar-value")?,
            &words::percent(language, share),
        );
        let fill: Element = dom::find(&row, ".bar > span")?;
        dom::set_style(&fill, "inline-size", &format!("{}%", share * 100.0))?;
    }
    Ok(())
}

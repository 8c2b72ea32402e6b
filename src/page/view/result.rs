//! The selected song's verdict, and all that stands behind it but the time axis.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement};

use super::cover;
use crate::card::VerdictRule;
use crate::dom;
use crate::dom::turn::Turn;
use crate::page::state::{Judge, Song, State, Verdict};
use crate::page::view::bars;
use crate::page::view::features::FeaturesView;
use crate::page::view::plane::PlaneView;
use crate::page::view::reasons::ReasonsView;
use crate::page::words;
use crate::report::Report;
use crate::text::Language;
use crate::worker::protocol::{Cards, Job};

/// The elements of the result, and the report that stands in them.
pub struct ResultView {
    result: Element,
    cover: HtmlElement,
    name: Element,
    verdict: Element,
    in_short: Element,
    note: Element,
    probabilities: Element,
    judges: [Element; 2],
    unsure: HtmlElement,
    outdated: HtmlElement,
    agreement: Element,
    apart: Element,
    reasons: ReasonsView,
    features: FeaturesView,
    plane: PlaneView,
    json: Element,
    shared: Element,
    shown: Option<(Job, Language, Option<VerdictRule>)>,
    /// What of the report is not drawn yet.
    left: &'static [Part],
    /// Whether the JSON is not written yet.
    json_left: bool,
}

/// A part of a report that is drawn at once.
#[derive(Clone, Copy)]
enum Part {
    Probabilities,
    Reasons,
    Features,
    Judges,
}

/// All of them, in the order of the page.
const PARTS: [Part; 4] = [
    Part::Probabilities,
    Part::Reasons,
    Part::Features,
    Part::Judges,
];

impl ResultView {
    /// Finds the elements.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        let result: Element = dom::by_id(document, "result")?;
        Ok(Self {
            cover: dom::by_id(document, "result-cover")?,
            name: dom::by_id(document, "result-name")?,
            verdict: dom::by_id(document, "verdict")?,
            in_short: dom::by_id(document, "in-short")?,
            note: dom::by_id(document, "verdict-note")?,
            probabilities: dom::by_id(document, "probabilities")?,
            judges: [
                dom::find(&result, "[data-judge=network]")?,
                dom::find(&result, "[data-judge=ensemble]")?,
            ],
            unsure: dom::by_id(document, "unsure-note")?,
            outdated: dom::by_id(document, "outdated-note")?,
            agreement: dom::by_id(document, "agreement")?,
            apart: dom::by_id(document, "apart")?,
            reasons: ReasonsView::new(document)?,
            features: FeaturesView::new(document)?,
            plane: PlaneView::new(document)?,
            json: dom::by_id(document, "report-json")?,
            shared: dom::by_id(document, "share-note")?,
            result,
            shown: None,
            left: &[],
            json_left: false,
        })
    }

    /// Shows the selected song, and says whether something of it is left.
    pub fn render(&mut self, state: &State, turn: &mut Turn) -> Result<bool, JsValue> {
        let Some(song) = state.selected_song() else {
            return Ok(false);
        };
        dom::set_attribute(&self.result, "data-phase", song.phase.name())?;
        cover::show_of(&self.cover, &state.covers, song)?;
        dom::set_text(&self.name, &words::named(song));
        dom::set_text(&self.verdict, &words::headline(state.language, song));
        dom::set_text(&self.note, &words::headline_note(state.language, song));
        let in_short = song
            .report()
            .map(|report| words::reasons::in_short(state.language, report));
        dom::set_text(&self.in_short, in_short.as_deref().unwrap_or_default());
        dom::set_hidden(&self.outdated, !state.is_outdated());
        let language = state.language;
        let shared = state.shared.as_ref();
        let shared = shared.map(|shared| words::shared(language, shared));
        dom::set_text(&self.shared, shared.as_deref().unwrap_or_default());
        // A report that is still in storage has yet to come.
        let cards = match &state.judge {
            Judge::Ready(cards) => Some(cards.as_ref()),
            _ => None,
        };
        let report = song.report();
        let rule = report.and_then(|report| cards?.rule_of(report));
        let ended = (song.has_ended() && !song.is_kept()).then_some((song.job, language, rule));
        if self.shown != ended || ended.is_none() {
            self.shown = ended;
            self.json_left = ended.is_some();
            let verdict = song.verdict().filter(|_| !song.is_kept());
            self.begin(verdict)?;
            let unsure = report.filter(|report| report.unsure && report.kind.is_music());
            let note = unsure.map(|report| words::unsure_note(language, report, rule));
            dom::set_hidden(&self.unsure, note.is_none());
            dom::set_text(&self.unsure, note.as_deref().unwrap_or_default());
            self.left = if report.is_some() { &PARTS } else { &[] };
        }
        let Some(report) = report else {
            return Ok(false);
        };
        while let [part, rest @ ..] = self.left {
            if !turn.takes() {
                return Ok(true);
            }
            self.render_part(*part, language, report, cards)?;
            self.left = rest;
        }
        Ok(false)
    }

    /// Shows the verdict, as soon as there is one.
    fn begin(&self, verdict: Option<Verdict>) -> Result<(), JsValue> {
        dom::set_text(&self.json, "");
        let kind = verdict.map(|verdict| verdict.kind.name());
        dom::set_optional(&self.result, "data-kind", kind)?;
        let music = verdict.filter(|verdict| verdict.kind.is_music());
        let mood = music.map(|verdict| verdict.mood.name());
        dom::set_optional(&self.verdict, "data-mood", mood)?;
        let unsure = music.map(|verdict| verdict.unsure.to_string());
        dom::set_optional(&self.verdict, "data-unsure", unsure.as_deref())
    }

    /// Writes the same JSON that the download holds, and says whether that is left.
    pub fn render_json(&mut self, state: &State, turn: &mut Turn) -> Result<bool, JsValue> {
        if !self.json_left {
            return Ok(false);
        }
        if !turn.takes() {
            return Ok(true);
        }
        self.json_left = false;
        if let Some(entry) = state.selected_song().and_then(Song::entry) {
            let text = serde_json::to_string(&[entry]).map_err(|error| error.to_string())?;
            dom::set_text(&self.json, &text);
        }
        Ok(false)
    }

    fn render_part(
        &self,
        part: Part,
        language: Language,
        report: &Report,
        cards: Option<&Cards>,
    ) -> Result<(), JsValue> {
        match part {
            Part::Probabilities => {
                let bars = &self.probabilities;
                bars::render(language, bars, "data-probability", report.moods)?;
                self.plane.render(language, report)
            }
            Part::Reasons => self.reasons.render(language, report),
            Part::Features => {
                let card = cards.map(|cards| &cards.features);
                self.features.render(language, report, card)
            }
            Part::Judges => self.render_judges(language, report),
        }
    }

    fn render_judges(&self, language: Language, report: &Report) -> Result<(), JsValue> {
        let verdicts = [&report.judges.network, &report.judges.ensemble];
        for (element, verdict) in self.judges.iter().zip(verdicts) {
            bars::render(language, element, "data-judge-probability", verdict.moods)?;
        }
        dom::set_text(&self.agreement, &words::agreement(language, report));
        dom::set_text(&self.apart, &words::apart(language, report));
        Ok(())
    }
}

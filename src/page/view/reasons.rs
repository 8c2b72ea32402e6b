//! Why: the sentences, and what each feature did to the ensemble's answer.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::dom;
use crate::page::view::diverging::{Row, Rows};
use crate::page::words::reasons;
use crate::report::Report;
use crate::text::{Language, capital};

/// Points that may fill a side of the picture: less looks like little.
const LEAST_REACH: f64 = 0.05;

dom::elements! {
    /// The elements of the reasons.
    pub struct ReasonsView(document) {
        Element:
            sentences = "reasons", heading = "contributions-heading",
            note = "contributions-note";
        HtmlElement: contributions = "contributions";
    } and {
        rows: Rows = Rows::new(document, "contribution-rows", LEAST_REACH)?,
    }
}

impl ReasonsView {
    /// Shows the reasons of a report.
    pub fn render(&self, language: Language, report: &Report) -> Result<(), JsValue> {
        let sentences = reasons::why(language, report);
        dom::set_items(&self.sentences, sentences.iter().map(String::as_str))?;
        dom::set_hidden(&self.contributions, report.contributions.is_empty());
        dom::set_attribute(&self.contributions, "data-mood", report.mood.name())?;
        let heading = reasons::contributions_heading(language, report.mood);
        dom::set_text(&self.heading, &heading);
        dom::set_text(&self.note, &reasons::contributions_note(language, report));
        let rows: Vec<_> = report
            .contributions
            .iter()
            .map(|contribution| Row {
                name: reasons::factor_title(contribution.factor)
                    .of(language)
                    .to_owned(),
                note: capital(&contribution.impression.say(language)),
                text: reasons::contribution(language, contribution, report.mood),
                value: contribution.shapley,
            })
            .collect();
        self.rows.render(&rows)
    }
}

//! What was measured: the facts a musician asks for, bars from 0 to 1, and the rest.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlTemplateElement};

use crate::dom;
use crate::page::words::features::{self, Fact, Scale};
use crate::regressor::FeaturesCard;
use crate::report::Report;
use crate::text::Language;

dom::elements! {
    /// The elements of the features.
    pub struct FeaturesView(document) {
        Element:
            headlines = "feature-headlines", scales = "feature-scales",
            details = "feature-details";
        HtmlElement: errors_note = "feature-errors";
        HtmlTemplateElement: fact = "feature-fact", scale = "feature-scale";
    }
}

impl FeaturesView {
    /// Shows what was measured of a song, with the errors that the estimates' card tells.
    pub fn render(
        &self,
        language: Language,
        report: &Report,
        card: Option<&FeaturesCard>,
    ) -> Result<(), JsValue> {
        let (track, sound) = (&report.features, &report.sound);
        self.render_facts(
            &self.headlines,
            &features::headlines(language, track, sound),
        )?;
        self.render_facts(&self.details, &features::details(language, sound))?;
        let scales = features::scales(track, card);
        self.scales.set_text_content(None);
        for scale in &scales {
            self.append_scale(language, scale)?;
        }
        let no_error = scales.iter().all(|scale| scale.error.is_none());
        dom::set_hidden(&self.errors_note, no_error);
        Ok(())
    }

    fn render_facts(&self, list: &Element, facts: &[Fact]) -> Result<(), JsValue> {
        list.set_text_content(None);
        for fact in facts {
            let item = dom::clone_template(&self.fact)?;
            item.set_attribute("data-feature", fact.id)?;
            let missing = fact.missing.then_some("true");
            dom::set_optional(&item, "data-missing", missing)?;
            dom::set_text(&dom::find(&item, "dt")?, fact.title);
            dom::set_text(&dom::find(&item, ".fact-value")?, &fact.value);
            dom::set_text(&dom::find(&item, ".fact-note")?, &fact.note);
            list.append_child(&item)?;
        }
        Ok(())
    }

    fn append_scale(&self, language: Language, scale: &Scale) -> Result<(), JsValue> {
        let item = dom::clone_template(&self.scale)?;
        item.set_attribute("data-feature", scale.id)?;
        dom::set_text(&dom::find(&item, ".scale-name")?, scale.title.of(language));
        dom::set_text(
            &dom::find(&item, ".scale-meaning")?,
            scale.meaning.of(language),
        );
        dom::set_text(&dom::find(&item, ".scale-value")?, &scale.text(language));
        dom::set_text(&dom::find(&item, ".scale-excuse")?, scale.excuse(language));
        let marks = scale.marks();
        let missing = marks.is_none().then_some("true");
        dom::set_optional(&item, "data-missing", missing)?;
        if let Some(marks) = marks {
            let bar: Element = dom::find(&item, ".scale-bar")?;
            dom::set_style(&bar, "inline-size", &share(marks.value))?;
            let error: HtmlElement = dom::find(&item, ".scale-error")?;
            dom::set_hidden(&error, marks.error.is_none());
            if let Some([low, high]) = marks.error {
                dom::set_style(&error, "inset-inline-start", &share(low))?;
                dom::set_style(&error, "inline-size", &share(high - low))?;
            }
        }
        self.scales.append_child(&item)?;
        Ok(())
    }
}

/// A share as a CSS length.
fn share(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

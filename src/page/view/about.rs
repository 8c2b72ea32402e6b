//! The model cards, as the loaded models bring them.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlTemplateElement};

use crate::card::{About, FileStamp};
use crate::dom;
use crate::page::words;
use crate::report::ModelIds;
use crate::text::{Language, Text};
use crate::worker::protocol::Cards;

dom::elements! {
    /// The place of the cards.
    pub struct AboutView(document) {
        Element: models = "models";
        HtmlTemplateElement: template = "model-card";
    } and {
        filled: Option<(Language, ModelIds)> = None,
    }
}

impl AboutView {
    /// Shows the cards, once a language and set of models. Their own texts are English.
    pub fn render(&mut self, language: Language, cards: &Cards) -> Result<(), JsValue> {
        let now = (language, cards.ids());
        if self.filled.as_ref() == Some(&now) {
            return Ok(());
        }
        self.models.set_text_content(None);
        let judges = [
            (&cards.network.about, &cards.network.stamp),
            (&cards.ensemble.about, &cards.ensemble.stamp),
        ];
        for (about, stamp) in judges {
            let metrics = about.metrics.iter();
            let rows: Vec<_> = metrics
                .map(|metric| (metric.split.as_str(), words::metric(language, metric)))
                .collect();
            self.append(language, about, stamp, words::METRIC_HEADS, &rows)?;
        }
        let features = &cards.features;
        let targets = features
            .targets
            .iter()
            .map(|target| words::target(language, target));
        let rows: Vec<_> = targets.collect();
        let (about, stamp) = (&features.about, &features.stamp);
        self.append(language, about, stamp, words::TARGET_HEADS, &rows)?;
        self.filled = Some(now);
        Ok(())
    }

    /// One card with a table of those rows: a heading and the other cells.
    fn append(
        &self,
        language: Language,
        about: &About,
        stamp: &FileStamp,
        heads: [Text; 4],
        rows: &[(&str, Vec<String>)],
    ) -> Result<(), JsValue> {
        let card = dom::clone_template(&self.template)?;
        dom::set_text(&dom::find(&card, "h3")?, &about.title);
        let licence: Element = dom::find(&card, ".model-licence")?;
        dom::set_text(&licence, &words::licence(language, about, stamp));
        let metrics: Element = dom::find(&card, ".model-metrics")?;
        let heads = heads.map(|head| head.of(language));
        dom::append_heads(&dom::find(&card, ".model-heads")?, &heads)?;
        for (heading, cells) in rows {
            dom::append_row(&metrics, heading, cells)?;
        }
        let data: Vec<_> = about
            .data
            .iter()
            .map(|data| words::data_source(language, data))
            .collect();
        dom::set_items(
            &dom::find(&card, ".model-data")?,
            data.iter().map(String::as_str),
        )?;
        let limits = about.limits.iter().map(String::as_str);
        dom::set_items(&dom::find(&card, ".model-limits")?, limits)?;
        self.models.append_child(&card)?;
        Ok(())
    }
}

//! The model cards, as the loaded models bring them.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlTemplateElement};

use super::dom;
use super::protocol::Cards;
use super::words;
use crate::card::{About, FileStamp};

/// The place of the cards.
pub struct AboutView {
    models: Element,
    template: HtmlTemplateElement,
    filled: bool,
}

impl AboutView {
    /// Finds the place and the template of a card.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        Ok(Self {
            models: dom::by_id(document, "models")?,
            template: dom::by_id(document, "model-card")?,
            filled: false,
        })
    }

    /// Shows the cards, once.
    pub fn render(&mut self, cards: &Cards) -> Result<(), JsValue> {
        if self.filled {
            return Ok(());
        }
        self.models.set_text_content(None);
        for (about, stamp) in [
            (&cards.network.about, &cards.network.stamp),
            (&cards.ensemble.about, &cards.ensemble.stamp),
        ] {
            let metrics = about.metrics.iter();
            let rows: Vec<_> = metrics
                .map(|metric| (metric.split.as_str(), words::metric(metric)))
                .collect();
            self.append(about, stamp, words::METRIC_HEADS, &rows)?;
        }
        let features = &cards.features;
        let targets = features.targets.iter().map(words::target);
        let rows: Vec<_> = targets.collect();
        self.append(&features.about, &features.stamp, words::TARGET_HEADS, &rows)?;
        self.filled = true;
        Ok(())
    }

    /// One card with a table of those rows: a heading and the other cells.
    fn append(
        &self,
        about: &About,
        stamp: &FileStamp,
        heads: [&str; 4],
        rows: &[(&str, Vec<String>)],
    ) -> Result<(), JsValue> {
        let card = dom::clone_template(&self.template)?;
        dom::set_text(&dom::find(&card, "h3")?, &about.title);
        let licence: Element = dom::find(&card, ".model-licence")?;
        dom::set_text(&licence, &words::licence(about, stamp));
        let metrics: Element = dom::find(&card, ".model-metrics")?;
        dom::append_heads(&dom::find(&card, ".model-heads")?, &heads)?;
        for (heading, cells) in rows {
            dom::append_row(&metrics, heading, cells)?;
        }
        let data: Vec<_> = about.data.iter().map(words::data_source).collect();
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

//! Rows with a bar to the right for what speaks for a mood, to the left for what speaks
//! against it. The row's text says the same.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlTemplateElement};

use crate::dom;
use crate::page::plot::strip;

/// One row.
pub struct Row {
    /// Its name.
    pub name: String,
    /// What the name stands for, here.
    pub note: String,
    /// The value in words.
    pub text: String,
    /// The value.
    pub value: f64,
}

/// A list of such rows.
pub struct Rows {
    list: Element,
    template: HtmlTemplateElement,
    least_reach: f64,
}

impl Rows {
    /// The list of that id; a bar of `least_reach` or more may fill its side.
    pub fn new(document: &Document, id: &str, least_reach: f64) -> Result<Self, JsValue> {
        Ok(Self {
            list: dom::by_id(document, id)?,
            template: dom::by_id(document, "diverging-row")?,
            least_reach,
        })
    }

    /// Replaces all rows.
    pub fn render(&self, rows: &[Row]) -> Result<(), JsValue> {
        self.list.set_text_content(None);
        let reach = strip::reach(rows.iter().map(|row| row.value), self.least_reach);
        for row in rows {
            let item = dom::clone_template(&self.template)?;
            dom::set_text(&dom::find(&item, ".row-name")?, &row.name);
            dom::set_text(&dom::find(&item, ".row-note")?, &row.note);
            dom::set_text(&dom::find(&item, ".row-value")?, &row.text);
            let side = if row.value < 0.0 { "against" } else { "for" };
            item.set_attribute("data-side", side)?;
            item.set_attribute("data-value", &row.value.to_string())?;
            let [start, length] = strip::bar(row.value, reach);
            let bar: Element = dom::find(&item, ".diverging > span")?;
            dom::set_style(&bar, "inset-inline-start", &format!("{start:.2}%"))?;
            dom::set_style(&bar, "inline-size", &format!("{length:.2}%"))?;
            self.list.append_child(&item)?;
        }
        Ok(())
    }
}

//! How exports are written, as the visitor chose it: on this visit or an earlier one.

use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlSelectElement};

use super::choices;
use super::dom;
use super::listener::Listener;
use crate::report::csv::Separator;

/// Puts the choices of an earlier visit into the controls, and keeps those to come.
pub fn connect(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let separator: HtmlSelectElement = dom::by_id(document, "export-separator")?;
    separator.set_value(choices::separator().name());
    let keep = {
        let separator = separator.clone();
        move |_| choices::keep_separator(&separator.value())
    };
    Ok(vec![Listener::new(&separator, "change", keep)?])
}

/// What stands between the fields of tables.
pub fn separator() -> Result<Separator, JsValue> {
    let choice: HtmlSelectElement = dom::by_id(&dom::document()?, "export-separator")?;
    Ok(Separator::from_name(&choice.value()).unwrap_or_default())
}

//! The texts that stand in `index.html`, in the visitor's language.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, DocumentFragment, Element, HtmlSelectElement, HtmlTemplateElement, NodeList,
};

use crate::dom;
use crate::text::{self, Language};

/// The attribute that names an element's text.
const TEXT: &str = "data-text";
/// The attribute that names an element's `aria-label`.
const LABEL: &str = "data-label";

/// The page, as far as it was written before it was opened.
pub struct StaticTexts {
    document: Document,
    root: Element,
    choice: HtmlSelectElement,
}

impl StaticTexts {
    /// Finds the root and the choice of the language.
    pub fn new(document: Document) -> Result<Self, JsValue> {
        let root = document.document_element();
        Ok(Self {
            root: root.ok_or_else(|| JsValue::from_str("the page has no root"))?,
            choice: dom::by_id(&document, "language")?,
            document,
        })
    }

    /// Puts the page into that language, its templates too.
    pub fn render(&self, language: Language) -> Result<(), JsValue> {
        self.root.set_attribute("lang", language.tag())?;
        self.choice.set_value(language.tag());
        translate(&self.document.query_selector_all(SELECTOR)?, language)?;
        let templates = self.document.query_selector_all("template")?;
        for index in 0..templates.length() {
            let template = templates.item(index).and_then(|node| node.dyn_into().ok());
            if let Some(template) = template {
                let content: DocumentFragment = HtmlTemplateElement::content(&template);
                translate(&content.query_selector_all(SELECTOR)?, language)?;
            }
        }
        Ok(())
    }
}

/// What [`TEXT`] or [`LABEL`] stands on.
const SELECTOR: &str = "[data-text], [data-label]";

fn translate(nodes: &NodeList, language: Language) -> Result<(), JsValue> {
    for index in 0..nodes.length() {
        let Some(element) = nodes.item(index).and_then(|n| n.dyn_into::<Element>().ok()) else {
            continue;
        };
        let named = |attribute| {
            let key = element.get_attribute(attribute)?;
            Some(text::by_key(&key)?.of(language))
        };
        if let Some(text) = named(TEXT) {
            dom::set_text(&element, text);
        }
        if let Some(label) = named(LABEL) {
            dom::set_attribute(&element, "aria-label", label)?;
        }
    }
    Ok(())
}

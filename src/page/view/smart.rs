//! The smart lists: which there are, and the fields of the one that is shown.

use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::dom;
use crate::page::library::{Draft, RANGES, SmartLists, TEXTS};
use crate::page::state::State;
use crate::text::{Language, list as say};

/// The choice of lists, and the form.
pub struct SmartView {
    choice: HtmlSelectElement,
    forget: HtmlElement,
    form: SmartForm,
    shown: Option<(SmartLists, Option<String>, Language)>,
}

/// The fields of a smart list.
pub struct SmartForm {
    name: HtmlInputElement,
    mood: HtmlSelectElement,
    certainty: HtmlInputElement,
    ranges: Vec<[HtmlInputElement; 2]>,
    half_and_double: HtmlInputElement,
    key: HtmlInputElement,
    texts: Vec<HtmlInputElement>,
}

impl SmartView {
    /// Finds the elements.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        Ok(Self {
            choice: dom::by_id(document, "smart-list")?,
            forget: dom::by_id(document, "smart-forget")?,
            form: SmartForm::new(document)?,
            shown: None,
        })
    }

    /// Shows the lists, and fills in the one that is looked at.
    pub fn render(&mut self, state: &State) -> Result<(), JsValue> {
        let library = &state.library;
        let list = library.list();
        let name = list.map(|list| list.name.clone());
        let now = (library.lists().clone(), name, state.language);
        if self.shown.as_ref() == Some(&now) {
            return Ok(());
        }
        self.choice.set_text_content(None);
        let all = say::ALL_SONGS.of(state.language);
        let names = library.lists().iter().map(|list| list.name.as_str());
        for (value, text) in std::iter::once(("", all)).chain(names.map(|name| (name, name))) {
            dom::append_option(&self.choice, value, text)?;
        }
        self.choice.set_value(now.1.as_deref().unwrap_or_default());
        dom::set_hidden(&self.forget, list.is_none());
        let draft = list.map(Draft::of).unwrap_or_default();
        self.form.write(&draft);
        self.shown = Some(now);
        Ok(())
    }
}

impl SmartForm {
    /// Finds the fields.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        let field = |name: &str, end: &str| dom::by_id(document, &format!("smart-{name}{end}"));
        Ok(Self {
            name: dom::by_id(document, "smart-name")?,
            mood: dom::by_id(document, "smart-mood")?,
            certainty: dom::by_id(document, "smart-certainty")?,
            ranges: RANGES
                .iter()
                .map(|name| Ok([field(name, "-from")?, field(name, "-to")?]))
                .collect::<Result<_, JsValue>>()?,
            half_and_double: dom::by_id(document, "smart-double")?,
            key: dom::by_id(document, "smart-key")?,
            texts: TEXTS
                .iter()
                .map(|name| field(name, ""))
                .collect::<Result<_, JsValue>>()?,
        })
    }

    /// What is filled in.
    #[must_use]
    pub fn read(&self) -> Draft {
        let mut draft = Draft {
            name: self.name.value(),
            mood: self.mood.value(),
            certainty: self.certainty.value(),
            half_and_double: self.half_and_double.checked(),
            key: self.key.value(),
            ..Draft::default()
        };
        for (range, fields) in draft.ranges.iter_mut().zip(&self.ranges) {
            *range = fields.each_ref().map(HtmlInputElement::value);
        }
        for (text, field) in draft.texts.iter_mut().zip(&self.texts) {
            *text = field.value();
        }
        draft
    }

    fn write(&self, draft: &Draft) {
        self.name.set_value(&draft.name);
        self.mood.set_value(&draft.mood);
        self.certainty.set_value(&draft.certainty);
        self.half_and_double.set_checked(draft.half_and_double);
        self.key.set_value(&draft.key);
        for (range, fields) in draft.ranges.iter().zip(&self.ranges) {
            for (text, field) in range.iter().zip(fields) {
                field.set_value(text);
            }
        }
        for (text, field) in draft.texts.iter().zip(&self.texts) {
            field.set_value(text);
        }
    }
}

//! What the visitor does with smart lists.

use wasm_bindgen::prelude::*;
use web_sys::{Document, EventTarget, HtmlSelectElement};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::sender;
use crate::page::state::{Event, ListEvent};
use crate::page::view::smart::SmartForm;

/// Connects the choice of lists, and the form.
pub fn connect(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let choice: HtmlSelectElement = dom::by_id(document, "smart-list")?;
    let box_of_form: EventTarget = dom::by_id(document, "smart-form")?;
    let forget: EventTarget = dom::by_id(document, "smart-forget")?;
    let form = SmartForm::new(document)?;
    let (chosen, shown) = (choice.clone(), choice.clone());
    Ok(vec![
        Listener::new(&choice, "change", move |_| {
            let name = Some(chosen.value()).filter(|name| !name.is_empty());
            list(ListEvent::ListShown(name));
        })?,
        Listener::new(&box_of_form, "submit", move |event| {
            event.prevent_default();
            list(ListEvent::ListFilled(Box::new(form.read())));
        })?,
        Listener::new(&forget, "click", move |_| {
            list(ListEvent::ListForgotten(shown.value()));
        })?,
    ])
}

fn list(event: ListEvent) {
    sender::send(Event::List(event));
}

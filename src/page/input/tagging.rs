//! What the visitor does where tags are written into files.

use wasm_bindgen::prelude::*;
use web_sys::{Document, EventTarget, HtmlDialogElement, HtmlElement, HtmlInputElement};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::browser::folders;
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::{Event, TagEvent};

/// Connects the dialog, and the button of the result.
pub fn connect(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let on_click = |id, react: fn()| -> Result<Listener, JsValue> {
        let button: EventTarget = dom::by_id(document, id)?;
        Listener::new(&button, "click", move |_| react())
    };
    let dialog: HtmlDialogElement = dom::by_id(document, "tags")?;
    let overwrite: HtmlInputElement = dom::by_id(document, "tags-overwrite")?;
    let lend: HtmlElement = dom::by_id(document, "tags-lend")?;
    if !folders::lends() {
        lend.remove();
    }
    let chosen = overwrite.clone();
    Ok(vec![
        on_click("tag-shown", || tag(TagEvent::AskedOfShown))?,
        on_click("tags-write", || tag(TagEvent::WritePressed))?,
        on_click("tags-more", || tag(TagEvent::MorePressed))?,
        on_click("tags-close", || tag(TagEvent::ClosePressed))?,
        Listener::new(&lend, "click", |_| sender::ask(Request::LendFolder))?,
        Listener::new(&overwrite, "change", move |_| {
            tag(TagEvent::OverwriteChosen(chosen.checked()));
        })?,
        // The key Esc: what is being written has to end first.
        Listener::new(&dialog, "cancel", |event| {
            event.prevent_default();
            tag(TagEvent::ClosePressed);
        })?,
    ])
}

fn tag(event: TagEvent) {
    sender::send(Event::Tag(event));
}

//! The keys that work anywhere, the list of them, and the ways to sections further below.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlDialogElement, HtmlElement, KeyboardEvent};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::sender;
use crate::page::state::keyboard::{self, Focus, Shortcut};
use crate::page::state::{Event, Playing};

/// What the space bar presses, and what one types or moves in.
const CONTROLS: &str = "a, button, summary, label, input[type=file]";
const FIELDS: &str = "input:not([type=file]), textarea, select, dialog, [contenteditable]";

/// Listens to the keys, and to what shows and hides their list.
pub fn listen(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let keys: HtmlDialogElement = dom::by_id(document, "keys")?;
    let (shown, closed) = (keys.clone(), keys.clone());
    let pressed = move |event: web_sys::Event| {
        let Some(asked) = event.dyn_ref().and_then(shortcut) else {
            return;
        };
        if keys.open() {
            // The dialog closes itself on Escape.
            return;
        }
        match asked {
            Shortcut::Toggle => sender::send(Event::Player(Playing::Toggled)),
            Shortcut::Move(seconds) => sender::send(Event::Player(Playing::Moved(seconds))),
            Shortcut::Cancel => sender::send(Event::EscapePressed),
            Shortcut::Help => show(&keys),
        }
        if asked == Shortcut::Toggle {
            // The page would scroll.
            event.prevent_default();
        }
    };
    let window = dom::window()?;
    Ok(vec![
        Listener::new(&window, "keydown", pressed)?,
        on_click(document, "show-keys", move |_| show(&shown))?,
        on_click(document, "close-keys", move |_| closed.close())?,
        Listener::new(document, "click", |event| {
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let button = target.and_then(|t| t.closest("[data-reveal]").ok().flatten());
            if let Some(id) = button.and_then(|button| button.get_attribute("data-reveal")) {
                reveal(&id);
            }
        })?,
    ])
}

fn on_click(
    document: &Document,
    id: &str,
    react: impl FnMut(web_sys::Event) + 'static,
) -> Result<Listener, JsValue> {
    let button: HtmlElement = dom::by_id(document, id)?;
    Listener::new(&button, "click", react)
}

fn shortcut(event: &KeyboardEvent) -> Option<Shortcut> {
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    keyboard::shortcut(&event.key(), focus(event), modified)
}

/// What the key was pressed on.
fn focus(event: &KeyboardEvent) -> Focus {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let lies_in = |selector| {
        let found = target.as_ref().map(|target| target.closest(selector));
        found.is_some_and(|found| found.is_ok_and(|element| element.is_some()))
    };
    if lies_in(FIELDS) {
        Focus::Field
    } else if lies_in(CONTROLS) {
        Focus::Control
    } else {
        Focus::Page
    }
}

fn show(keys: &HtmlDialogElement) {
    // Fails only where it is already open.
    let _ = keys.show_modal();
}

/// Opens the section of that id, and leads there.
fn reveal(id: &str) {
    let Ok(section) = dom::document().and_then(|page| dom::by_id::<HtmlElement>(&page, id)) else {
        return;
    };
    // Setting a plain attribute does not fail.
    let _ = section.set_attribute("open", "");
    if let Ok(summary) = dom::find::<HtmlElement>(&section, "summary") {
        // What can't be focused is at least open.
        let _ = summary.focus();
        summary.scroll_into_view();
    }
}

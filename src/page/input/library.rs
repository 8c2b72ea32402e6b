//! What the visitor does with queue and library: pausing, searching, sorting, saying what
//! she hears, exporting and forgetting.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, EventTarget, HtmlDialogElement, HtmlInputElement, HtmlSelectElement,
};

use crate::dom;
use crate::dom::listener::Listener;
use crate::mood::Mood;
use crate::page::input::exports;
use crate::page::library::{Certainty, Filter, Group};
use crate::page::request::{ExportForm, Request};
use crate::page::sender;
use crate::page::state::{Event, LibraryEvent, ListEvent, QueueEvent, Shown};

/// Connects the controls.
pub fn connect(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let mut listeners = buttons(document)?;
    listeners.extend(filter(document)?);
    listeners.extend(songs(document)?);
    listeners.extend(forgetting(document)?);
    listeners.extend(exports::connect(document)?);
    listeners.extend(backups(document)?);
    Ok(listeners)
}

fn queue(event: QueueEvent) {
    sender::send(Event::Queue(event));
}

fn library(event: LibraryEvent) {
    sender::send(Event::Library(event));
}

fn buttons(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let on_click = |id, react: fn()| -> Result<Listener, JsValue> {
        let button: EventTarget = dom::by_id(document, id)?;
        Listener::new(&button, "click", move |_| react())
    };
    Ok(vec![
        on_click("pause", || queue(QueueEvent::PausePressed))?,
        on_click("cancel-all", || queue(QueueEvent::CancelAllPressed))?,
        on_click("retry-failed", || queue(QueueEvent::RetryFailedPressed))?,
        on_click("leave-left", || queue(QueueEvent::LeaveLeftPressed))?,
        on_click("go-on", || sender::ask(Request::GoOn))?,
        on_click("show-songs", || {
            library(LibraryEvent::ShowPressed(Shown::Songs));
        })?,
        on_click("show-library", || {
            library(LibraryEvent::ShowPressed(Shown::Library));
        })?,
    ])
}

/// Search, mood and certainty together are one filter.
fn filter(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let text: HtmlInputElement = dom::by_id(document, "library-search")?;
    let mood: HtmlSelectElement = dom::by_id(document, "library-mood")?;
    let certainty: HtmlSelectElement = dom::by_id(document, "library-certainty")?;
    let changed = {
        let (text, mood, certainty) = (text.clone(), mood.clone(), certainty.clone());
        move |_| {
            sender::send(Event::List(ListEvent::Filtered(Filter {
                text: text.value(),
                group: match mood.value().as_str() {
                    "no-music" => Some(Group::NoMusic),
                    name => Mood::from_name(name).map(Group::Mood),
                },
                certainty: match certainty.value().as_str() {
                    "sure" => Certainty::Sure,
                    "unsure" => Certainty::Unsure,
                    _ => Certainty::Any,
                },
            })));
        }
    };
    Ok(vec![
        Listener::new(&text, "input", changed.clone())?,
        Listener::new(&mood, "change", changed.clone())?,
        Listener::new(&certainty, "change", changed)?,
    ])
}

/// The nearest songs, and the buttons of moods and exports: what they mean is on them.
fn songs(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let on = |id, react: fn(&Element)| -> Result<Listener, JsValue> {
        let area: EventTarget = dom::by_id(document, id)?;
        Listener::new(&area, "click", move |event| {
            let target = event.target();
            if let Some(target) = target.and_then(|target| target.dyn_into().ok()) {
                react(&target);
            }
        })
    };
    let open = |target: &Element| {
        if let Some(hash) = above(target, "data-hash") {
            library(LibraryEvent::OpenPressed(hash));
        }
    };
    Ok(vec![
        on("similar-list", open)?,
        on("said", |target| {
            let button = target.closest("[data-said]").ok().flatten();
            let Some(button) = button else {
                return;
            };
            let pressed = button.get_attribute("aria-pressed").as_deref() == Some("true");
            let mood = button.get_attribute("data-said");
            let mood = mood.as_deref().and_then(Mood::from_name);
            // A second press takes it back.
            library(LibraryEvent::SaidPressed(mood.filter(|_| !pressed)));
        })?,
        on("export", |target| {
            let form = above(target, "data-export");
            if let Some(form) = form.as_deref().and_then(ExportForm::from_name) {
                sender::ask(Request::Export(
                    form,
                    exports::options().unwrap_or_default(),
                ));
            }
        })?,
    ])
}

/// The attribute of the element, or of the nearest one around it that has it.
pub(super) fn above(target: &Element, attribute: &str) -> Option<String> {
    let bearer = target.closest(&format!("[{attribute}]")).ok().flatten()?;
    bearer.get_attribute(attribute)
}

/// A backup is saved by one button, and chosen by either of two.
fn backups(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let save: EventTarget = dom::by_id(document, "save-backup")?;
    let input: HtmlInputElement = dom::by_id(document, "backup-input")?;
    let mut listeners = vec![Listener::new(&save, "click", |_| {
        sender::ask(Request::SaveBackup);
    })?];
    for id in ["restore-backup", "restore-first"] {
        let button: EventTarget = dom::by_id(document, id)?;
        let input = input.clone();
        listeners.push(Listener::new(&button, "click", move |_| input.click())?);
    }
    let chosen = {
        let input = input.clone();
        move |_| {
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                sender::ask(Request::Restore(file));
            }
            // So that choosing the same file again is a change.
            input.set_value("");
        }
    };
    listeners.push(Listener::new(&input, "change", chosen)?);
    Ok(listeners)
}

/// Forgetting everything asks first.
fn forgetting(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let dialog: HtmlDialogElement = dom::by_id(document, "forget-dialog")?;
    let ask: EventTarget = dom::by_id(document, "forget-all")?;
    let confirm: EventTarget = dom::by_id(document, "forget-confirm")?;
    let keep: EventTarget = dom::by_id(document, "forget-keep")?;
    let asked = {
        let dialog = dialog.clone();
        move |_| {
            // Fails only where the dialog is open already.
            let _ = dialog.show_modal();
        }
    };
    let confirmed = {
        let dialog = dialog.clone();
        move |_| {
            dialog.close();
            library(LibraryEvent::ForgetAllPressed);
        }
    };
    Ok(vec![
        Listener::new(&ask, "click", asked)?,
        Listener::new(&confirm, "click", confirmed)?,
        Listener::new(&keep, "click", move |_| dialog.close())?,
    ])
}

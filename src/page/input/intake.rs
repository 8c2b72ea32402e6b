//! Everything that the visitor does: choosing, dropping, clicking, pointing.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    DataTransfer, Document, DragEvent, Element, EventTarget, HtmlElement, HtmlInputElement,
    HtmlSelectElement, PointerEvent,
};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::browser::choices;
use crate::page::browser::folders::{self, Dropped};
use crate::page::input::shortcuts;
use crate::page::input::{library, list, live, map, smart, tagging};
use crate::page::request::{Haul, Request, ShareForm};
use crate::page::sender;
use crate::page::state::{Event, Playing, QueueEvent, Spot};
use crate::text::Language;

/// The visitor's controls; dropping this disconnects them.
pub struct Intake {
    _listeners: Vec<Listener>,
}

impl Intake {
    /// Connects the controls, and takes files that were chosen before the page was ready.
    pub fn new() -> Result<Self, JsValue> {
        let document = dom::document()?;
        let mut listeners = file_input(&document, "file-input")?;
        listeners.extend(file_input(&document, "folder-input")?);
        listeners.extend(folder_button(&document)?);
        listeners.extend(library::connect(&document)?);
        listeners.extend(list::connect(&document)?);
        listeners.extend(live::connect(&document)?);
        listeners.extend(map::connect(&document)?);
        listeners.extend(smart::connect(&document)?);
        listeners.extend(tagging::connect(&document)?);
        listeners.extend(drop_zone(&document)?);
        listeners.extend(queue(&document)?);
        listeners.extend(moments(&document)?);
        listeners.extend(buttons(&document)?);
        listeners.push(language_choice(&document)?);
        listeners.extend(shortcuts::listen(&document)?);
        listeners.extend(surroundings()?);
        Ok(Self {
            _listeners: listeners,
        })
    }
}

/// An input of files or of a folder.
fn file_input(document: &Document, id: &str) -> Result<Vec<Listener>, JsValue> {
    let input: HtmlInputElement = dom::by_id(document, id)?;
    let take = {
        let input = input.clone();
        move || {
            let files = input.files().map(|files| folders::chosen(&files));
            let files = files.unwrap_or_default();
            if !files.is_empty() {
                sender::ask(Request::Add(Haul::of(files)));
            }
            // So that choosing the same file again is a change.
            input.set_value("");
        }
    };
    take();
    Ok(vec![Listener::new(&input, "change", move |_| take())?])
}

/// The button that asks for a folder: one that the browser lends where it can, since the
/// next visit can go on with that, else one that is read once.
fn folder_button(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let button: HtmlElement = dom::by_id(document, "choose-folder")?;
    let input: HtmlInputElement = dom::by_id(document, "folder-input")?;
    let can = folders::lends() || js_sys::Reflect::has(&input, &"webkitdirectory".into())?;
    dom::set_hidden(&button, !can);
    let press = move |_| {
        if folders::lends() {
            spawn_local(lend_folder());
        } else {
            input.click();
        }
    };
    Ok(vec![Listener::new(&button, "click", press)?])
}

async fn lend_folder() {
    // Whoever changes her mind has said enough.
    if let Ok(folder) = folders::pick().await {
        let found = folders::read(&folder).await;
        sender::ask(Request::KeepFolders(vec![folder]));
        sender::ask(Request::Add(Haul::of(found)));
    }
}

/// The whole window takes files.
fn drop_zone(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let window = dom::window()?;
    let cover: HtmlElement = dom::by_id(document, "drop-cover")?;
    let over = {
        let cover = cover.clone();
        move |event: web_sys::Event| {
            if transfer(&event).is_some() {
                event.prevent_default();
                dom::set_hidden(&cover, false);
            }
        }
    };
    let leave = {
        let cover = cover.clone();
        move |event: web_sys::Event| {
            // Only leaving the window has no element that is entered instead.
            let entered = event
                .dyn_ref::<DragEvent>()
                .and_then(|drag| drag.related_target());
            dom::set_hidden(&cover, entered.is_none());
        }
    };
    let dropped = move |event: web_sys::Event| {
        dom::set_hidden(&cover, true);
        if let Some(transfer) = transfer(&event) {
            event.prevent_default();
            let dropped = Dropped::take(&transfer);
            spawn_local(async {
                let (files, folders) = dropped.read().await;
                if !folders.is_empty() {
                    sender::ask(Request::KeepFolders(folders));
                }
                if !files.is_empty() {
                    sender::ask(Request::Add(Haul::of(files)));
                }
            });
        }
    };
    Ok(vec![
        Listener::new(&window, "dragover", over)?,
        Listener::new(&window, "dragleave", leave)?,
        Listener::new(&window, "drop", dropped)?,
    ])
}

/// What is dragged, if it is files.
fn transfer(event: &web_sys::Event) -> Option<DataTransfer> {
    let transfer = event.dyn_ref::<DragEvent>()?.data_transfer()?;
    let files = transfer.types().includes(&"Files".into(), 0);
    files.then_some(transfer)
}

/// One listener for all rows: which row and which button is on the element.
fn queue(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let queue: Element = dom::by_id(document, "queue")?;
    let click = |event: web_sys::Event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-action]").ok().flatten());
        let Some(button) = button else {
            return;
        };
        let row = button.closest("[data-job]").ok().flatten();
        let job = row.and_then(|row| row.get_attribute("data-job")?.parse().ok());
        match (job, button.get_attribute("data-action").as_deref()) {
            (Some(job), Some("select")) => sender::send(Event::Selected(job)),
            (Some(job), Some("cancel")) => sender::send(Event::CancelPressed(job)),
            (Some(job), Some("retry")) => {
                sender::send(Event::Queue(QueueEvent::RetryPressed(job)));
            }
            _ => {}
        }
    };
    Ok(vec![Listener::new(&queue, "click", click)?])
}

/// The slider, and pointing at what lies on its time axis.
fn moments(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let slider: HtmlInputElement = dom::by_id(document, "moment")?;
    let slide = {
        let slider = slider.clone();
        move |_| {
            if let Ok(index) = slider.value().parse() {
                sender::send(Event::MomentPicked(index));
            }
        }
    };
    let mut listeners = vec![Listener::new(&slider, "input", slide)?];
    for (id, spot) in [
        ("chart", Spot::Song as fn(f64) -> Spot),
        ("evidence-strip", Spot::Song),
        ("spectrogram", Spot::Spectrogram),
    ] {
        listeners.extend(pointing(&dom::by_id(document, id)?, spot)?);
    }
    Ok(listeners)
}

/// Hovering shows the moment there, pressing and dragging go to it.
fn pointing(along: &HtmlElement, spot: fn(f64) -> Spot) -> Result<Vec<Listener>, JsValue> {
    let under = {
        let along = along.clone();
        move |event: &web_sys::Event| {
            let event = event.dyn_ref::<PointerEvent>()?;
            let width = f64::from(along.client_width().max(1));
            let spot = spot((f64::from(event.offset_x()) / width).clamp(0.0, 1.0));
            Some((event.buttons() != 0, spot))
        }
    };
    let hold = along.clone();
    let pressed = {
        let under = under.clone();
        move |event: web_sys::Event| {
            if let Some((_, spot)) = under(&event) {
                // So that a drag may leave the picture; without it only that is missing.
                let pointer = event.unchecked_ref::<PointerEvent>().pointer_id();
                let _ = hold.set_pointer_capture(pointer);
                sender::send(Event::SpotPicked(spot));
            }
        }
    };
    let moved = move |event: web_sys::Event| match under(&event) {
        Some((true, spot)) => sender::send(Event::SpotPicked(spot)),
        Some((false, spot)) => sender::send(Event::Pointed(Some(spot))),
        None => {}
    };
    let left = |_: web_sys::Event| sender::send(Event::Pointed(None));
    Ok(vec![
        Listener::new(along, "pointerdown", pressed)?,
        Listener::new(along, "pointermove", moved)?,
        Listener::new(along, "pointerleave", left)?,
    ])
}

fn buttons(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let on_click = |id, react: fn()| -> Result<Listener, JsValue> {
        let button: EventTarget = dom::by_id(document, id)?;
        Listener::new(&button, "click", move |_| react())
    };
    Ok(vec![
        on_click("retry", || sender::send(Event::RetryPressed))?,
        on_click("download", || sender::ask(Request::Download { all: false }))?,
        on_click("download-all", || {
            sender::ask(Request::Download { all: true });
        })?,
        on_click("update", || sender::send(Event::UpdatePressed))?,
        on_click("save-png", || sender::ask(Request::Share(ShareForm::Png)))?,
        on_click("save-svg", || sender::ask(Request::Share(ShareForm::Svg)))?,
        on_click("copy-text", || sender::ask(Request::Share(ShareForm::Copy)))?,
        on_click("share", || sender::ask(Request::Share(ShareForm::Dialog)))?,
        on_click("play", || sender::send(Event::Player(Playing::Toggled)))?,
        on_click("zoom-in", || {
            sender::send(Event::ZoomPressed { closer: true });
        })?,
        on_click("zoom-out", || {
            sender::send(Event::ZoomPressed { closer: false });
        })?,
    ])
}

fn language_choice(document: &Document) -> Result<Listener, JsValue> {
    let choice: HtmlSelectElement = dom::by_id(document, "language")?;
    let chosen = choice.clone();
    Listener::new(&choice, "change", move |_| {
        if let Some(language) = Language::of_tag(&chosen.value()) {
            choices::keep_language(language);
            sender::send(Event::LanguageChosen(language));
        }
    })
}

/// What the canvases depend on: the window's size and the colour scheme.
fn surroundings() -> Result<Vec<Listener>, JsValue> {
    let window = dom::window()?;
    let mut listeners = vec![Listener::new(&window, "resize", |_| {
        sender::ask(Request::Redraw);
    })?];
    if let Some(dark) = window.match_media("(prefers-color-scheme: dark)")? {
        listeners.push(Listener::new(&dark, "change", |_| {
            sender::ask(Request::Redraw);
        })?);
    }
    Ok(listeners)
}

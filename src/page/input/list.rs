//! What the visitor does with the list: selecting, sorting, keys, and what is done with the
//! selected songs.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, EventTarget, HtmlDialogElement, HtmlElement, HtmlSelectElement,
    KeyboardEvent, MouseEvent,
};

use super::library::above;
use crate::dom;
use crate::dom::listener::Listener;
use crate::mood::Mood;
use crate::page::library::{Column, Grouping, Pick};
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::keyboard::{self, ListKey};
use crate::page::state::{Event, LibraryEvent, ListEvent, Playing, TagEvent};

/// Below this width the tools of the list are folded at first, as in `style.css`.
const NARROW: &str = "(max-width: 48rem)";

/// Connects the list.
pub fn connect(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let mut listeners = rows(document)?;
    listeners.extend(heads(document)?);
    listeners.extend(tools(document)?);
    listeners.extend(picked(document)?);
    let window = dom::window()?;
    let scrolled = |_| sender::ask(Request::Scrolled);
    listeners.push(Listener::new(&window, "scroll", scrolled)?);
    if window
        .match_media(NARROW)?
        .is_some_and(|narrow| narrow.matches())
    {
        let options: Element = dom::by_id(document, "library-options")?;
        options.remove_attribute("open")?;
    }
    Ok(listeners)
}

fn list(event: ListEvent) {
    sender::send(Event::List(event));
}

fn open(hash: String) {
    sender::send(Event::Library(LibraryEvent::OpenPressed(hash)));
}

/// How a press with these keys held selects.
fn pick_of(event: &MouseEvent) -> Pick {
    if event.shift_key() {
        Pick::Range
    } else if event.ctrl_key() || event.meta_key() {
        Pick::Toggle
    } else {
        Pick::Only
    }
}

fn rows(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let grid: HtmlElement = dom::by_id(document, "library-list")?;
    let body: EventTarget = dom::by_id(document, "library-rows")?;
    let dialog: HtmlDialogElement = dom::by_id(document, "forget-picked-dialog")?;
    let focused = grid.clone();
    let click = move |event: web_sys::Event| {
        let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
            return;
        };
        let Some(pressed) = event.dyn_ref::<MouseEvent>().map(pick_of) else {
            return;
        };
        let action = above(&target, "data-action");
        match (above(&target, "data-hash"), action.as_deref()) {
            (Some(hash), Some("open")) if pressed == Pick::Only => {
                open(hash);
                return;
            }
            (Some(hash), Some("toggle")) if pressed == Pick::Only => {
                list(ListEvent::Picked(hash, Pick::Toggle));
            }
            (Some(hash), _) => list(ListEvent::Picked(hash, pressed)),
            (None, _) => {
                let line = above(&target, "data-line").and_then(|line| line.parse().ok());
                if let Some(line) = line {
                    list(ListEvent::PickedBelow(line, pressed != Pick::Only));
                }
            }
        }
        // So that the keys go on from here. What can't be focused only has no keys.
        let _ = focused.focus();
    };
    let opened = |event: web_sys::Event| {
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        if let Some(hash) = target.and_then(|target| above(&target, "data-hash")) {
            open(hash);
        }
    };
    let probe: HtmlElement = dom::by_id(document, "library-probe")?;
    let keys = move |event: web_sys::Event| {
        let Some(pressed) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let with_control = pressed.ctrl_key() || pressed.meta_key();
        let asked = keyboard::list_key(&pressed.key(), with_control, pressed.shift_key(), || {
            page_rows(&probe)
        });
        let Some(asked) = asked else {
            return;
        };
        // The page has another use for some of them.
        event.prevent_default();
        event.stop_propagation();
        match asked {
            ListKey::Go(step, pick) => list(ListEvent::Stepped(step, pick)),
            ListKey::All => list(ListEvent::AllPicked),
            ListKey::None => list(ListEvent::NonePicked),
            ListKey::Open => list(ListEvent::CursorOpened),
            // Fails only where it is already open.
            ListKey::Forget => drop(dialog.show_modal()),
        }
    };
    Ok(vec![
        Listener::new(&body, "click", click)?,
        Listener::new(&body, "dblclick", opened)?,
        Listener::new(&grid, "keydown", keys)?,
    ])
}

/// Rows that fit into the window, less one that one knows again.
fn page_rows(probe: &HtmlElement) -> i32 {
    let window = dom::window().and_then(|window| window.inner_height());
    let high = window.ok().and_then(|height| height.as_f64());
    let row = f64::from(probe.offset_height().max(1));
    ((high.unwrap_or(0.0) / row) as i32 - 4).max(1)
}

fn heads(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let on = |id, kind, attribute: &'static str, react: fn(Column) -> ListEvent| {
        let area: EventTarget = dom::by_id(document, id)?;
        Listener::new(&area, kind, move |event| {
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let column = target.and_then(|target| above(&target, attribute));
            if let Some(column) = column.as_deref().and_then(Column::from_name) {
                list(react(column));
            }
        })
    };
    let sort: HtmlSelectElement = dom::by_id(document, "library-sort")?;
    let turn: EventTarget = dom::by_id(document, "library-turn")?;
    let chosen = sort.clone();
    let by = move || Column::from_name(&chosen.value());
    let again = by.clone();
    Ok(vec![
        on(
            "library-heads",
            "click",
            "data-column",
            ListEvent::SortPressed,
        )?,
        on(
            "column-choices",
            "change",
            "data-choice",
            ListEvent::ColumnToggled,
        )?,
        Listener::new(&sort, "change", move |_| {
            if let Some(column) = by() {
                list(ListEvent::SortPressed(column));
            }
        })?,
        // A second press turns around.
        Listener::new(&turn, "click", move |_| {
            if let Some(column) = again() {
                list(ListEvent::SortPressed(column));
            }
        })?,
    ])
}

fn tools(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let group: HtmlSelectElement = dom::by_id(document, "library-group")?;
    let chosen = group.clone();
    let grouped = move |_| {
        let grouping = Grouping::from_name(&chosen.value());
        list(ListEvent::Grouped(grouping));
    };
    let on_click = |id, react: fn()| -> Result<Listener, JsValue> {
        let button: EventTarget = dom::by_id(document, id)?;
        Listener::new(&button, "click", move |_| react())
    };
    Ok(vec![
        Listener::new(&group, "change", grouped)?,
        on_click("ear-toggle", || list(ListEvent::EarToggled))?,
        on_click("as-list", || list(ListEvent::AsMap(false)))?,
        on_click("as-map", || list(ListEvent::AsMap(true)))?,
        on_click("now-toggle", || {
            sender::send(Event::Player(Playing::Toggled));
        })?,
        on_click("now-next", || sender::send(Event::Player(Playing::Next)))?,
        on_click("now-previous", || {
            sender::send(Event::Player(Playing::Previous));
        })?,
    ])
}

/// What is done with the selected songs.
fn picked(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let bar: EventTarget = dom::by_id(document, "picked-bar")?;
    let dialog: HtmlDialogElement = dom::by_id(document, "forget-picked-dialog")?;
    let confirm: EventTarget = dom::by_id(document, "forget-picked-confirm")?;
    let keep: EventTarget = dom::by_id(document, "forget-picked-keep")?;
    let (asking, confirmed) = (dialog.clone(), dialog.clone());
    let click = move |event: web_sys::Event| {
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let Some(action) = target.and_then(|target| above(&target, "data-picked")) else {
            return;
        };
        match action.as_str() {
            "play" => list(ListEvent::PlayPicked),
            "tag" => sender::send(Event::Tag(TagEvent::AskedOfPicked)),
            "forget" => drop(asking.show_modal()),
            "none" => list(ListEvent::NonePicked),
            "judged" => list(ListEvent::SaidOfPicked(None)),
            mood => list(ListEvent::SaidOfPicked(Mood::from_name(mood))),
        }
    };
    Ok(vec![
        Listener::new(&bar, "click", click)?,
        Listener::new(&confirm, "click", move |_| {
            confirmed.close();
            list(ListEvent::PickedForgotten);
        })?,
        Listener::new(&keep, "click", move |_| dialog.close())?,
    ])
}

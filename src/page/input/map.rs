//! Pointing at the map: a press opens a song, a rectangle selects.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlElement, PointerEvent};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::sender;
use crate::page::state::{Event, ListEvent};

/// A pointer that moved less than this, in CSS pixels, has pressed and not drawn. A mark is
/// met within the same distance.
const SLACK_PX: f64 = 8.0;

/// Connects the map.
pub fn connect(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let map: HtmlElement = dom::by_id(document, "library-map")?;
    let frame: HtmlElement = dom::by_id(document, "map-box")?;
    // Where the pointer went down, in CSS pixels.
    let start: Rc<Cell<Option<[f64; 2]>>> = Rc::default();
    let down = {
        let (start, map) = (Rc::clone(&start), map.clone());
        move |event: web_sys::Event| {
            let event: &PointerEvent = event.unchecked_ref();
            if event.button() == 0 {
                start.set(Some(place(event)));
                // So that a drag may leave the map; without it only that is missing.
                let _ = map.set_pointer_capture(event.pointer_id());
            }
        }
    };
    let moved = {
        let (start, map, frame) = (Rc::clone(&start), map.clone(), frame.clone());
        move |event: web_sys::Event| {
            let at = place(event.unchecked_ref());
            match start.get() {
                Some(from) if is_drawn(from, at) => {
                    if let Err(error) = show(&frame, from, at) {
                        web_sys::console::warn_1(&error);
                    }
                }
                Some(_) => {}
                None => list(ListEvent::MapPointed(Some((share(&map, at), slack(&map))))),
            }
        }
    };
    let up = {
        let (start, map, frame) = (Rc::clone(&start), map.clone(), frame.clone());
        move |event: web_sys::Event| {
            dom::set_hidden(&frame, true);
            let event: &PointerEvent = event.unchecked_ref();
            let at = place(event);
            let Some(from) = start.take() else {
                return;
            };
            list(if is_drawn(from, at) {
                let add = event.ctrl_key() || event.meta_key() || event.shift_key();
                ListEvent::Boxed([share(&map, from), share(&map, at)], add)
            } else {
                ListEvent::MapPressed(share(&map, at), slack(&map))
            });
        }
    };
    let cancelled = {
        let frame = frame.clone();
        move |_| {
            start.set(None);
            dom::set_hidden(&frame, true);
        }
    };
    let left = |_| list(ListEvent::MapPointed(None));
    Ok(vec![
        Listener::new(&map, "pointerdown", down)?,
        Listener::new(&map, "pointermove", moved)?,
        Listener::new(&map, "pointerup", up)?,
        Listener::new(&map, "pointercancel", cancelled)?,
        Listener::new(&map, "pointerleave", left)?,
    ])
}

fn list(event: ListEvent) {
    sender::send(Event::List(event));
}

/// Where the pointer is on the map, in CSS pixels.
fn place(event: &PointerEvent) -> [f64; 2] {
    [f64::from(event.offset_x()), f64::from(event.offset_y())]
}

fn is_drawn(from: [f64; 2], to: [f64; 2]) -> bool {
    (from[0] - to[0]).hypot(from[1] - to[1]) > SLACK_PX
}

fn size(map: &HtmlElement) -> [f64; 2] {
    [map.client_width(), map.client_height()].map(|size| f64::from(size.max(1)))
}

/// The same in shares of the map's sides.
fn share(map: &HtmlElement, at: [f64; 2]) -> [f64; 2] {
    let [width, height] = size(map);
    [at[0] / width, at[1] / height]
}

/// How near a mark must be, in shares of the map's sides.
fn slack(map: &HtmlElement) -> [f64; 2] {
    share(map, [SLACK_PX, SLACK_PX])
}

/// Shows the rectangle between two corners.
fn show(frame: &HtmlElement, from: [f64; 2], to: [f64; 2]) -> Result<(), JsValue> {
    let names = [
        ["inset-inline-start", "inline-size"],
        ["inset-block-start", "block-size"],
    ];
    for (axis, [start, length]) in names.into_iter().enumerate() {
        let (a, b) = (from[axis].min(to[axis]), from[axis].max(to[axis]));
        dom::set_style(frame, start, &format!("{a}px"))?;
        dom::set_style(frame, length, &format!("{}px", b - a))?;
    }
    dom::set_hidden(frame, false);
    Ok(())
}

//! The buttons of live sound.

use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlElement};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::browser::live;
use crate::page::sender;
use crate::page::state::{Event, LiveEvent, LiveSource};

/// Listens to the buttons; that for tabs is shown where the browser shares them.
pub fn connect(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let tab: HtmlElement = dom::by_id(document, "live-tab")?;
    dom::set_hidden(&tab, !live::can_share_tabs());
    let on_click = |id, event: LiveEvent| {
        let button: HtmlElement = dom::by_id(document, id)?;
        Listener::new(&button, "click", move |_| {
            sender::send(Event::Live(event.clone()));
        })
    };
    Ok(vec![
        on_click("listen", LiveEvent::Toggled)?,
        on_click("live-microphone", LiveEvent::Chosen(LiveSource::Microphone))?,
        on_click("live-tab", LiveEvent::Chosen(LiveSource::Tab))?,
        on_click("live-stop", LiveEvent::StopPressed)?,
    ])
}

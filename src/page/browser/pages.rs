//! This page among others of the same kind in other windows: who is open, and news of what
//! they keep.

use std::collections::HashSet;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::sender;
use crate::page::state::{Event, LibraryEvent};

/// This page, for the others.
pub struct Pages {
    /// What tells this page from the others.
    pub id: String,
    channel: Option<BroadcastChannel>,
    _listener: Option<Listener>,
    _hold: Option<Closure<dyn FnMut() -> Promise>>,
}

impl Pages {
    /// Joins the other pages that share the storage of that name. Without the browser's
    /// help this page believes to be alone.
    pub fn join(storage: &str) -> Self {
        let id = format!(
            "{storage}#{}.{}",
            js_sys::Date::now(),
            js_sys::Math::random()
        );
        let channel = BroadcastChannel::new(storage).ok();
        let listener = channel
            .as_ref()
            .and_then(|channel| Listener::new(channel, "message", hear).ok());
        Self {
            _hold: hold(&id).ok(),
            id,
            channel,
            _listener: listener,
        }
    }

    /// Tells the others that this page has kept or forgotten that song, or perhaps all.
    pub fn tell(&self, hash: Option<&str>) {
        let news = hash.map_or(JsValue::NULL, JsValue::from);
        if let Some(channel) = &self.channel {
            // Fails only for what can't be copied.
            let _ = channel.post_message(&news);
        }
    }
}

fn hear(event: web_sys::Event) {
    let news = event.unchecked_ref::<MessageEvent>().data().as_string();
    sender::send(Event::Library(LibraryEvent::ChangedElsewhere(news)));
}

/// Holds a lock under the page's name for as long as the page lives.
fn hold(id: &str) -> Result<Closure<dyn FnMut() -> Promise>, JsValue> {
    let locks = locks()?;
    let forever = Closure::<dyn FnMut() -> Promise>::new(|| Promise::new(&mut |_, _| {}));
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    request.call2(&locks, &id.into(), forever.as_ref())?;
    Ok(forever)
}

/// Names of the pages that are open.
pub async fn open() -> Result<HashSet<String>, JsValue> {
    let locks = locks()?;
    let query: Function = Reflect::get(&locks, &"query".into())?.dyn_into()?;
    let answer: Promise = query.call0(&locks)?.dyn_into()?;
    let answer = JsFuture::from(answer).await?;
    let held: Array = Reflect::get(&answer, &"held".into())?.dyn_into()?;
    let names = held.iter().map(|lock| Reflect::get(&lock, &"name".into()));
    Ok(names.filter_map(|name| name.ok()?.as_string()).collect())
}

/// The browser's lock manager.
fn locks() -> Result<JsValue, JsValue> {
    let navigator = dom::window()?.navigator();
    Reflect::get(&navigator, &"locks".into())
}

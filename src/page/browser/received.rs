//! Songs that the system hands to the installed page: opened with it, or shared with it.

use js_sys::{Array, Function, JsString, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Cache, CacheStorage, File, Request, Response};

use crate::dom;
use crate::page::request::{Haul, Request as PageRequest};
use crate::page::sender;

/// What the service worker adds to the page's address when songs were shared.
const RECEIVED: &str = "?received";

/// Takes what was shared before the page was opened, and listens for what is opened with
/// it; where the platform has neither, nothing comes.
pub fn listen() -> Result<Option<Consumer>, JsValue> {
    let location = dom::window()?.location();
    if location.search()? == RECEIVED {
        spawn_local(async {
            if let Err(error) = take_shared().await {
                web_sys::console::warn_1(&error);
            }
        });
    }
    Consumer::new()
}

/// Listens to files that are opened with the installed page; it must live as long.
pub struct Consumer {
    _take: Closure<dyn FnMut(JsValue)>,
}

impl Consumer {
    /// Registers with the File Handling API's `launchQueue`, where there is one.
    fn new() -> Result<Option<Self>, JsValue> {
        let queue = Reflect::get(&dom::window()?.into(), &"launchQueue".into())?;
        if queue.is_undefined() {
            return Ok(None);
        }
        let take = Closure::<dyn FnMut(JsValue)>::new(|params: JsValue| {
            spawn_local(async move {
                if let Err(error) = take_opened(&params).await {
                    web_sys::console::warn_1(&error);
                }
            });
        });
        let set: Function = Reflect::get(&queue, &"setConsumer".into())?.dyn_into()?;
        set.call1(&queue, take.as_ref())?;
        Ok(Some(Self { _take: take }))
    }
}

/// Reads the handles of a launch.
async fn take_opened(params: &JsValue) -> Result<(), JsValue> {
    let handles: Array = Reflect::get(params, &"files".into())?.dyn_into()?;
    let mut songs = Vec::new();
    for handle in handles.iter() {
        let get: Function = Reflect::get(&handle, &"getFile".into())?.dyn_into()?;
        let file: Promise = get.call0(&handle)?.dyn_into()?;
        let file: File = JsFuture::from(file).await?.dyn_into()?;
        songs.push((file.name(), file));
    }
    if !songs.is_empty() {
        sender::ask(PageRequest::Add(Haul::alone(songs)));
    }
    Ok(())
}

/// Takes the shared songs out of the cache that the service worker put them into.
async fn take_shared() -> Result<(), JsValue> {
    let window = dom::window()?;
    // A reload shall not ask for them again.
    window
        .history()?
        .replace_state_with_url(&JsValue::NULL, "", Some("./"))?;
    let caches: CacheStorage = window.caches()?;
    let scope = window.location().href()?;
    let scope = scope.split(['?', '#']).next().unwrap_or_default();
    let cache: Cache = JsFuture::from(caches.open(&format!("undertone-received:{scope}")))
        .await?
        .dyn_into()?;
    let requests: Array = JsFuture::from(cache.keys()).await?.dyn_into()?;
    let mut songs = Vec::new();
    for request in requests.iter() {
        let request: Request = request.dyn_into()?;
        let response: Response = JsFuture::from(cache.match_with_request(&request))
            .await?
            .dyn_into()?;
        let blob: Blob = JsFuture::from(response.blob()?).await?.dyn_into()?;
        let url = request.url();
        let encoded = url.rsplit('/').next().unwrap_or_default();
        let name = String::from(
            js_sys::decode_uri_component(encoded).unwrap_or_else(|_| JsString::from(encoded)),
        );
        let file = File::new_with_blob_sequence(&Array::of1(&blob), &name)?;
        songs.push((name, file));
        JsFuture::from(cache.delete_with_request(&request)).await?;
    }
    if !songs.is_empty() {
        sender::ask(PageRequest::Add(Haul::alone(songs)));
    }
    Ok(())
}

//! Covers: small pictures that say nothing a title does not say.

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::dom;
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::{Covers, Song};

/// Shows a cover, or hides its place.
pub fn show(element: &HtmlElement, url: Option<&str>) -> Result<(), JsValue> {
    dom::set_hidden(element, url.is_none());
    set(element, url)
}

/// Puts a cover into its place, or empties that.
pub fn set(element: &HtmlElement, url: Option<&str>) -> Result<(), JsValue> {
    let image = url.map_or_else(|| "none".to_owned(), |url| format!("url(\"{url}\")"));
    dom::set_style(element, "background-image", &image)
}

/// Shows the cover of a song, and asks for it where it was not looked for yet.
pub fn show_of(element: &HtmlElement, covers: &Covers, song: &Song) -> Result<(), JsValue> {
    let hash = song.hash.as_deref();
    if let Some(hash) = hash.filter(|hash| !covers.knows(hash)) {
        sender::ask(Request::ReadCovers(vec![hash.to_owned()]));
    }
    show(element, hash.and_then(|hash| covers.get(hash)))
}

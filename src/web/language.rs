//! Which language the visitor reads: chosen on an earlier visit, or told by the browser.

use wasm_bindgen::prelude::*;
use web_sys::Storage;

use super::dom;
use crate::text::Language;

/// Name of the choice in the browser's storage.
const KEY: &str = "undertone-language";

/// The chosen language, or the first of the browser's that the page speaks.
pub fn known() -> Language {
    let chosen = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    let chosen = chosen.and_then(|tag| Language::of_tag(&tag));
    chosen.unwrap_or_else(preferred)
}

/// The first of the browser's languages that the page speaks.
fn preferred() -> Language {
    let Ok(window) = dom::window() else {
        return Language::default();
    };
    let tags = window.navigator().languages();
    let tags: Vec<_> = tags.iter().filter_map(|tag| tag.as_string()).collect();
    Language::preferred(tags.iter().map(String::as_str))
}

/// Keeps the choice for the next visit; without storage it holds for this one.
pub fn keep(language: Language) {
    let kept = storage().map(|storage| storage.set_item(KEY, language.tag()));
    if let Some(Err(error)) = kept {
        web_sys::console::warn_1(&error);
    }
}

/// The browser's storage; `None` where it is forbidden, as in some private windows.
fn storage() -> Option<Storage> {
    let storage: Result<_, JsValue> = dom::window().and_then(|window| window.local_storage());
    storage.ok().flatten()
}

//! What the visitor chose on an earlier visit: her language.

use wasm_bindgen::prelude::*;
use web_sys::Storage;

use super::dom;
use crate::text::Language;

/// Name of the choice in the browser's storage.
const LANGUAGE: &str = "undertone-language";

/// The chosen language, or the first of the browser's that the page speaks.
pub fn language() -> Language {
    let chosen = chosen(LANGUAGE).and_then(|tag| Language::of_tag(&tag));
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

/// Keeps the language for the next visit; without storage it holds for this one.
pub fn keep_language(language: Language) {
    keep(LANGUAGE, language.tag());
}

fn chosen(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

fn keep(name: &str, choice: &str) {
    let kept = storage().map(|storage| storage.set_item(name, choice));
    if let Some(Err(error)) = kept {
        web_sys::console::warn_1(&error);
    }
}

/// The browser's storage; `None` where it is forbidden, as in some private windows.
fn storage() -> Option<Storage> {
    let storage: Result<_, JsValue> = dom::window().and_then(|window| window.local_storage());
    storage.ok().flatten()
}

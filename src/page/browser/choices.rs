//! What the visitor chose on an earlier visit: her language, and how exports are written.

use js_sys::JsString;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

use crate::dom;
use crate::page::library::Columns;
use crate::page::request::ExportOptions;
use crate::report::csv::Separator;
use crate::report::listing::Paths;
use crate::text::Language;

/// Names of the choices in the browser's storage.
const COLUMNS: &str = "undertone-columns";
const DEAF: &str = "undertone-judges-alone";
const LANGUAGE: &str = "undertone-language";
const SEPARATOR: &str = "undertone-separator";
const ROOT: &str = "undertone-root";
const BACKSLASHES: &str = "undertone-backslashes";
/// How a choice that was made stands there.
const YES: &str = "yes";

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

/// The columns that the list shows.
pub fn columns() -> Columns {
    chosen(COLUMNS).map_or_else(Columns::default, |names| Columns::from_names(&names))
}

/// Whether the visitor wants the judges alone.
pub fn is_deaf() -> bool {
    chosen(DEAF).as_deref() == Some(YES)
}

/// Keeps that for the next visit.
pub fn keep_deaf(deaf: bool) {
    keep(DEAF, yes_or_no(deaf));
}

/// Keeps that for the next visit.
pub fn keep_columns(columns: &Columns) {
    keep(COLUMNS, &columns.names());
}

/// How exports are written: tables with a semicolon where the browser writes numbers with a
/// comma, unless the visitor chose otherwise.
pub fn export_options() -> ExportOptions {
    let separator = chosen(SEPARATOR).and_then(|name| Separator::from_name(&name));
    ExportOptions {
        separator: separator.unwrap_or_else(usual_separator),
        paths: Paths {
            root: chosen(ROOT).unwrap_or_default(),
            backslashes: chosen(BACKSLASHES).as_deref() == Some(YES),
        },
    }
}

/// Keeps that for the next visit.
pub fn keep_export_options(options: &ExportOptions) {
    keep(SEPARATOR, options.separator.name());
    keep(ROOT, &options.paths.root);
    keep(BACKSLASHES, yes_or_no(options.paths.backslashes));
}

fn usual_separator() -> Separator {
    let half = JsValue::from(0.5).unchecked_into::<Written>();
    let half = half.in_language(&preferred_tag()).map(String::from);
    if half.is_ok_and(|half| half.contains(',')) {
        Separator::Semicolon
    } else {
        Separator::Comma
    }
}

#[wasm_bindgen]
extern "C" {
    /// A number, as it is written.
    type Written;

    /// Refuses a tag that is none, which `js_sys` does not say: where the system has no language,
    /// `WebKitGTK` calls it `C`.
    #[wasm_bindgen(method, catch, js_name = toLocaleString)]
    fn in_language(this: &Written, tag: &str) -> Result<JsString, JsValue>;
}

/// The browser's first language.
fn preferred_tag() -> String {
    let window = dom::window().ok();
    let tag = window.and_then(|window| window.navigator().language());
    tag.unwrap_or_else(|| "en".to_owned())
}

const fn yes_or_no(choice: bool) -> &'static str {
    if choice { YES } else { "no" }
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

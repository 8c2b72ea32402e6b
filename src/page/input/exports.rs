//! How exports are written, as the visitor chose it: on this visit or an earlier one.

use wasm_bindgen::prelude::*;
use web_sys::{Document, EventTarget, HtmlInputElement, HtmlSelectElement};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::browser::choices;
use crate::page::request::ExportOptions;
use crate::report::csv::Separator;
use crate::report::listing::Paths;

/// The value of the choice for Windows.
const BACKSLASHES: &str = "backslash";

/// The controls.
struct Controls {
    separator: HtmlSelectElement,
    root: HtmlInputElement,
    slashes: HtmlSelectElement,
}

impl Controls {
    fn new(document: &Document) -> Result<Self, JsValue> {
        Ok(Self {
            separator: dom::by_id(document, "export-separator")?,
            root: dom::by_id(document, "export-root")?,
            slashes: dom::by_id(document, "export-slashes")?,
        })
    }

    fn options(&self) -> ExportOptions {
        ExportOptions {
            separator: Separator::from_name(&self.separator.value()).unwrap_or_default(),
            paths: Paths {
                root: self.root.value(),
                backslashes: self.slashes.value() == BACKSLASHES,
            },
        }
    }
}

/// Puts the choices of an earlier visit into the controls, and keeps those to come.
pub fn connect(document: &Document) -> Result<Vec<Listener>, JsValue> {
    let controls = Controls::new(document)?;
    let options = choices::export_options();
    controls.separator.set_value(options.separator.name());
    controls.root.set_value(&options.paths.root);
    if options.paths.backslashes {
        controls.slashes.set_value(BACKSLASHES);
    }
    let targets: [EventTarget; 3] = [
        controls.separator.into(),
        controls.root.into(),
        controls.slashes.into(),
    ];
    let keep = |_| {
        if let Ok(options) = self::options() {
            choices::keep_export_options(&options);
        }
    };
    let listeners = targets
        .iter()
        .map(|target| Listener::new(target, "change", keep));
    listeners.collect()
}

/// How the next export is to be written.
pub fn options() -> Result<ExportOptions, JsValue> {
    Ok(Controls::new(&dom::document()?)?.options())
}

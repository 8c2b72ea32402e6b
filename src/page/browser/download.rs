//! Saving results as a file.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::dom;

/// A file that was offered for saving; dropping this releases its memory.
pub struct Download {
    url: String,
}

impl Download {
    /// Offers a text of that media type as a file of that name.
    pub fn text(name: &str, kind: &str, text: &str) -> Result<Self, JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
        Self::blob(name, &blob)
    }

    /// Offers a file of that name.
    pub fn blob(name: &str, blob: &Blob) -> Result<Self, JsValue> {
        let download = Self {
            url: Url::create_object_url_with_blob(blob)?,
        };
        let link: HtmlAnchorElement = dom::document()?.create_element("a")?.dyn_into()?;
        link.set_href(&download.url);
        link.set_download(name);
        link.click();
        Ok(download)
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        // Fails only for what is no URL.
        let _ = Url::revoke_object_url(&self.url);
    }
}

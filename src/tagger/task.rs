//! The tagger: reads the tags of one file after another, and writes them into copies.

use std::cell::RefCell;
use std::error::Error;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, File, FileReaderSync, MessageEvent};

use crate::card::sha256_hex;
use crate::dom;
use crate::dom::blob_source::BlobSource;
use crate::dom::listener::Listener;
use crate::tagger::protocol::{Fault, FromTagger, MOST_BYTES, ToTagger};
use crate::tagging::{self, Change, TagError};

thread_local! {
    /// The listener to the page; it lives until the page ends the worker.
    static INBOX: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Starts the tagger, and says [`FromTagger::Ready`].
///
/// # Errors
/// What the browser threw.
pub fn start() -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let global = scope.clone();
    let inbox = Listener::new(&scope, "message", move |event| {
        let data = event.unchecked_ref::<MessageEvent>().data();
        let (answer, bytes) = answer(&data).unwrap_or_else(|fault| {
            let answer = FromTagger::Failed { fault };
            (answer, None)
        });
        post(&global, &answer, bytes.as_deref());
    })?;
    INBOX.set(Some(inbox));
    post(&scope, &FromTagger::Ready, None);
    Ok(())
}

/// The answer to a question, and the bytes that belong to it.
fn answer(data: &JsValue) -> Result<(FromTagger, Option<Vec<u8>>), Fault> {
    let unread = |error: &JsValue| Fault::Unreadable(dom::message_of(error));
    let parts: &Array = data.dyn_ref().ok_or_else(|| unread(data))?;
    let text = parts.get(0).as_string().unwrap_or_default();
    let question: ToTagger =
        serde_json::from_str(&text).map_err(|error| Fault::Unreadable(error.to_string()))?;
    let file: File = parts.get(1).dyn_into().map_err(|error| unread(&error))?;
    match question {
        ToTagger::Look { name } => {
            let source = BlobSource::new(file.into());
            let source = source.map_err(|error| Fault::Unreadable(error.to_string()))?;
            let tag = tagging::read(source, extension(&name).as_deref()).map_err(fault)?;
            let texts = tagging::texts(&tag);
            Ok((FromTagger::Seen { texts }, None))
        }
        ToTagger::Rewrite {
            name,
            hash,
            changes,
        } => rewrite(&file, &name, &hash, &changes),
    }
}

fn rewrite(
    file: &File,
    name: &str,
    hash: &str,
    changes: &[Change],
) -> Result<(FromTagger, Option<Vec<u8>>), Fault> {
    if file.size() > MOST_BYTES as f64 {
        return Err(Fault::TooLarge);
    }
    let bytes = FileReaderSync::new().and_then(|reader| reader.read_as_array_buffer(file));
    let bytes = bytes.map_err(|error| Fault::Unreadable(dom::message_of(&error)))?;
    let bytes = Uint8Array::new(&bytes).to_vec();
    if sha256_hex(&bytes) != hash {
        return Err(Fault::Changed);
    }
    let bytes = tagging::rewrite(bytes, changes, extension(name).as_deref()).map_err(fault)?;
    let hash = sha256_hex(&bytes);
    Ok((FromTagger::Rewritten { hash }, Some(bytes)))
}

/// The extension of a file's name, in lower case.
fn extension(name: &str) -> Option<String> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(extension.to_ascii_lowercase())
}

fn fault(error: TagError) -> Fault {
    let detail = error.source().map(ToString::to_string);
    let detail = detail.unwrap_or_else(|| error.to_string());
    match error {
        TagError::Unreadable(_) => Fault::Unreadable(detail),
        TagError::NoTags(_) | TagError::Unwritable(_) => Fault::NoTags(detail),
        TagError::Unheard(_) => Fault::Unheard(detail),
        TagError::SoundsOtherwise => Fault::SoundsOtherwise,
    }
}

/// Sends an answer; bytes move to the page.
fn post(scope: &DedicatedWorkerGlobalScope, message: &FromTagger, bytes: Option<&[u8]>) {
    let sent = serde_json::to_string(message)
        .map_err(|error| JsValue::from(error.to_string()))
        .and_then(|text| {
            let (parts, buffers) = (Array::of1(&text.into()), Array::new());
            if let Some(bytes) = bytes {
                let bytes = Uint8Array::from(bytes);
                parts.push(&bytes);
                buffers.push(&bytes.buffer());
            }
            scope.post_message_with_transfer(&parts, &buffers)
        });
    if let Err(error) = sent {
        // Outside of this call it reaches the page as the worker's error event.
        wasm_bindgen::throw_val(error);
    }
}

//! What a file is, by its contents: the SHA-256 of its bytes.

use std::fmt::Write;

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, SubtleCrypto};

use crate::dom;
use crate::error::AnalysisError;
use crate::page::browser::decode::read;

/// Largest file that is given to the browser's own SHA-256, in bytes: it wants the file in
/// one piece and copies it before it goes to work, 3 ms for each million on a busy machine,
/// in which the page answers nobody.
const ONE_PIECE: f64 = 16e6;
/// Bytes of a larger file that are in memory at a time, each time for a task of some
/// milliseconds: a million in one were the longest tasks of a queue of long songs.
const PIECE: f64 = 250e3;

/// SHA-256 of the file in lower-case hexadecimal.
pub async fn of(file: &File) -> Result<String, AnalysisError> {
    match subtle().filter(|_| file.size() <= ONE_PIECE) {
        Some(subtle) => {
            let bytes = read(file.array_buffer()).await?;
            let digest = subtle
                .digest_with_str_and_buffer_source("SHA-256", &bytes)
                .map_err(|error| failed(&error))?;
            let digest = JsFuture::from(digest)
                .await
                .map_err(|error| failed(&error))?;
            Ok(hexadecimal(&Uint8Array::new(&digest).to_vec()))
        }
        None => in_pieces(file).await,
    }
}

/// The browser's own SHA-256; pages without HTTPS have none.
fn subtle() -> Option<SubtleCrypto> {
    let crypto = Reflect::get(dom::window().ok()?.as_ref(), &"crypto".into()).ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    subtle.dyn_into().ok()
}

/// The same for any size, with one piece in memory at a time.
async fn in_pieces(file: &File) -> Result<String, AnalysisError> {
    let mut sha = Sha256::new();
    let mut start = 0.0;
    while start < file.size() {
        let end = (start + PIECE).min(file.size());
        let piece = file
            .slice_with_f64_and_f64(start, end)
            .map_err(|error| failed(&error))?;
        let bytes: ArrayBuffer = read(piece.array_buffer()).await?;
        sha.update(Uint8Array::new(&bytes).to_vec());
        start = end;
    }
    Ok(hexadecimal(&sha.finalize()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn failed(error: &JsValue) -> AnalysisError {
    AnalysisError::internal("reading the file", &dom::message_of(error))
}

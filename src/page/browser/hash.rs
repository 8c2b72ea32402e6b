//! What a file is, by its contents: the SHA-256 of its bytes.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, MessageChannel, MessageEvent, Worker};

use crate::card::hexadecimal;
use crate::dom;
use crate::error::AnalysisError;
use crate::page::browser::decode::read;

/// What hashes files beside the page, relative to it.
const SCRIPT: &str = "hash.js";
/// Largest file that is hashed in one piece, in bytes: twice as much is in memory meanwhile.
const ONE_PIECE: f64 = 64e6;
/// Bytes of a larger file that are in memory at a time, each time for a task of some
/// milliseconds: a million in one were the longest tasks of a queue of long songs.
const PIECE: f64 = 250e3;

thread_local! {
    /// Started for the first file; none once it has failed.
    static HASHER: RefCell<Option<Worker>> = RefCell::new(Worker::new(SCRIPT).ok());
}

/// SHA-256 of the file in lower-case hexadecimal.
///
/// # Errors
/// Where the file can't be read.
pub async fn of(file: &File) -> Result<String, AnalysisError> {
    let hasher = HASHER.with_borrow(Clone::clone);
    if let Some(hasher) = hasher.filter(|_| file.size() <= ONE_PIECE) {
        match beside(&hasher, file).await {
            Ok(Some(hash)) => return Ok(hash),
            Ok(None) => {}
            // One that has gone would never answer again.
            Err(_) => HASHER.set(None),
        }
    }
    in_pieces(file).await
}

/// The browser's own SHA-256, beside the page; `None` where it has none (pages without HTTPS), and
/// where the file can't be read in one piece.
async fn beside(hasher: &Worker, file: &File) -> Result<Option<String>, JsValue> {
    let channel = MessageChannel::new()?;
    let (here, there) = (channel.port1(), channel.port2());
    let answer = Promise::new(&mut |resolve, reject| {
        here.set_onmessage(Some(&resolve));
        hasher.set_onerror(Some(&reject));
    });
    hasher.post_message_with_transfer(file, &Array::of1(&there))?;
    let answer: MessageEvent = JsFuture::from(answer).await?.dyn_into()?;
    here.close();
    let digest = answer.data().dyn_into::<ArrayBuffer>().ok();
    Ok(digest.map(|digest| hexadecimal(&Uint8Array::new(&digest).to_vec())))
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

fn failed(error: &JsValue) -> AnalysisError {
    AnalysisError::internal("reading the file", &dom::message_of(error))
}

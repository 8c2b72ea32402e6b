//! The model files that lie beside the worker.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, RequestCache, RequestInit, Response};

use crate::analysis::Judges;
use crate::card;
use crate::dom;
use crate::error::ModelError;
use crate::worker::protocol::Cards;

/// Folder of the model files, relative to the worker.
const MODELS: &str = "models";
/// The model files, each behind its card: network, ensemble, regressor.
const NAMES: [&str; 6] = [
    "mood.json",
    "mood.onnx",
    "ensemble.json",
    "ensemble.bin",
    "features.json",
    "features.bin",
];
/// Fetches and checks the model files. What does not pass is fetched once more, past the
/// browser's cache: a file may have been stored truncated or belong to an older card.
///
/// # Errors
/// [`ModelError`] with the name of the file at fault.
pub async fn load(scope: &DedicatedWorkerGlobalScope) -> Result<(Judges, Cards), ModelError> {
    match attempt(scope, RequestCache::Default).await {
        Ok(loaded) => Ok(loaded),
        Err(_) => attempt(scope, RequestCache::Reload).await,
    }
}

async fn attempt(
    scope: &DedicatedWorkerGlobalScope,
    cache: RequestCache,
) -> Result<(Judges, Cards), ModelError> {
    let options = RequestInit::new();
    options.set_cache(cache);
    // All are under way before the first is waited for.
    let requests = NAMES.iter().map(|name| {
        let url = format!("{MODELS}/{name}");
        (name, scope.fetch_with_str_and_init(&url, &options))
    });
    let requests: Vec<_> = requests.collect();
    let mut files = Vec::with_capacity(requests.len());
    for (name, request) in requests {
        let bytes = receive(request)
            .await
            .map_err(|error| ModelError::Missing {
                name: (*name).to_owned(),
                detail: dom::message_of(&error),
            })?;
        files.push(bytes);
    }
    let cards = Cards {
        network: card::parse(NAMES[0], &files[0])?,
        ensemble: card::parse(NAMES[2], &files[2])?,
        features: card::parse(NAMES[4], &files[4])?,
    };
    let judges = Judges::from_files(
        &files[0], &files[1], &files[2], &files[3], &files[4], &files[5],
    )?;
    Ok((judges, cards))
}

async fn receive(request: Promise) -> Result<Vec<u8>, JsValue> {
    let response: Response = JsFuture::from(request).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("status {}", response.status()).into());
    }
    let bytes = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

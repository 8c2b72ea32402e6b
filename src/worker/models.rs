//! The model files that lie beside the worker.

use std::sync::Arc;

use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, RequestCache, RequestInit, Response};

use crate::analysis::Judges;
use crate::card;
use crate::dom;
use crate::ensemble::Ensemble;
use crate::error::ModelError;
use crate::features::Descriptors;
use crate::regressor::FeatureRegressor;
use crate::worker::late_network::LateNetwork;
use crate::worker::protocol::Cards;

/// Folder of the model files, relative to the worker.
const MODELS: &str = "models";
/// What the files hold.
pub struct Models {
    /// Ready to judge.
    pub judges: Judges,
    /// The judges' network, to be had by others.
    pub network: Arc<LateNetwork>,
    /// What is known of them.
    pub cards: Cards,
}

/// Fetches and checks the model files. What does not pass is fetched once more, past the
/// browser's cache: a file may have been stored truncated or belong to an older card.
///
/// # Errors
/// [`ModelError`] with the name of the file at fault.
pub async fn load(scope: &DedicatedWorkerGlobalScope) -> Result<Models, ModelError> {
    match attempt(scope, RequestCache::Default).await {
        Ok(loaded) => Ok(loaded),
        Err(_) => attempt(scope, RequestCache::Reload).await,
    }
}

async fn attempt(
    scope: &DedicatedWorkerGlobalScope,
    cache: RequestCache,
) -> Result<Models, ModelError> {
    let options = RequestInit::new();
    options.set_cache(cache);
    // All are under way before the first is waited for.
    let requests = Judges::FILES.map(|name| {
        let url = format!("{MODELS}/{name}");
        (name, scope.fetch_with_str_and_init(&url, &options))
    });
    let mut files = Vec::with_capacity(requests.len());
    for (name, request) in requests {
        let file = receive(request)
            .await
            .map_err(|error| ModelError::Missing {
                name: name.to_owned(),
                detail: dom::message_of(&error),
            })?;
        files.push(file);
    }
    let bytes = |index: usize| Uint8Array::new(&files[index]).to_vec();
    let cards = Cards {
        network: card::parse(Judges::FILES[0], &bytes(0))?,
        ensemble: card::parse(Judges::FILES[2], &bytes(2))?,
        features: card::parse(Judges::FILES[4], &bytes(4))?,
    };
    let network = LateNetwork::new(cards.network.clone(), files[1].clone());
    let network = Arc::new(network.await?);
    let names = &Descriptors::NAMES;
    let ensemble = Ensemble::from_bytes(&bytes(3), &cards.ensemble, names)?;
    let regressor = FeatureRegressor::from_bytes(&bytes(5), &cards.features, names)?;
    Ok(Models {
        judges: Judges {
            network: Box::new(Arc::clone(&network)),
            ensemble: Box::new(ensemble),
            regressor: Box::new(regressor),
        },
        network,
        cards,
    })
}

async fn receive(request: Promise) -> Result<ArrayBuffer, JsValue> {
    let response: Response = JsFuture::from(request).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("status {}", response.status()).into());
    }
    JsFuture::from(response.array_buffer()?).await?.dyn_into()
}

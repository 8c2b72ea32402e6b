//! The page and its worker: the only place that knows the browser.
//!
//! What needs no browser compiles everywhere and is tested on the host: [`state`] (all
//! that the page knows, and what follows from an event), [`library`] (all songs that were
//! judged), [`protocol`] (messages between page and worker), [`words`], [`axis`],
//! [`inventory`], [`keyboard`], [`names`], [`picture`], [`strip`], [`sniff`] and [`watch`].
//! On wasm32, `page` runs the state's effects and renders it, and `worker` runs the analysis.

pub mod axis;
pub mod inventory;
pub mod keyboard;
pub mod library;
pub mod names;
pub mod picture;
pub mod protocol;
pub mod sniff;
pub mod state;
pub mod strip;
pub mod watch;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod about_view;
#[cfg(target_arch = "wasm32")]
mod along_view;
#[cfg(target_arch = "wasm32")]
mod backup;
#[cfg(target_arch = "wasm32")]
mod backup_view;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod blob_source;
#[cfg(target_arch = "wasm32")]
mod chart;
#[cfg(target_arch = "wasm32")]
mod choices;
#[cfg(target_arch = "wasm32")]
mod decode;
#[cfg(target_arch = "wasm32")]
mod diverging;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
mod download;
#[cfg(target_arch = "wasm32")]
mod evidence_view;
#[cfg(target_arch = "wasm32")]
mod export;
#[cfg(target_arch = "wasm32")]
mod export_controls;
#[cfg(target_arch = "wasm32")]
mod features_view;
#[cfg(target_arch = "wasm32")]
mod folders;
#[cfg(target_arch = "wasm32")]
mod hash;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod helper;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod helpers;
#[cfg(target_arch = "wasm32")]
mod intake;
#[cfg(target_arch = "wasm32")]
mod keeper;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod late_network;
#[cfg(target_arch = "wasm32")]
mod library_controls;
#[cfg(target_arch = "wasm32")]
mod library_map;
#[cfg(target_arch = "wasm32")]
mod library_view;
#[cfg(target_arch = "wasm32")]
mod listener;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod models;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod persistence;
#[cfg(target_arch = "wasm32")]
mod plane_view;
#[cfg(target_arch = "wasm32")]
mod player;
#[cfg(target_arch = "wasm32")]
mod player_view;
#[cfg(target_arch = "wasm32")]
mod queue_bar;
#[cfg(target_arch = "wasm32")]
mod queue_view;
#[cfg(target_arch = "wasm32")]
mod reasons_view;
#[cfg(target_arch = "wasm32")]
mod received;
#[cfg(target_arch = "wasm32")]
mod result_view;
#[cfg(target_arch = "wasm32")]
mod said_view;
#[cfg(target_arch = "wasm32")]
mod samples;
#[cfg(target_arch = "wasm32")]
mod service_worker;
#[cfg(target_arch = "wasm32")]
mod share;
#[cfg(target_arch = "wasm32")]
mod shortcuts;
#[cfg(target_arch = "wasm32")]
mod similar_view;
#[cfg(target_arch = "wasm32")]
mod spectrogram;
#[cfg(target_arch = "wasm32")]
mod spectrogram_view;
#[cfg(target_arch = "wasm32")]
mod static_texts;
#[cfg(target_arch = "wasm32")]
mod store;
#[cfg(target_arch = "wasm32")]
mod turn;
#[cfg(target_arch = "wasm32")]
mod view;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
pub mod worker;
#[cfg(target_arch = "wasm32")]
mod worker_client;
#[cfg(target_arch = "wasm32")]
mod workers;

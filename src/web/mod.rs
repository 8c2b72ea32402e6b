//! The page and its worker: the only place that knows the browser.
//!
//! What needs no browser compiles everywhere and is tested on the host: [`state`] (all
//! that the page knows, and what follows from an event), [`protocol`] (messages between
//! page and worker), [`words`], [`axis`] and [`sniff`]. On wasm32, `page` runs the
//! state's effects and renders it, and `worker` runs the analysis.

pub mod axis;
pub mod protocol;
pub mod sniff;
pub mod state;
pub mod words;

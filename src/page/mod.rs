//! The page: event, state, effects, view.
//!
//! What needs no browser compiles everywhere and is tested on the host: [`state`] (all that
//! the page knows, and what follows from an event), [`library`] (all songs that were
//! judged), [`words`] (what people read), [`files`] and [`plot`]. On wasm32, `input` turns
//! what the visitor does into events, `running` takes them in, `browser` carries the effects
//! out and `view` draws the state. Whatever has something to tell gets it to `running` by
//! `sender`.

pub mod files;
pub mod library;
pub mod plot;
pub mod state;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod input;
#[cfg(target_arch = "wasm32")]
mod request;
#[cfg(target_arch = "wasm32")]
mod requests;
#[cfg(target_arch = "wasm32")]
mod running;
#[cfg(target_arch = "wasm32")]
mod sender;
#[cfg(target_arch = "wasm32")]
mod start;
#[cfg(target_arch = "wasm32")]
mod tagging;
#[cfg(target_arch = "wasm32")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use start::start;

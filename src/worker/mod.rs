//! The worker, which judges, and what it says to the page.
//!
//! The page needs only [`protocol`] and [`watch`] of it; the rest is the worker's own
//! WebAssembly.

pub mod protocol;
pub mod watch;

#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod court;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod helper;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod helpers;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod late_network;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod live;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod memory;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod models;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod outbox;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod pause;
#[cfg(all(target_arch = "wasm32", feature = "inference"))]
mod task;

#[cfg(all(target_arch = "wasm32", feature = "inference"))]
pub use task::start;

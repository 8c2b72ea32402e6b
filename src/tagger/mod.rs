//! The tagger, which reads and writes tags in a worker of its own, and what it says to the
//! page.
//!
//! It is fetched when somebody wants tags written: most visitors never do.

pub mod protocol;

#[cfg(all(target_arch = "wasm32", feature = "tagging"))]
mod task;

#[cfg(all(target_arch = "wasm32", feature = "tagging"))]
pub use task::start;

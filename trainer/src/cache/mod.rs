//! Measured inputs of every recording, kept on disk so that training starts at once.
//!
//! `work/cache/` holds `<key>.npy` (log-mel frames) and `<key>.json` (descriptors).
//! A key is the SHA-256 of everything that the file depends on, so a stale file is
//! never read, only orphaned; and the two have keys of their own, so that a new
//! descriptor leaves the log-mel frames alone.

mod build;
mod index;
mod key;
mod load;
mod store;

use std::path::{Path, PathBuf};

pub use build::{Options, build};
pub use load::load;

/// The cache's folder in the work directory.
fn folder(work: &Path) -> PathBuf {
    work.join("cache")
}

//! Measured inputs of every recording, kept on disk so that training starts at once.
//!
//! `work/cache/` holds `<key>.json` (descriptors) and `<key>.flac` (rendered MIDI).
//! A key is the SHA-256 of everything that the file depends on, so a stale file is
//! never read, only orphaned.

mod build;
mod key;
mod load;
mod sounds;
mod store;

pub use build::{Found, Options, build, descriptors, find};
pub use key::folder;
pub use load::{Heard, heard, load};
pub use sounds::Sounds;

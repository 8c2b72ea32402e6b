//! `trainer tag`: mood, tempo and key into the files themselves.

mod change;
mod file;
mod run;

pub use run::{Options, restore, write};

//! Mood, tempo, key and certainty as tags: what a verdict says for them, what that changes in
//! a file, and how it is written so that the file sounds as before.

mod change;
mod field;
#[cfg(feature = "tagging")]
mod file;

pub use change::{Change, Texts, changes};
pub use field::{Field, Told};
#[cfg(feature = "tagging")]
pub use file::{TagError, read, rewrite, save, texts};
#[cfg(feature = "tagging")]
pub use lofty::tag::Tag;

//! Music before it is heard: MIDI arranged anew, and hashes of files.

mod arrangement;
mod index;

pub use arrangement::arrange;
pub use index::hashes;

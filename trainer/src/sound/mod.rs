//! From files to samples: decoding, MIDI rendered and arranged anew, and hashes of files.

mod arrangement;
pub mod decode;
mod index;

pub use arrangement::arrange;
pub use index::hashes;

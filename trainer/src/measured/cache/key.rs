//! Names of cached files: hashes of all that their contents depend on.

use std::path::{Path, PathBuf};

use undertone::features::Descriptors;

use collections::files;

/// To be raised when a descriptor changes its numbers but not its name.
const VERSION: &str = "descriptors 10";

/// Name, without extension, of the measurements of a file with this content hash, rendered by
/// this synthesizer (empty for audio files).
pub(super) fn key(content: &str, synth: &str) -> String {
    files::sha256_of_parts(&[VERSION, content, synth, &Descriptors::NAMES.join(",")])
}

/// The cache's folder in the work directory.
pub fn folder(work: &Path) -> PathBuf {
    work.join("cache")
}

/// Name, without extension, of a MIDI file's rendering.
pub(super) fn rendering(content: &str, synth: &str) -> String {
    files::sha256_of_parts(&[content, synth])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_instruments_are_another_recording() {
        assert_ne!(rendering("c", "s"), rendering("c", "t"));
        assert_ne!(key("c", "s"), key("c", "t"));
    }
}

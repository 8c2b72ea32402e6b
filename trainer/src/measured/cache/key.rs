//! Names of cached files: hashes of all that their contents depend on.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use undertone::card::FrontEnd;
use undertone::features::Descriptors;

use crate::files;

/// To be raised when decoding, normalising or the log-mel changes its numbers in a
/// way that [`FrontEnd`] does not show.
const LOG_MEL_VERSION: &str = "log-mel 3";
/// To be raised when a descriptor changes its numbers but not its name.
const DESCRIPTORS_VERSION: &str = "descriptors 9";

/// The part of the keys that is the same for all recordings.
pub(super) struct Recipe {
    front_end: String,
    descriptors: String,
}

impl Recipe {
    /// The recipe of this build of the program.
    pub(super) fn current() -> Result<Self> {
        let front_end = serde_json::to_string(&FrontEnd::current())
            .context("the front end can't be written as JSON")?;
        Ok(Self {
            front_end,
            descriptors: Descriptors::NAMES.join(","),
        })
    }

    /// Keys of a file with this content hash, rendered by this synthesizer (empty
    /// for audio files).
    pub(super) fn keys(&self, content: &str, synth: &str) -> Keys {
        let (front_end, descriptors) = (self.front_end.as_str(), self.descriptors.as_str());
        let parts = [DESCRIPTORS_VERSION, content, synth, front_end, descriptors];
        Keys {
            log_mel: files::sha256_of_parts(&[LOG_MEL_VERSION, content, synth, front_end]),
            descriptors: files::sha256_of_parts(&parts),
        }
    }
}

/// The cache's folder in the work directory.
#[must_use]
pub fn folder(work: &Path) -> PathBuf {
    work.join("cache")
}

/// Name, without extension, of a MIDI file's rendering.
pub(super) fn rendering(content: &str, synth: &str) -> String {
    files::sha256_of_parts(&[content, synth])
}

/// Names, without extension, of one recording's cached files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    /// Log-mel frames, `.npy`.
    pub(super) log_mel: String,
    /// Descriptors, `.json`.
    pub(super) descriptors: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(descriptors: &str) -> Recipe {
        Recipe {
            front_end: "{}".to_owned(),
            descriptors: descriptors.to_owned(),
        }
    }

    #[test]
    fn a_new_descriptor_leaves_the_log_mel_alone() {
        let old = recipe("a").keys("content", "s");
        let new = recipe("a,b").keys("content", "s");
        assert_eq!(old.log_mel, new.log_mel);
        assert_ne!(old.descriptors, new.descriptors);
    }

    #[test]
    fn other_instruments_are_another_recording() {
        let recipe = recipe("a");
        let (old, new) = (recipe.keys("c", "s"), recipe.keys("c", "t"));
        assert_ne!(rendering("c", "s"), rendering("c", "t"));
        assert_ne!(old.log_mel, new.log_mel);
        assert_ne!(old.descriptors, new.descriptors);
    }
}

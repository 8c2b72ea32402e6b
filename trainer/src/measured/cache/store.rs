//! Reading and writing the cached files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use undertone::audio::Loudness;
use undertone::features::{Descriptors, TrackFeatures};
use undertone::spectrum::N_MELS;

use super::key::{self, Keys, Recipe};
use crate::console::Hint;
use crate::files;

/// Contents of a `.json` in the cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Measured {
    /// [`Descriptors::NAMES`] when it was written.
    pub(super) names: Vec<String>,
    /// Values in the order of `names`.
    pub(super) values: Vec<f64>,
    /// The track features that formulas give.
    pub(super) features: TrackFeatures,
    /// Duration of the recording in seconds.
    pub(super) duration_s: f64,
    /// Loudness of the recording as it came.
    pub(super) loudness: Loudness,
}

/// What a recording was when it was last measured; the keys follow from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Name in the table of songs.
    pub id: String,
    /// Hash of the file's contents.
    pub sha256: String,
    /// Fingerprint of the synthesizer; empty for audio files.
    pub synth: String,
}

/// The cache's folder with one file a key.
pub(super) struct Store {
    folder: PathBuf,
    recipe: Recipe,
}

impl Store {
    /// The cache of the work directory.
    pub(super) fn open(work: &Path) -> Result<Self> {
        let folder = key::folder(work);
        files::make_folder(&folder)?;
        let recipe = Recipe::current()?;
        Ok(Self { folder, recipe })
    }

    /// Keys of a recording, by the recipe of this build of the program.
    pub(super) fn keys(&self, input: &Input) -> Keys {
        self.recipe.keys(&input.sha256, &input.synth)
    }

    /// Notes which recordings were measured.
    pub(super) fn write_inputs<'a>(&self, inputs: impl Iterator<Item = &'a Input>) -> Result<()> {
        files::write_rows(&self.inputs(), inputs)
    }

    /// The recordings that were measured, by their names.
    pub(super) fn read_inputs(&self) -> Result<HashMap<String, Input>> {
        let inputs: Vec<Input> = files::read_rows(&self.inputs())
            .hint("measure the recordings with `trainer features`")?;
        let by_id = inputs.into_iter().map(|input| (input.id.clone(), input));
        Ok(by_id.collect())
    }

    fn inputs(&self) -> PathBuf {
        self.folder.join("inputs.csv")
    }

    fn log_mel(&self, keys: &Keys) -> PathBuf {
        self.folder.join(format!("{}.npy", keys.log_mel))
    }

    fn descriptors(&self, keys: &Keys) -> PathBuf {
        self.folder.join(format!("{}.json", keys.descriptors))
    }

    pub(super) fn has_log_mel(&self, keys: &Keys) -> bool {
        self.log_mel(keys).is_file()
    }

    pub(super) fn has_descriptors(&self, keys: &Keys) -> bool {
        self.descriptors(keys).is_file()
    }

    /// Writes log-mel frames `[frames, 96]`.
    pub(super) fn write_log_mel(&self, keys: &Keys, frames: &Array2<f32>) -> Result<()> {
        files::write_npy(&self.log_mel(keys), frames)
    }

    /// Reads log-mel frames `[frames, 96]`.
    pub(super) fn read_log_mel(&self, keys: &Keys) -> Result<Array2<f32>> {
        let path = self.log_mel(keys);
        let frames = files::read_npy(&path)?;
        ensure!(
            frames.ncols() == N_MELS,
            "{} has {} bands, expected {N_MELS}; delete it",
            path.display(),
            frames.ncols()
        );
        Ok(frames)
    }

    /// Writes descriptors.
    pub(super) fn write_descriptors(&self, keys: &Keys, measured: &Measured) -> Result<()> {
        files::write_json(&self.descriptors(keys), measured)
    }

    /// Reads descriptors.
    pub(super) fn read_descriptors(&self, keys: &Keys) -> Result<Measured> {
        let path = self.descriptors(keys);
        let measured: Measured =
            files::read_json(&path).hint("delete it, and it is measured again")?;
        ensure!(
            measured.names == Descriptors::NAMES && measured.values.len() == measured.names.len(),
            "{} holds other descriptors; delete it",
            path.display()
        );
        Ok(measured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store, Keys) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let keys = Keys {
            log_mel: "m".to_owned(),
            descriptors: "d".to_owned(),
        };
        (folder, store, keys)
    }

    #[test]
    fn frames_and_descriptors_read_back_as_written() {
        let (_folder, store, keys) = store();
        let frames = Array2::from_shape_fn((5, N_MELS), |(t, b)| t as f32 + b as f32 / 7.0);
        store.write_log_mel(&keys, &frames).unwrap();
        assert_eq!(store.read_log_mel(&keys).unwrap(), frames);
        let measured = Measured {
            names: Descriptors::NAMES.map(str::to_owned).to_vec(),
            values: vec![0.1 + 0.2; Descriptors::NAMES.len()],
            features: TrackFeatures {
                tempo: Some(0.1 + 0.2),
                ..TrackFeatures::default()
            },
            duration_s: 3.5,
            loudness: Loudness {
                integrated_lufs: Some(-20.25),
                range_lu: 3.0,
                peak_dbfs: -0.1,
                true_peak_dbtp: 0.1,
            },
        };
        store.write_descriptors(&keys, &measured).unwrap();
        assert_eq!(store.read_descriptors(&keys).unwrap(), measured);
    }

    #[test]
    fn a_truncated_file_is_an_error_that_names_it() {
        let (_folder, store, keys) = store();
        let frames = Array2::<f32>::zeros((5, N_MELS));
        store.write_log_mel(&keys, &frames).unwrap();
        let path = store.log_mel(&keys);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let error = store.read_log_mel(&keys).unwrap_err();
        assert!(format!("{error:#}").contains("m.npy"), "{error:#}");
    }
}

//! Reading and writing the cached files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use undertone::audio::Loudness;
use undertone::features::{Descriptors, TrackFeatures};

use super::key;
use collections::console::Hint;
use collections::files;

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

impl Input {
    /// Key of its measurements, by the recipe of this build of the program.
    pub(super) fn key(&self) -> String {
        key::key(&self.sha256, &self.synth)
    }
}

/// The cache's folder with one file a key.
pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    /// The cache of the work directory.
    pub(super) fn open(work: &Path) -> Result<Self> {
        let folder = key::folder(work);
        files::make_folder(&folder)?;
        Ok(Self { folder })
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

    fn descriptors(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }

    pub(super) fn has_descriptors(&self, key: &str) -> bool {
        self.descriptors(key).is_file()
    }

    /// Writes descriptors.
    pub(super) fn write_descriptors(&self, key: &str, measured: &Measured) -> Result<()> {
        files::write_json(&self.descriptors(key), measured)
    }

    /// Reads descriptors.
    pub(super) fn read_descriptors(&self, key: &str) -> Result<Measured> {
        let path = self.descriptors(key);
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

    #[test]
    fn descriptors_read_back_as_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
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
        store.write_descriptors("d", &measured).unwrap();
        assert_eq!(store.read_descriptors("d").unwrap(), measured);
        let path = store.descriptors("d");
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let error = store.read_descriptors("d").unwrap_err();
        assert!(format!("{error:#}").contains("d.json"), "{error:#}");
    }
}

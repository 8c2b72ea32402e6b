//! The exported judges on disk.

use std::path::{Path, PathBuf};

use anyhow::Result;
use undertone::{Judges, ModelError};

use crate::console::Hint;

/// The network's card.
pub const NETWORK_CARD: &str = "mood.json";
/// The ensemble's card.
pub const ENSEMBLE_CARD: &str = "ensemble.json";

/// The network's weights.
pub const NETWORK: &str = "mood.onnx";
/// The ensemble's parameters.
pub const ENSEMBLE: &str = "ensemble.bin";

/// The regressor's card.
pub const FEATURES_CARD: &str = "features.json";
/// The regressor's parameters.
pub const FEATURES: &str = "features.bin";

/// Bytes of the files in a models folder.
pub struct ModelFiles {
    /// [`NETWORK_CARD`].
    pub network_card: Vec<u8>,
    /// `mood.onnx`.
    pub network: Vec<u8>,
    /// [`ENSEMBLE_CARD`].
    pub ensemble_card: Vec<u8>,
    /// `ensemble.bin`.
    pub ensemble: Vec<u8>,
    /// [`FEATURES_CARD`].
    pub features_card: Vec<u8>,
    /// `features.bin`.
    pub features: Vec<u8>,
}

impl ModelFiles {
    /// Reads all of them.
    ///
    /// # Errors
    /// [`ModelError::Missing`] with the name of the first that can't be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path: PathBuf = folder.join(name);
            std::fs::read(&path)
                .map_err(|error| ModelError::Missing {
                    name: path.display().to_string(),
                    detail: error.to_string(),
                })
                .hint("name the folder of the models with --models, or write them with `trainer export`")
        };
        Ok(Self {
            network_card: read(NETWORK_CARD)?,
            network: read(NETWORK)?,
            ensemble_card: read(ENSEMBLE_CARD)?,
            ensemble: read(ENSEMBLE)?,
            features_card: read(FEATURES_CARD)?,
            features: read(FEATURES)?,
        })
    }

    /// Checks the files against their cards and loads them.
    ///
    /// # Errors
    /// A [`ModelError`] with the name of the file at fault.
    pub fn judges(&self) -> Result<Judges> {
        Judges::from_files(
            &self.network_card,
            &self.network,
            &self.ensemble_card,
            &self.ensemble,
            &self.features_card,
            &self.features,
        )
        .hint("write the models again with `trainer export`")
    }
}

//! The exported judges on disk.

use std::path::{Path, PathBuf};

use anyhow::Result;
use undertone::judges::Tagger;
use undertone::{Judges, ModelError};

use crate::cli::console::Hint;
use crate::regress;

/// The network's card.
pub const NETWORK_CARD: &str = "mood.json";
/// The ensemble's card.
pub const ENSEMBLE_CARD: &str = "ensemble.json";

/// The network's weights.
pub const NETWORK: &str = "mood.onnx";
/// The ensemble's parameters.
const ENSEMBLE: &str = crate::classic::FILE;

/// The tagger's card.
pub const TAGGER_CARD: &str = "tagger.json";
/// The tagger's weights.
pub const TAGGER: &str = "tagger.onnx";

/// The regressor's card.
pub const FEATURES_CARD: &str = regress::CARD;
/// The regressor's parameters.
pub const FEATURES: &str = regress::FILE;

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
    /// [`TAGGER_CARD`] and `tagger.onnx`, where the folder has them.
    pub tagger: Option<[Vec<u8>; 2]>,
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
            tagger: if folder.join(TAGGER_CARD).is_file() {
                Some([read(TAGGER_CARD)?, read(TAGGER)?])
            } else {
                None
            },
        })
    }

    /// Checks the files against their cards and loads them.
    ///
    /// # Errors
    /// A [`ModelError`] with the name of the file at fault.
    pub fn judges(&self) -> Result<Judges> {
        let judges = Judges::from_files(
            &self.network_card,
            &self.network,
            &self.ensemble_card,
            &self.ensemble,
            &self.features_card,
            &self.features,
        );
        let tagger = self.tagger.as_ref();
        let tagger = tagger.map(|[card, model]| Tagger::from_files(card, model));
        judges
            .and_then(|judges| {
                Ok(Judges {
                    tagger: tagger.transpose()?,
                    ..judges
                })
            })
            .hint("write the models again with `trainer export`")
    }
}

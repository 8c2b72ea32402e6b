//! The exported judges on disk.

use std::path::{Path, PathBuf};

use anyhow::Result;
use undertone::judges::Tagger;
use undertone::{Judges, ModelError};

use crate::console::Hint;
use crate::learn::regressor;

/// The network's card.
pub const NETWORK_CARD: &str = "mood.json";
/// The ensemble's card.
pub const ENSEMBLE_CARD: &str = "ensemble.json";

/// The network's weights.
pub const NETWORK: &str = "mood.onnx";
/// The ensemble's parameters.
const ENSEMBLE: &str = crate::learn::classic::FILE;

/// The tagger's card.
pub const TAGGER_CARD: &str = "tagger.json";
/// The tagger's weights.
pub const TAGGER: &str = "tagger.onnx";

/// The small tagger's card.
pub const SMALL_TAGGER_CARD: &str = "tagger-small.json";
/// The small tagger's weights.
pub const SMALL_TAGGER: &str = "tagger-small.onnx";

/// The regressor's card.
pub const FEATURES_CARD: &str = regressor::CARD;
/// The regressor's parameters.
pub const FEATURES: &str = regressor::FILE;

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
    /// [`SMALL_TAGGER_CARD`] and `tagger-small.onnx`, where the folder has them.
    pub small_tagger: Option<[Vec<u8>; 2]>,
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
        let pair = |card: &str, model: &str| -> Result<Option<[Vec<u8>; 2]>> {
            if !folder.join(card).is_file() {
                return Ok(None);
            }
            Ok(Some([read(card)?, read(model)?]))
        };
        Ok(Self {
            network_card: read(NETWORK_CARD)?,
            network: read(NETWORK)?,
            ensemble_card: read(ENSEMBLE_CARD)?,
            ensemble: read(ENSEMBLE)?,
            features_card: read(FEATURES_CARD)?,
            features: read(FEATURES)?,
            tagger: pair(TAGGER_CARD, TAGGER)?,
            small_tagger: pair(SMALL_TAGGER_CARD, SMALL_TAGGER)?,
        })
    }

    /// Checks the files against their cards and loads them; of the two taggers the large one,
    /// where it is there.
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
        let large = self.tagger.as_ref().map(|files| (TAGGER_CARD, files));
        let small = self.small_tagger.as_ref();
        let tagger = large.or(small.map(|files| (SMALL_TAGGER_CARD, files)));
        let tagger = tagger.map(|(name, [card, model])| Tagger::from_files(name, card, model));
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

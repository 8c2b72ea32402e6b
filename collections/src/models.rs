//! The exported judges on disk.

use std::path::Path;

use anyhow::Result;
use undertone::{Judges, ModelError};

use crate::console::Hint;

/// The network's card.
pub const NETWORK_CARD: &str = Judges::FILES[0];
/// The network's weights.
pub const NETWORK: &str = Judges::FILES[1];
/// The ensemble's card.
pub const ENSEMBLE_CARD: &str = Judges::FILES[2];
/// The ensemble's parameters.
pub const ENSEMBLE: &str = Judges::FILES[3];
/// The regressor's card.
pub const FEATURES_CARD: &str = Judges::FILES[4];
/// The regressor's parameters.
pub const FEATURES: &str = Judges::FILES[5];

/// Bytes of the files in a models folder, in the order of [`Judges::FILES`].
pub struct ModelFiles(pub [Vec<u8>; 6]);

impl ModelFiles {
    /// Reads all of them.
    ///
    /// # Errors
    /// [`ModelError::Missing`] with the name of the first that can't be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut files = <[Vec<u8>; 6]>::default();
        for (file, name) in files.iter_mut().zip(Judges::FILES) {
            let path = folder.join(name);
            *file = std::fs::read(&path)
                .map_err(|error| ModelError::Missing {
                    name: path.display().to_string(),
                    detail: error.to_string(),
                })
                .hint("name the folder of the models with --models, or write them with `trainer export`")?;
        }
        Ok(Self(files))
    }

    /// Checks the files against their cards and loads them.
    ///
    /// # Errors
    /// A [`ModelError`] with the name of the file at fault.
    pub fn judges(&self) -> Result<Judges> {
        let files = self.0.each_ref().map(Vec::as_slice);
        Judges::from_files(files).hint("write the models again with `trainer export`")
    }
}

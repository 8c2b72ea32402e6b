//! The judges that a run asks.

use std::path::{Path, PathBuf};

use anyhow::Result;
use undertone::Judges;

use crate::files;
use crate::models::ModelFiles;

/// The judges, and a hash of all that a verdict depends on beside the song.
pub struct Models {
    /// All threads ask the same.
    pub judges: Judges,
    /// The hash.
    pub id: String,
}

impl Models {
    /// Reads and checks the models of a folder.
    ///
    /// # Errors
    /// When one of them is refused.
    pub fn open(folder: &Path) -> Result<Self> {
        let judges = ModelFiles::read(folder)?.judges()?;
        let mut parts = vec![env!("CARGO_PKG_VERSION").to_owned()];
        let is_model = |path: &PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("json" | "onnx" | "bin"))
        };
        for path in files::list(folder)?.iter().filter(|path| is_model(path)) {
            parts.push(files::sha256_of(path)?);
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let id = files::sha256_of_parts(&parts);
        Ok(Self { judges, id })
    }
}

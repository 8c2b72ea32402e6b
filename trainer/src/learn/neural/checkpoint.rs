//! The state of a training run on disk, so that a run that was stopped goes on as if
//! it had not been.

use std::path::Path;

use anyhow::{Context, Result};
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use serde::{Deserialize, Serialize};

use super::history::History;
use super::net::Net;
use collections::console::Hint;
use collections::files;

/// Name and version of the file's layout, its first field.
const FORMAT: &str = "undertone training checkpoint 3";

/// Everything that the next epoch depends on. There is no random state: every epoch
/// seeds its own generator from the run's seed and the epoch's number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Checkpoint {
    format: String,
    /// Digest of all that the run was started with.
    pub run: String,
    /// What happened so far.
    pub history: History,
    /// Weights after the last epoch.
    pub net: Vec<u8>,
    /// State of the optimiser after the last epoch.
    pub optimizer: Vec<u8>,
    /// Weights of the epoch that the run would end with.
    pub best: Vec<u8>,
}

impl Checkpoint {
    /// A checkpoint of a run.
    ///
    /// # Errors
    /// Where a state can't be serialised.
    pub fn new(
        run: &str,
        history: &History,
        net: &Net,
        optimizer: &ModuleOptimizer,
        best: &[u8],
    ) -> Result<Self> {
        Ok(Self {
            format: FORMAT.to_owned(),
            run: run.to_owned(),
            history: history.clone(),
            net: weights(net)?,
            optimizer: optimizer.into_bytes()?.to_vec(),
            best: best.to_vec(),
        })
    }

    /// Writes the file at once or not at all.
    ///
    /// # Errors
    /// Where the folder can't be written to.
    pub fn save(&self, path: &Path) -> Result<()> {
        let bytes = postcard::to_allocvec(self)?;
        files::write(path, &bytes)
    }

    /// Reads a file; `None` where there is none.
    ///
    /// # Errors
    /// Where it can't be read, or is something else.
    pub fn load(path: &Path) -> Result<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let bytes =
            std::fs::read(path).with_context(|| format!("{} can't be read", path.display()))?;
        let checkpoint = postcard::from_bytes(&bytes).ok();
        checkpoint
            .filter(|checkpoint: &Self| checkpoint.format == FORMAT)
            .with_context(|| format!("{} is no checkpoint of this version", path.display()))
            .hint("remove it to train from the start, or work in another folder")
            .map(Some)
    }
}

/// The weights of a network and its running statistics.
///
/// # Errors
/// Where they can't be serialised.
pub fn weights(net: &Net) -> Result<Vec<u8>> {
    // `valid` also brings the running statistics up to date.
    let bytes = net.valid().into_record().into_bytes();
    Ok(bytes.context("the weights can't be stored")?.to_vec())
}

/// Puts [`weights`] into a network of the same shape.
///
/// # Errors
/// Where they are of another shape.
pub fn with_weights(net: Net, bytes: &[u8]) -> Result<Net> {
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes.to_vec()))?;
    net.try_load_record(record)
        .context("the stored weights do not fit the network")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_version_is_refused() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("checkpoint.bin");
        assert!(Checkpoint::load(&path)?.is_none());
        let old = "undertone training checkpoint 2";
        std::fs::write(
            &path,
            postcard::to_allocvec(&(old, "digest", vec![0_u8; 99]))?,
        )?;
        let error = Checkpoint::load(&path)
            .map(|_| ())
            .map_err(|e| format!("{e:#}"));
        assert!(error.is_err_and(|text| text.contains("checkpoint of this version")));
        Ok(())
    }
}

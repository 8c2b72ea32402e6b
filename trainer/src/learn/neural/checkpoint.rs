//! The state of a training run on disk, so that a run that was stopped goes on as if
//! it had not been.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::history::{Epoch, History};
use crate::files;

/// Name and version of the file's layout, its first field.
const FORMAT: &str = "undertone training checkpoint 2";

/// Everything that the next epoch depends on. There is no random state: every epoch
/// seeds its own generator from the run's seed and the epoch's number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Checkpoint<E = Epoch> {
    format: String,
    /// Digest of the options and examples that the run was started with.
    pub run: String,
    /// What happened so far.
    pub history: History<E>,
    /// Weights after the last epoch.
    pub network: Vec<u8>,
    /// State of the optimiser after the last epoch.
    pub optimizer: Vec<u8>,
    /// Weights after the best epoch; empty for a run that ends with its last.
    pub best: Vec<u8>,
}

impl<E: Clone + Serialize + DeserializeOwned> Checkpoint<E> {
    /// A checkpoint of a run.
    ///
    /// # Errors
    /// Where a state can't be serialised.
    pub fn new(
        run: &str,
        history: &History<E>,
        network: &impl Module,
        optimizer: &ModuleOptimizer,
        best: &[u8],
    ) -> Result<Self> {
        Ok(Self {
            format: FORMAT.to_owned(),
            run: run.to_owned(),
            history: history.clone(),
            network: weights(network)?,
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
        files::write_whole(path, |out| Ok(out.write_all(&bytes)?))
    }

    /// Reads a file; `None` where there is none.
    ///
    /// # Errors
    /// Where it can't be read, or is something else.
    pub fn load(path: &Path) -> Result<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let wrong = || format!("{} is not a checkpoint of this version", path.display());
        let bytes =
            std::fs::read(path).with_context(|| format!("{} can't be read", path.display()))?;
        let checkpoint: Self = postcard::from_bytes(&bytes).with_context(wrong)?;
        ensure!(checkpoint.format == FORMAT, wrong());
        Ok(Some(checkpoint))
    }
}

/// The weights of a network and its running statistics.
///
/// # Errors
/// Where they can't be serialised.
pub fn weights(network: &impl Module) -> Result<Vec<u8>> {
    // `valid` also brings the running statistics up to date.
    let record = network.valid().into_record();
    Ok(record
        .into_bytes()
        .context("the weights can't be stored")?
        .to_vec())
}

/// Puts [`weights`] into a network of the same shape.
///
/// # Errors
/// Where they are of another shape.
pub fn with_weights<M: Module>(network: M, bytes: &[u8]) -> Result<M> {
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes.to_vec()))?;
    network
        .try_load_record(record)
        .context("the stored weights do not fit the network")
}

//! The two `train` commands: from the cache to the judges' raw files in the work folder.

use std::path::Path;

use anyhow::Result;

use super::answers::recordings;
use crate::learn::body;
use crate::learn::classic::{self, EnsembleOptions};
use crate::learn::neural::mood;
use crate::learn::neural::to_onnx;
use crate::learn::trained::{Summary, Trained, data_sources, load, save};
use crate::measured::cache;
use crate::measured::example::Split;
use crate::songs::song::Song;
use collections::console::Hint;
use collections::models::NETWORK;

/// Folder of the ensemble within the work folder.
const ENSEMBLE: &str = "ensemble";

/// Folder of the network within the work folder.
const NETWORK_FOLDER: &str = "network";

/// Trains the last layers of the network, or goes on with a run that was stopped, and writes
/// its file: the body that heard the songs, with these layers behind it. They learn from every
/// song of the table; how right they are the folds say.
///
/// # Errors
/// As [`mood::train`]; or where the body or the work folder can't be read or written.
pub fn network(work: &Path, songs: &[Song], training: &mood::Options) -> Result<()> {
    let body = body::read(work)?;
    let tokens = body::tokens(work)?;
    let heard = recordings(songs, &tokens);
    let folder = work.join(NETWORK_FOLDER);
    let mut training = training.clone();
    training.training.work_dir.clone_from(&folder);
    let trained = mood::train(&heard, &[], &training)?;
    let bytes = body::write(&body, &to_onnx(&trained.net)?)?;
    let epochs = trained.epochs.last().map(|epoch| {
        format!(
            "{} epochs; then training loss {:.4}",
            epoch.number, epoch.train_loss
        )
    });
    let summary = Summary {
        made_by: training.command(),
        parameters: trained.net.spec.parameters()?,
        data: data_sources(songs),
        choices: std::iter::once(format!("{} recordings", heard.len()))
            .chain(epochs)
            .collect(),
    };
    save(&folder, NETWORK, &bytes, &summary)
}

/// Fits the ensemble on every song of the table and writes `ensemble.bin`; how right it is the
/// folds say.
///
/// # Errors
/// As [`classic::fit_ensemble`]; or where the work folder can't be read or written.
pub fn ensemble(work: &Path, songs: &[Song], seed: u64) -> Result<()> {
    let mut examples = cache::load(work, songs)?;
    for example in &mut examples {
        example.split = Split::Train;
    }
    let options = EnsembleOptions {
        seed,
        ..EnsembleOptions::default()
    };
    let trained = classic::fit_ensemble(&examples, &options)?;
    let tried = format!("chosen of {} settings", trained.search.len());
    let chosen = trained.chosen.iter().map(|point| {
        let macro_f1 = point.macro_f1;
        format!("{}: macro-F1 {macro_f1:.3} over the folds", point.learner)
    });
    let summary = Summary {
        made_by: format!("trainer train ensemble --seed {seed}"),
        parameters: trained.bytes.len() / size_of::<f32>(),
        data: data_sources(songs),
        choices: std::iter::once(tried).chain(chosen).collect(),
    };
    save(
        &work.join(ENSEMBLE),
        classic::FILE,
        &trained.bytes,
        &summary,
    )
}

/// The network as [`network`] left it.
///
/// # Errors
/// Where it was not trained yet.
pub fn trained_network(work: &Path) -> Result<Trained> {
    load(&work.join(NETWORK_FOLDER), NETWORK).hint("train it with `trainer train network`")
}

/// The ensemble as [`ensemble`] left it.
///
/// # Errors
/// Where it was not trained yet.
pub fn trained_ensemble(work: &Path) -> Result<Trained> {
    load(&work.join(ENSEMBLE), classic::FILE).hint("train it with `trainer train ensemble`")
}

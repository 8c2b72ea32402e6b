//! The two `train` commands: from the cache to the judges' raw files in the work folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use undertone::ensemble::Ensemble;

use crate::cache;
use crate::classic::{self, EnsembleOptions};
use crate::cli::console::{self, Hint};
use crate::evaluate::metrics::{argmax, macro_f1};
use crate::example::Example;
use crate::files;
use crate::models;
use crate::neural::{self, ExportOptions, TrainOptions};

/// Folder of the network within the work folder.
const NETWORK: &str = "network";
/// Folder of the ensemble within the work folder.
const ENSEMBLE: &str = "ensemble";
/// Name of the summary beside each raw file.
const SUMMARY: &str = "summary.json";

/// What a card says of the run that made a judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The command that repeats the run.
    pub made_by: String,
    /// Trained parameters.
    pub parameters: usize,
    /// The story of the choices, one line each.
    pub choices: Vec<String>,
}

/// A raw trained judge: its file and the summary of its run.
pub struct Trained {
    /// Bytes of the model file.
    pub bytes: Vec<u8>,
    /// How it came about.
    pub summary: Summary,
}

/// Trains the network, or goes on with a run that was stopped, and writes `mood.onnx`.
///
/// # Errors
/// As [`neural::train`]; or where the work folder can't be read or written.
pub fn network(work: &Path, epochs: usize, seed: u64) -> Result<()> {
    let examples = cache::load(work)?;
    let options = TrainOptions {
        epochs,
        seed,
        ..TrainOptions::new(work.join(NETWORK))
    };
    let trained = neural::train(&examples, &options)?;
    let half = ExportOptions {
        half_precision: true,
    };
    let bytes = neural::to_onnx(&trained.network, half)?;
    let best = trained.epochs.get(trained.best_epoch.saturating_sub(1));
    let summary = Summary {
        made_by: format!("trainer train network --epochs {epochs} --seed {seed}"),
        parameters: trained.network.parameters(),
        choices: best
            .map(|epoch| {
                format!(
                    "epoch {} of {}: validation loss {:.4}, macro-F1 {:.3}",
                    epoch.number,
                    trained.epochs.len(),
                    epoch.val_loss,
                    epoch.val_macro_f1
                )
            })
            .into_iter()
            .collect(),
    };
    save(&work.join(NETWORK), models::NETWORK, &bytes, &summary)
}

/// Fits the ensemble and writes `ensemble.bin`.
///
/// # Errors
/// As [`classic::fit_ensemble`]; or where the work folder can't be read or written.
pub fn ensemble(work: &Path, seed: u64) -> Result<()> {
    let examples = cache::load(work)?;
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
    let held_out = format!(
        "macro-F1 {:.3} on the validation songs",
        validation_macro_f1(&trained.ensemble, &examples)?
    );
    let summary = Summary {
        made_by: format!("trainer train ensemble --seed {seed}"),
        parameters: trained.bytes.len() / size_of::<f32>(),
        choices: std::iter::once(tried)
            .chain(chosen)
            .chain([held_out])
            .collect(),
    };
    save(
        &work.join(ENSEMBLE),
        classic::FILE,
        &trained.bytes,
        &summary,
    )
}

fn validation_macro_f1(ensemble: &Ensemble, examples: &[Example]) -> Result<f64> {
    let stacked = classic::predictions(ensemble, examples)?.pop();
    let rows = stacked.context("no ensemble")?.rows;
    let truth: Vec<usize> = rows
        .iter()
        .map(|row| examples[row.0].mood.index())
        .collect();
    let answers: Vec<usize> = rows.iter().map(|row| argmax(&row.1)).collect();
    Ok(macro_f1(&truth, &answers))
}

/// The network as [`network`] left it.
///
/// # Errors
/// Where it was not trained yet.
pub fn trained_network(work: &Path) -> Result<Trained> {
    load(&work.join(NETWORK), models::NETWORK).hint("train it with `trainer train network`")
}

/// The ensemble as [`ensemble`] left it.
///
/// # Errors
/// Where it was not trained yet.
pub fn trained_ensemble(work: &Path) -> Result<Trained> {
    load(&work.join(ENSEMBLE), classic::FILE).hint("train it with `trainer train ensemble`")
}

fn save(folder: &Path, name: &str, bytes: &[u8], summary: &Summary) -> Result<()> {
    let write = |path: PathBuf, bytes: &[u8]| {
        files::write_whole(&path, |file| Ok(file.write_all(bytes)?))
            .with_context(|| format!("writing {}", path.display()))
    };
    write(folder.join(name), bytes)?;
    write(folder.join(SUMMARY), &serde_json::to_vec_pretty(summary)?)?;
    for choice in &summary.choices {
        console::note(choice);
    }
    console::note(&format!(
        "{} bytes in {}",
        bytes.len(),
        folder.join(name).display()
    ));
    Ok(())
}

fn load(folder: &Path, name: &str) -> Result<Trained> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).with_context(|| format!("reading {}", path.display()))
    };
    Ok(Trained {
        bytes: read(name)?,
        summary: serde_json::from_slice(&read(SUMMARY)?)
            .with_context(|| format!("reading {}", folder.join(SUMMARY).display()))?,
    })
}

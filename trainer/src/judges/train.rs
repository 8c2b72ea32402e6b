//! The two `train` commands: from the cache to the judges' raw files in the work folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ndarray::{Array2, s};
use undertone::ensemble::Ensemble;

use crate::console::Hint;
use crate::evaluate::metrics::{argmax, macro_f1};
use crate::learn::classic::{self, EnsembleOptions};
use crate::learn::models;
use crate::learn::neural::mood::{self, Lessons, Material};
use crate::learn::neural::{ExportOptions, to_onnx};
use crate::learn::teach;
use crate::learn::trained::{Summary, Trained, data_sources, load, save, unlabelled_ids};
use crate::measured::cache;
use crate::measured::example::{Example, Split};
use crate::songs::song::Song;

/// Folder of the network within the work folder.
const NETWORK: &str = "network";
/// Folder of the ensemble within the work folder.
const ENSEMBLE: &str = "ensemble";

/// How to train the network.
#[derive(Debug, Clone)]
pub struct NetworkOptions {
    /// Passes over the training split.
    pub epochs: usize,
    /// Everything random follows from it.
    pub seed: u64,
    /// A part that is left out, see [`Example::is_of`].
    pub without: Option<String>,
    /// Whether to learn from the labels alone, even where there are lessons.
    pub untaught: bool,
}

impl NetworkOptions {
    /// The command that repeats the run.
    fn command(&self) -> String {
        let Self { epochs, seed, .. } = self;
        let without = self.without.as_ref();
        let without = without.map_or_else(String::new, |part| format!(" --without \"{part}\""));
        let untaught = if self.untaught { " --untaught" } else { "" };
        format!("trainer train network --epochs {epochs} --seed {seed}{without}{untaught}")
    }
}

/// Folder of a network within the work folder.
fn folder(work: &Path, without: Option<&str>, untaught: bool) -> PathBuf {
    let mut name = NETWORK.to_owned();
    if untaught {
        name.push_str("-untaught");
    }
    if let Some(part) = without {
        name.push_str("-without-");
        name.push_str(&part.replace(['/', ' '], "-"));
    }
    work.join(name)
}

/// Trains the network, or goes on with a run that was stopped, and writes `mood.onnx`. It
/// learns from a teacher's lessons, too, where `trainer teach` has left some.
///
/// # Errors
/// As [`mood::train`]; where no example is of the part to be left out; or where the work
/// folder can't be read or written.
pub fn network(work: &Path, songs: &[Song], options: &NetworkOptions) -> Result<()> {
    let examples = cache::load(work, songs)?;
    let without = options.without.as_deref();
    if let Some(part) = without {
        ensure!(
            examples.iter().any(|example| example.is_of(part)),
            "no recording is of {part:?}, expected a corpus or corpus/kind of label"
        );
    }
    let taught = !options.untaught && teach::is_there(work);
    let (unlabelled, lessons) = if taught {
        let unlabelled = unlabelled(work, songs, without)?;
        let lessons = lessons(work, &examples, &unlabelled, without)?;
        (unlabelled, lessons)
    } else {
        (Vec::new(), Lessons::default())
    };
    let material = Material {
        examples: &examples,
        unlabelled: &unlabelled,
        lessons: &lessons,
        without,
    };
    let folder = folder(work, without, options.untaught);
    let mut training = mood::Options::new(folder.clone());
    training.training.epochs = options.epochs;
    training.training.seed = options.seed;
    let trained = mood::train(&material, &training)?;
    let half = ExportOptions {
        half_precision: true,
    };
    let bytes = to_onnx(&trained.net, half)?;
    let learnt = format!(
        "{} labelled recordings, {} without a label, {} lessons of a teacher",
        material.training().len() - unlabelled.len(),
        unlabelled.len(),
        if taught { "with" } else { "without" },
    );
    let epoch = trained.epochs.last().map(|epoch| {
        format!(
            "{} epochs; then validation loss {:.4}, macro-F1 {:.3}",
            epoch.number, epoch.val_loss, epoch.val_macro_f1
        )
    });
    let summary = Summary {
        made_by: options.command(),
        parameters: trained.net.spec.trainable_parameters()?,
        data: data_sources(songs),
        choices: std::iter::once(learnt).chain(epoch).collect(),
    };
    save(&folder, models::NETWORK, &bytes, &summary)
}

/// The recordings without a label, but for those by an artist of the part left out.
fn unlabelled(
    work: &Path,
    songs: &[Song],
    without: Option<&str>,
) -> Result<Vec<(String, Array2<f32>)>> {
    let mut unlabelled = cache::load_unlabelled(work, songs)?;
    let listed = unlabelled_ids(songs, without);
    unlabelled.retain(|(id, _)| listed.contains(id));
    Ok(unlabelled)
}

/// The teacher's lessons, scaled by those of the recordings that are trained on.
fn lessons(
    work: &Path,
    examples: &[Example],
    unlabelled: &[(String, Array2<f32>)],
    without: Option<&str>,
) -> Result<Lessons> {
    let trained = examples
        .iter()
        .filter(|e| e.split == Split::Train && without.is_none_or(|part| !e.is_of(part)))
        .map(|e| e.id.as_str());
    let unlabelled = unlabelled.iter().map(|(id, _)| id.as_str());
    let fitted: Vec<&str> = trained.chain(unlabelled).collect();
    let lessons = teach::lessons(work)?.into_iter();
    let taught = lessons.map(|(id, lesson)| (id, lesson.slice_move(s![.., ..teach::TAUGHT])));
    Lessons::new(taught.collect(), &fitted, teach::TOKEN_WIDTH)
}

/// Fits the ensemble and writes `ensemble.bin`.
///
/// # Errors
/// As [`classic::fit_ensemble`]; or where the work folder can't be read or written.
pub fn ensemble(work: &Path, songs: &[Song], seed: u64) -> Result<()> {
    let examples = cache::load(work, songs)?;
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
        data: data_sources(songs),
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
    load(&folder(work, None, false), models::NETWORK).hint("train it with `trainer train network`")
}

/// The network that was trained without that part.
///
/// # Errors
/// Where none was.
pub fn network_without(work: &Path, part: &str) -> Result<Trained> {
    load(&folder(work, Some(part), false), models::NETWORK)
}

/// The network that learnt from the labels alone.
///
/// # Errors
/// Where there is none.
pub fn untaught_network(work: &Path) -> Result<Trained> {
    load(&folder(work, None, true), models::NETWORK)
}

/// The ensemble as [`ensemble`] left it.
///
/// # Errors
/// Where it was not trained yet.
pub fn trained_ensemble(work: &Path) -> Result<Trained> {
    load(&work.join(ENSEMBLE), classic::FILE).hint("train it with `trainer train ensemble`")
}

//! What one system did: the raw material of the report, kept as JSON fold by fold.

use serde::{Deserialize, Serialize};

pub use crate::learn::neural::Epoch as EpochRun;
use crate::songs::task::Task;

/// What kind of system it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// What every system must beat.
    Baseline,
    /// Fitted on a table of features.
    Classic,
    /// Trained by gradient descent.
    Neural,
}

/// One system in one task, over the folds that it was run on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SystemRun {
    /// What it was trained to tell apart.
    pub task: Task,
    /// Name, unique within the task: `"svm"`, `"svm, SMOTE"`, `"Conv+FC"`.
    pub system: String,
    /// What it is.
    #[serde(flatten)]
    pub facts: Facts,
    /// Its folds, in order.
    pub folds: Vec<FoldRun>,
}

/// What a system is, whatever it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Its kind.
    pub family: Family,
    /// What it looks at: `"12 features"`, `"log-mel 128 × 1292"`.
    pub input: String,
    /// Its settings, as they should stand in a paper.
    pub settings: String,
    /// Number of trained parameters, where that is a fixed number.
    pub parameters: Option<u64>,
    /// Size of the model file in bytes, where one is written.
    pub model_bytes: Option<u64>,
}

/// A system fitted on all folds but one (and but the one it was validated on), and asked
/// about that one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoldRun {
    /// How it was fitted.
    #[serde(flatten)]
    pub fit: Fit,
    /// What it says of every song of the held-out fold.
    pub answers: Vec<Answer>,
}

/// How a system was fitted for one fold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Number of the held-out fold, from 0.
    pub fold: usize,
    /// Songs that it was fitted on.
    pub n_train: usize,
    /// Songs that choices (early stopping) were made on; 0 where they were made by
    /// cross-validation inside the training songs.
    pub n_validation: usize,
    /// What was chosen in this fold (a grid point, an epoch), for people.
    pub chosen: String,
    /// Wall time of search and fitting.
    pub seconds: f64,
    /// Training curve; empty where there is none.
    pub epochs: Vec<EpochRun>,
    /// Epoch that the weights are from, counted from 1.
    pub best_epoch: Option<usize>,
}

/// What a system says of one held-out song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
// `answer` stands beside `truth`, as in every table of the report.
#[allow(clippy::struct_field_names)]
pub struct Answer {
    /// Position of the song in the study's table.
    pub song: usize,
    /// Number of the true class.
    pub truth: usize,
    /// Number of the answered class. Mostly the likeliest one; a support vector machine
    /// answers by the votes of its pairs, as scikit-learn's does.
    pub answer: usize,
    /// Probability of every class.
    pub probabilities: Vec<f64>,
}

//! Fits the second judge, [`undertone::ensemble`], and the baselines beside it.
//!
//! Everything is fitted on the training split: settings are chosen by cross-validation
//! over groups inside it, and scaling and oversampling happen inside each fold. The
//! validation split is only ever predicted.

mod background;
pub mod baseline;
pub mod cart;
pub mod cholesky;
pub mod folds;
mod forest;
pub mod learner;
mod logistic;
pub mod preparation;
#[cfg(test)]
mod references;
pub mod rows;
pub mod search;
mod smo;
mod smote;
pub mod stack;
mod svm;
#[cfg(test)]
mod tests;

use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use undertone::Mood;
use undertone::ensemble::{Ensemble, EnsembleModel};

pub use baseline::baselines;
pub use rows::validation;

use crate::evaluate::Predictions;
use crate::measured::example::Example;
use cart::Limits;
use learner::{Fitted, Learner, Method};
use preparation::Preparation;
use rows::Rows;
use search::{Fold, GridPoint};
use stack::Stack;

/// Name of the model's file, beside its card.
pub use collections::models::ENSEMBLE as FILE;

/// Most bytes of [`FILE`]: every visitor downloads it.
pub const MAX_BYTES: usize = 350_000;

/// What to try, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct EnsembleOptions {
    /// Settings of the support vector machine to try.
    pub svm: Vec<Learner>,
    /// Settings of the tree to try.
    pub tree: Vec<Learner>,
    /// Settings of the forest to try.
    pub forest: Vec<Learner>,
    /// Folds of the search.
    pub n_folds: usize,
    /// Seed of everything that is drawn.
    pub seed: u64,
}

impl Default for EnsembleOptions {
    fn default() -> Self {
        let mut options = Self {
            svm: Vec::new(),
            tree: Vec::new(),
            forest: Vec::new(),
            n_folds: 5,
            seed: 0,
        };
        for oversample in [false, true] {
            let learner = |method| Learner { method, oversample };
            for c in [0.3, 1.0, 3.0, 10.0, 30.0] {
                let widths = [0.1, 0.3, 1.0, 2.0].map(|gamma| Method::Svm { c, gamma });
                options.svm.extend(widths.map(learner));
            }
            let limits = |max_depth, min_samples_leaf| Limits {
                max_depth: Some(max_depth),
                min_samples_leaf,
            };
            for max_depth in [3, 4, 6, 8, 12] {
                let trees = [2, 5, 10, 20].map(|leaf| Method::Tree(limits(max_depth, leaf)));
                options.tree.extend(trees.map(learner));
            }
            for max_depth in [6, 8, 10] {
                let forests = [2, 4, 8].map(|leaf| Method::Forest {
                    n_estimators: 120,
                    limits: limits(max_depth, leaf),
                });
                options.forest.extend(forests.map(learner));
            }
        }
        options
    }
}

/// A fitted ensemble with the story of its choices.
#[derive(Debug)]
pub struct TrainedEnsemble {
    /// The ensemble, as the page will run it.
    pub ensemble: Ensemble,
    /// The bytes of its file.
    pub bytes: Vec<u8>,
    /// The settings that were taken: machine, tree, forest.
    pub chosen: Vec<GridPoint>,
    /// All settings that were tried.
    pub search: Vec<GridPoint>,
}

/// Chooses settings and fits the ensemble on the training split of `examples`.
///
/// The same examples and options give the same bytes. [`Example::weight`] scales the
/// machine's penalty, is a row's weight in the trees, and the number of its copies for
/// the combiner.
///
/// # Errors
/// Where the training split is too small for the folds or the model too large for the
/// page ([`MAX_BYTES`]).
pub fn fit_ensemble(examples: &[Example], options: &EnsembleOptions) -> Result<TrainedEnsemble> {
    let rows = Rows::of_training(examples)?;
    let folds = search::folds(&rows, options.n_folds, options.seed)
        .context("splitting the training examples into folds")?;
    let mut chosen = Vec::new();
    let mut tried = Vec::new();
    for grid in [&options.svm, &options.tree, &options.forest] {
        let points = searched(grid, &folds, options.seed)?;
        chosen.push(search::best(&points).context("nothing to try")?);
        tried.extend(points);
    }
    let model = refit(&rows, &folds, &chosen, options.seed)?;
    let ensemble = Ensemble::new(model, FILE)?;
    let bytes = ensemble.to_bytes()?;
    ensure!(
        bytes.len() <= MAX_BYTES,
        "{FILE} would have {} bytes, expected at most {MAX_BYTES}; try fewer or shallower trees",
        bytes.len()
    );
    Ok(TrainedEnsemble {
        ensemble,
        bytes,
        chosen,
        search: tried,
    })
}

fn searched(grid: &[Learner], folds: &[Fold], seed: u64) -> Result<Vec<GridPoint>> {
    let start = Instant::now();
    let points = search::search(grid, folds, seed)?;
    if let Some(best) = search::best(&points) {
        eprintln!(
            "{} settings in {:.1} s, best macro-F1 {:.3}: {}",
            points.len(),
            start.elapsed().as_secs_f64(),
            best.macro_f1,
            best.learner
        );
    }
    Ok(points)
}

/// Fits the chosen learners on all rows, and the combiner on what they said of rows
/// that they had not seen.
fn refit(rows: &Rows, folds: &[Fold], chosen: &[GridPoint], seed: u64) -> Result<EnsembleModel> {
    let preparation = Preparation::fit(rows);
    let standardised = preparation.apply(rows)?.on_grid();
    let learners: Vec<Learner> = chosen.iter().map(|point| point.learner).collect();
    let stack = Stack::fit(&standardised, folds, &learners, seed)?;
    let [Fitted::Svm(svm), Fitted::Tree(tree), Fitted::Forest(forest)] = stack.base.as_slice()
    else {
        bail!("the learners do not come as machine, tree and forest");
    };
    Ok(EnsembleModel {
        scaler: preparation.scaler,
        svm: svm.clone(),
        tree: tree.clone(),
        forest: forest.clone(),
        stack: stack.combiner,
        background: background::background(&standardised),
    })
}

/// What an ensemble and each of its learners say of the validation split, for
/// [`crate::evaluate::compare`]: svm, tree, forest and the whole ensemble.
///
/// # Errors
/// Where an example has other descriptors than the ensemble.
pub fn predictions(ensemble: &Ensemble, examples: &[Example]) -> Result<Vec<Predictions>> {
    let names = ["svm", "tree", "forest", "ensemble"];
    let mut systems = names.map(Predictions::new);
    for (index, example) in validation(examples) {
        let output = ensemble
            .predict_proba(&example.descriptors)
            .with_context(|| example.id.clone())?;
        let answers = [output.svm, output.tree, output.forest, output.moods];
        for (system, answer) in systems.iter_mut().zip(answers) {
            let shares: [f64; Mood::COUNT] = answer.to_array().map(f64::from);
            system.rows.push((index, shares));
        }
    }
    Ok(systems.into())
}

/// How far the validation songs are from what the ensemble remembers of its training
/// ([`Ensemble::distance`]).
///
/// # Errors
/// Where an example has other descriptors than the ensemble.
pub fn distances(ensemble: &Ensemble, examples: &[Example]) -> Result<Vec<f32>> {
    validation(examples)
        .map(|(_, example)| {
            let distance = ensemble.distance(&example.descriptors);
            Ok(distance.with_context(|| example.id.clone())? as f32)
        })
        .collect()
}

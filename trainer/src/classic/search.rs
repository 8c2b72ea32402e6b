//! Grid search by cross-validation over groups.

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde::Serialize;
use undertone::ensemble::Shares;

use super::folds::stratified_group_folds;
use super::learner::Learner;
use super::rows::Rows;
use crate::evaluate::metrics::{argmax, log_loss, macro_f1};

/// One side-by-side of rows to fit on and rows to ask about.
pub struct Fold {
    /// Standardised rows of the grid; scaler and grid know nothing of `test`.
    train: Rows,
    /// Standardised rows that were held out.
    test: Rows,
    /// Their positions in the whole table.
    at: Vec<usize>,
}

/// One learner's result over all folds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridPoint {
    /// The learner and its settings.
    #[serde(flatten)]
    pub learner: Learner,
    /// Macro-averaged F1 over all rows, each judged by a fit that had not seen its
    /// group.
    pub macro_f1: f64,
    /// Log loss over the same.
    pub log_loss: f64,
    /// Their probabilities, in the order of the table.
    #[serde(skip)]
    pub out_of_fold: Vec<Shares>,
}

/// Splits the table (natural units) into folds, each with a scaler of its own.
///
/// # Errors
/// As [`stratified_group_folds`].
pub fn folds(rows: &Rows, n_folds: usize, seed: u64) -> Result<Vec<Fold>> {
    let fold_of = stratified_group_folds(rows, n_folds, seed)?;
    let split = |fold: usize| {
        let (at, rest): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).partition(|&i| fold_of[i] == fold);
        let train = rows.select(&rest);
        let scaler = train.scaler();
        Ok(Fold {
            train: train.standardised(&scaler)?.on_grid(),
            test: rows.select(&at).standardised(&scaler)?,
            at,
        })
    };
    (0..n_folds).map(split).collect()
}

/// Tries every learner on every fold, in parallel; results in the order of `grid`.
///
/// # Errors
/// With the settings at fault.
pub fn search(grid: &[Learner], folds: &[Fold], seed: u64) -> Result<Vec<GridPoint>> {
    grid.par_iter()
        .map(|&learner| {
            cross_validate(learner, folds, seed).with_context(|| format!("trying {learner:?}"))
        })
        .collect()
}

/// The point of the highest macro-F1; of equals the one with the lowest log loss.
pub fn best(points: &[GridPoint]) -> Option<&GridPoint> {
    points.iter().max_by(|a, b| {
        let score = a.macro_f1.total_cmp(&b.macro_f1);
        score.then(b.log_loss.total_cmp(&a.log_loss))
    })
}

fn cross_validate(learner: Learner, folds: &[Fold], seed: u64) -> Result<GridPoint> {
    let n: usize = folds.iter().map(|fold| fold.at.len()).sum();
    let (mut out_of_fold, mut truth) = (vec![Shares::default(); n], vec![0; n]);
    for fold in folds {
        let fitted = learner.fit(&fold.train, seed)?;
        let answers = fitted.predict_proba(&fold.test.x)?;
        for ((&i, shares), &mood) in fold.at.iter().zip(answers).zip(&fold.test.y) {
            out_of_fold[i] = shares;
            truth[i] = mood;
        }
    }
    let answers: Vec<usize> = out_of_fold.iter().map(argmax).collect();
    Ok(GridPoint {
        learner,
        macro_f1: macro_f1(&truth, &answers),
        log_loss: log_loss(&truth, &out_of_fold),
        out_of_fold,
    })
}

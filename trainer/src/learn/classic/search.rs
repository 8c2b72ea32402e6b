//! Grid search by cross-validation over groups, as scikit-learn's `GridSearchCV` with
//! `scoring="f1_macro"`.

use std::sync::OnceLock;

use anyhow::{Context, Result};
use rayon::prelude::*;
use undertone::ensemble::Shares;

use super::folds::stratified_group_folds;
use super::learner::Learner;
use super::preparation::Preparation;
use super::rows::Rows;
use crate::evaluate::metrics::macro_f1;

/// One side-by-side of rows to fit on and rows to ask about.
pub struct Fold {
    /// Standardised rows of the grid; scaler and grid know nothing of `test`.
    train: Rows,
    /// The same with synthetic rows, once a learner wants them.
    balanced: OnceLock<Rows>,
    /// Standardised rows that were held out.
    test: Rows,
    /// Their positions in the whole table.
    at: Vec<usize>,
}

/// One learner's result over all folds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GridPoint {
    /// The learner and its settings.
    pub learner: Learner,
    /// Macro-averaged F1 of its answers to a held-out fold, averaged over the folds.
    pub macro_f1: f64,
}

/// Splits the table (natural units) into folds, each with a scaler of its own.
///
/// # Errors
/// As [`stratified_group_folds`].
pub fn folds(rows: &Rows, n_folds: usize, seed: u64) -> Result<Vec<Fold>> {
    let fold_of = stratified_group_folds(rows.classes(), &rows.group, n_folds, seed)?;
    let split = |fold: usize| {
        let (at, rest): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).partition(|&i| fold_of[i] == fold);
        let train = rows.select(&rest);
        let preparation = Preparation::fit(&train);
        Ok(Fold {
            train: preparation.apply(&train)?.on_grid(),
            balanced: OnceLock::new(),
            test: preparation.apply(&rows.select(&at))?,
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
    let tries = grid.len() * folds.len();
    let scores: Vec<f64> = (0..tries)
        .into_par_iter()
        .map(|at| {
            let learner = grid[at / folds.len()];
            score(learner, &folds[at % folds.len()], seed)
                .with_context(|| format!("trying {learner}"))
        })
        .collect::<Result<_>>()?;
    let of_learner = grid.iter().zip(scores.chunks(folds.len().max(1)));
    Ok(of_learner
        .map(|(&learner, scores)| GridPoint {
            learner,
            macro_f1: scores.iter().sum::<f64>() / scores.len() as f64,
        })
        .collect())
}

/// The point of the highest macro-F1; of equals the first.
pub fn best(points: &[GridPoint]) -> Option<GridPoint> {
    points.iter().copied().reduce(|best, next| {
        if next.macro_f1 > best.macro_f1 {
            next
        } else {
            best
        }
    })
}

/// A learner's probabilities of every row of the table, each from the fit that had not
/// seen its fold.
///
/// # Errors
/// With what the learner said.
pub fn out_of_fold(learner: Learner, folds: &[Fold], seed: u64) -> Result<Vec<Shares>> {
    let answers: Vec<Vec<Shares>> = folds
        .par_iter()
        .map(|fold| {
            let fitted = learner.fit_probabilities(&fold.train, seed)?;
            fitted.predict_proba(&fold.test.x)
        })
        .collect::<Result<_>>()?;
    let mut placed: Vec<(usize, Shares)> = folds
        .iter()
        .zip(answers)
        .flat_map(|(fold, answers)| fold.at.iter().copied().zip(answers))
        .collect();
    placed.sort_unstable_by_key(|(row, _)| *row);
    Ok(placed.into_iter().map(|(_, shares)| shares).collect())
}

fn score(learner: Learner, fold: &Fold, seed: u64) -> Result<f64> {
    let train = if learner.oversample {
        let balance = || learner.rows(&fold.train, seed).into_owned();
        fold.balanced.get_or_init(balance)
    } else {
        &fold.train
    };
    let answers = learner.method.fit(train, seed).answers(&fold.test.x)?;
    Ok(macro_f1(&fold.test.y, &answers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_held_out_row_reaches_its_training_side() -> Result<()> {
        let value = |row: usize| f64::from((row * 37 % 101) as u32);
        let rows = Rows {
            x: (0..60)
                .map(|row| vec![value(row), -value(row + 7)])
                .collect(),
            y: (0..60).map(|row| usize::from(row % 3 == 0)).collect(),
            n_classes: 2,
            weight: vec![1.0; 60],
            group: (0..60).collect(),
        };
        let learner = Learner {
            method: super::super::learner::Method::Svm { c: 1.0, gamma: 1.0 },
            oversample: true,
        };
        let clean = folds(&rows, 3, 0)?;
        for (number, fold) in clean.iter().enumerate() {
            let mut spoilt = rows.clone();
            for &row in &fold.at {
                spoilt.x[row] = vec![1e9, f64::NAN];
            }
            let other = &folds(&spoilt, 3, 0)?[number];
            assert_eq!(other.train.x, fold.train.x);
            let balanced = learner.rows(&fold.train, 1);
            assert_eq!(learner.rows(&other.train, 1).x, balanced.x);
            assert!(balanced.len() > fold.train.len());
            // Held-out rows are scaled by what the others showed.
            let preparation = Preparation::fit(
                &rows.select(
                    &(0..60)
                        .filter(|row| !fold.at.contains(row))
                        .collect::<Vec<_>>(),
                ),
            );
            assert_eq!(fold.test.x, preparation.apply(&rows.select(&fold.at))?.x);
        }
        Ok(())
    }
}

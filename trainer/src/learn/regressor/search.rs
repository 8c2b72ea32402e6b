//! The choice of kernel and penalty by cross-validation over groups.

use anyhow::{Context, Result};
use rayon::prelude::*;
use undertone::regressor::{FeatureRegressor, RegressorModel, Target};

use super::fit::r2;
use super::kernel_ridge::KernelRidge;
use super::songs::Columns;
use crate::learn::classic::rows::pick;
use collections::models::FEATURES;

/// Settings to try.
pub fn grid() -> Vec<KernelRidge> {
    let alphas = [0.03, 0.1, 0.3, 1.0];
    let gammas = [0.1, 0.25, 0.5];
    gammas
        .into_iter()
        .flat_map(|gamma| alphas.map(|alpha| KernelRidge { alpha, gamma }))
        .collect()
}

/// What one setting reaches over the folds.
pub struct Tried {
    /// The setting.
    pub settings: KernelRidge,
    /// The fit that left out each fold.
    pub models: Vec<RegressorModel>,
    /// Estimates `[target][song]`, each by the fit that had not seen the song's group.
    pub estimates: Vec<Vec<f64>>,
    /// Mean over the targets of R².
    pub mean_r2: f64,
}

/// Tries every setting over the folds (`fold_of` numbers each song's) and gives the one
/// of the highest mean R².
///
/// # Errors
/// With the setting that can't be fitted.
pub fn search(
    grid: &[KernelRidge],
    songs: &Columns,
    fold_of: &[usize],
    targets: &[Target],
) -> Result<Tried> {
    let tried: Vec<Tried> = grid
        .par_iter()
        .map(|&settings| {
            attempt(settings, songs, fold_of, targets)
                .with_context(|| format!("trying {settings:?}"))
        })
        .collect::<Result<_>>()?;
    tried
        .into_iter()
        .reduce(|best, next| {
            if next.mean_r2 > best.mean_r2 {
                next
            } else {
                best
            }
        })
        .context("no settings to try")
}

fn attempt(
    settings: KernelRidge,
    songs: &Columns,
    fold_of: &[usize],
    targets: &[Target],
) -> Result<Tried> {
    let n_folds = fold_of.iter().max().map_or(0, |last| last + 1);
    let mut said = vec![vec![0.0; songs.len()]; targets.len()];
    let mut models = Vec::with_capacity(n_folds);
    for fold in 0..n_folds {
        let (held, rest): (Vec<usize>, Vec<usize>) =
            (0..songs.len()).partition(|&song| fold_of[song] == fold);
        let fitted = songs.select(&rest);
        let model = settings.fit(&fitted.x, &fitted.scores)?;
        let answers = estimates(&model, targets, &pick(&songs.x, &held))?;
        for (said, answers) in said.iter_mut().zip(answers) {
            for (&song, answer) in held.iter().zip(answers) {
                said[song] = answer;
            }
        }
        models.push(model);
    }
    let scores = songs.scores.iter().zip(&said);
    let sum: f64 = scores.map(|(scores, said)| r2(scores, said)).sum();
    Ok(Tried {
        settings,
        models,
        mean_r2: sum / targets.len().max(1) as f64,
        estimates: said,
    })
}

/// What a model says of these descriptors, `[target][song]`.
///
/// # Errors
/// Where it does not fit the targets or the descriptors.
pub fn estimates(
    model: &RegressorModel,
    targets: &[Target],
    x: &[Vec<f64>],
) -> Result<Vec<Vec<f64>>> {
    let regressor = FeatureRegressor::new(model.clone(), targets.to_vec(), FEATURES)?;
    let mut columns = vec![Vec::with_capacity(x.len()); targets.len()];
    for row in x {
        for (column, estimate) in columns.iter_mut().zip(regressor.predict(row)?) {
            column.push(estimate.value);
        }
    }
    Ok(columns)
}

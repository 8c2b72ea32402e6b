//! Fits kernel ridge regression as scikit-learn's `KernelRidge(kernel="rbf")`, with
//! smartcore's Cholesky decomposition.

use anyhow::{Context, Result, ensure};
use smartcore::linalg::basic::arrays::{Array, Array2};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linalg::traits::cholesky::CholeskyDecomposable;
use undertone::ensemble::scaler::to_grid;
use undertone::regressor::{RegressorModel, TargetModel, to_log_odds};

use crate::learn::classic::preparation::Preparation;
use crate::learn::classic::rows::Rows;

/// Settings, named as in scikit-learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KernelRidge {
    /// Penalty of the coefficients.
    pub alpha: f64,
    /// Width of the kernel over standardised inputs, times their number.
    pub gamma: f64,
}

/// Dual coefficients `[target][row]` of `(K + alpha I) coef = y`; `x` is `[row][input]`
/// and `y` is `[target][row]`, `gamma` the width as it is.
///
/// # Errors
/// Where there are no rows, or the kernel's matrix can't be decomposed.
pub fn dual_coef(x: &[Vec<f64>], y: &[Vec<f64>], alpha: f64, gamma: f64) -> Result<Vec<Vec<f64>>> {
    ensure!(!x.is_empty() && !y.is_empty(), "nothing to fit on");
    let kernel: Vec<Vec<f64>> = x
        .iter()
        .enumerate()
        .map(|(i, a)| {
            let row = x.iter().enumerate();
            row.map(|(j, b)| {
                let pairs = a.iter().zip(b);
                let distance: f64 = pairs.map(|(a, b)| (a - b).powi(2)).sum();
                (-gamma * distance).exp() + if i == j { alpha } else { 0.0 }
            })
            .collect()
        })
        .collect();
    let kernel = DenseMatrix::from_2d_vec(&kernel).context("the kernel's matrix")?;
    let targets = DenseMatrix::from_2d_vec(&y.to_vec()).context("the scores")?;
    let solved = kernel
        .cholesky_solve_mut(targets.transpose())
        .context("solving for the coefficients")?;
    let (rows, columns) = solved.shape();
    Ok((0..columns)
        .map(|target| (0..rows).map(|row| *solved.get((row, target))).collect())
        .collect())
}

impl KernelRidge {
    /// Fits one model for all targets: `x` is `[song][descriptor]` in natural units,
    /// `scores` is `[target][song]` in [0, 1].
    ///
    /// # Errors
    /// Where descriptors differ in number, or as [`dual_coef`].
    pub fn fit(self, x: &[Vec<f64>], scores: &[Vec<f64>]) -> Result<RegressorModel> {
        let rows = Rows {
            x: x.to_vec(),
            y: vec![0; x.len()],
            ..Rows::default()
        };
        let preparation = Preparation::fit(&rows);
        let rows = preparation.apply(&rows)?.on_grid();
        let log_odds: Vec<Vec<f64>> = scores
            .iter()
            .map(|scores| scores.iter().map(|&score| to_log_odds(score)).collect())
            .collect();
        let intercepts: Vec<f64> = log_odds
            .iter()
            .map(|values| values.iter().sum::<f64>() / values.len().max(1) as f64)
            .collect();
        let centred: Vec<Vec<f64>> = log_odds
            .iter()
            .zip(&intercepts)
            .map(|(values, mean)| values.iter().map(|value| value - mean).collect())
            .collect();
        let gamma = self.gamma / rows.n_inputs().max(1) as f64;
        let coefs = dual_coef(&rows.x, &centred, self.alpha, gamma)?;
        Ok(RegressorModel {
            scaler: preparation.scaler,
            gamma,
            rows: rows
                .x
                .iter()
                .flatten()
                .map(|&value| to_grid(value))
                .collect(),
            targets: intercepts
                .into_iter()
                .zip(coefs)
                .map(|(intercept, coefs)| TargetModel {
                    intercept,
                    dual_coef: coefs.into_iter().map(|coef| coef as f32).collect(),
                })
                .collect(),
        })
    }
}

//! Fits kernel ridge regression as scikit-learn's `KernelRidge(kernel="rbf")`.

use anyhow::{Result, ensure};
use ndarray::{Array1, Array2};
use undertone::ensemble::scaler::to_grid;
use undertone::regressor::{RegressorModel, TargetModel, to_log_odds};

use crate::learn::classic::cholesky::solve;
use crate::learn::classic::preparation::Preparation;
use crate::learn::classic::rows::{Rows, squared_distance};

/// Settings, named as in scikit-learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KernelRidge {
    /// Penalty of the coefficients.
    pub alpha: f64,
    /// Width of the kernel over standardised inputs, times their number.
    pub gamma: f64,
}

/// Dual coefficients `[row, target]` of `(K + alpha I) coef = y`; `x` is `[row][input]`
/// and `y` is `[row, target]`, `gamma` the width as it is.
///
/// # Errors
/// Where there are no rows, or the kernel's matrix can't be decomposed.
fn dual_coef(x: &[Vec<f64>], y: &Array2<f64>, alpha: f64, gamma: f64) -> Result<Array2<f64>> {
    ensure!(!y.is_empty(), "nothing to fit on");
    let kernel = Array2::from_shape_fn((x.len(), x.len()), |(i, j)| {
        let similarity = (-gamma * squared_distance(&x[i], &x[j])).exp();
        similarity + if i == j { alpha } else { 0.0 }
    });
    solve(&kernel, y)
}

impl KernelRidge {
    /// Fits one model for all targets: `x` is `[song][descriptor]` in natural units,
    /// `scores` is `[target][song]` in [0, 1].
    ///
    /// # Errors
    /// Where descriptors differ in number, there are no songs, or the kernel's matrix
    /// can't be decomposed.
    pub fn fit(self, x: &[Vec<f64>], scores: &[Vec<f64>]) -> Result<RegressorModel> {
        let rows = Rows {
            x: x.to_vec(),
            y: vec![0; x.len()],
            ..Rows::default()
        };
        let preparation = Preparation::fit(&rows);
        let rows = preparation.apply(&rows)?.on_grid();
        let mut log_odds = Array2::from_shape_fn((x.len(), scores.len()), |(song, target)| {
            to_log_odds(scores[target][song])
        });
        let means = log_odds.columns().into_iter();
        let means = means.map(|values| values.iter().sum::<f64>() / values.len().max(1) as f64);
        let intercepts: Array1<f64> = means.collect();
        log_odds -= &intercepts;
        let gamma = self.gamma / rows.n_inputs().max(1) as f64;
        let coefs = dual_coef(&rows.x, &log_odds, self.alpha, gamma)?;
        let targets = intercepts.iter().zip(coefs.columns());
        Ok(RegressorModel {
            scaler: preparation.scaler,
            gamma,
            rows: rows.x.iter().flatten().map(|&v| to_grid(v)).collect(),
            targets: targets
                .map(|(&intercept, coefs)| TargetModel {
                    intercept,
                    dual_coef: coefs.iter().map(|&coef| coef as f32).collect(),
                })
                .collect(),
        })
    }
}

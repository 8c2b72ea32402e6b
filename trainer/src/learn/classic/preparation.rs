//! What is learnt of the inputs before any learner sees them: how to fill gaps, and how
//! to scale. Fitted on the rows of a fit only.

use anyhow::{Context, Result};
use undertone::ensemble::scaler::StandardScaler;

use super::rows::Rows;

/// Medians for the gaps and the scale of every input, as scikit-learn's
/// `SimpleImputer(strategy="median")` and `StandardScaler`.
#[derive(Debug, Clone, PartialEq)]
pub struct Preparation {
    /// Median of each input; none where the rows held no value at all.
    median: Vec<Option<f64>>,
    /// Means and population standard deviations of the filled rows.
    pub scaler: StandardScaler,
}

impl Preparation {
    /// Learns from these rows (natural units, NaN where a value is missing).
    pub fn fit(rows: &Rows) -> Self {
        let median = (0..rows.n_inputs()).map(|j| median(rows, j)).collect();
        let scaler = StandardScaler {
            mean: Vec::new(),
            scale: Vec::new(),
        };
        let mut fitted = Self { median, scaler };
        fitted.scaler = scaler_of(&fitted.fill(rows));
        fitted
    }

    /// Rows without gaps, in natural units. An input that was missing from all rows of
    /// the fit is 0 throughout.
    pub fn fill(&self, rows: &Rows) -> Rows {
        let mut rows = rows.clone();
        for row in &mut rows.x {
            for (value, median) in row.iter_mut().zip(&self.median) {
                match median {
                    None => *value = 0.0,
                    Some(median) if value.is_nan() => *value = *median,
                    Some(_) => {}
                }
            }
        }
        rows
    }

    /// Rows without gaps, in standard deviations, as the library will see them. An
    /// input that was missing from all rows of the fit is 0 throughout.
    ///
    /// # Errors
    /// Where the rows have another number of inputs.
    pub fn apply(&self, rows: &Rows) -> Result<Rows> {
        let mut rows = self.fill(rows);
        for row in &mut rows.x {
            *row = self.scaler.transform(row).context("standardising")?;
        }
        Ok(rows)
    }
}

/// The median of an input's values (the mean of the two in the middle).
fn median(rows: &Rows, input: usize) -> Option<f64> {
    let values = rows.x.iter().map(|row| row[input]);
    let mut values: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
    values.sort_unstable_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get(values.len().saturating_sub(1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

/// Means and population standard deviations, as scikit-learn's `StandardScaler.fit`.
fn scaler_of(rows: &Rows) -> StandardScaler {
    let n = rows.len() as f64;
    let (mean, scale) = (0..rows.n_inputs())
        .map(|j| {
            let mean = rows.x.iter().map(|row| row[j]).sum::<f64>() / n;
            let square = rows.x.iter().map(|row| (row[j] - mean).powi(2));
            let std = (square.sum::<f64>() / n).sqrt();
            // A column that only rounding moves is constant.
            let constant = std <= 10.0 * f64::EPSILON * mean.abs().max(f64::MIN_POSITIVE);
            (mean, if constant { 1.0 } else { std })
        })
        .unzip();
    StandardScaler { mean, scale }
}

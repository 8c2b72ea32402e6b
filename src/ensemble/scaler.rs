//! Standardisation, and the grid that standardised values are stored on.

use serde::{Deserialize, Serialize};

use super::part::Defect;

/// Steps of the grid per standard deviation.
///
/// The learners are fitted on rows rounded to this grid ([`to_grid`]), so that support
/// vectors are small integers in the file and the thresholds of trees, which lie
/// midway between two rows, are whole half steps: nothing is lost between fitting and
/// storing. A step of 1/64 moves a value by at most 0.008 standard deviations.
pub const GRID: f64 = 64.0;

/// Standardised values are clamped to this many standard deviations, so that a
/// half step still fits 16 bits.
pub const LIMIT: f64 = 255.0;

/// Mean and standard deviation of every descriptor, as scikit-learn's
/// `StandardScaler`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandardScaler {
    /// Means, in the descriptors' units.
    pub mean: Vec<f64>,
    /// Population standard deviations, in the descriptors' units; 1 where a descriptor
    /// never changes.
    pub scale: Vec<f64>,
}

impl StandardScaler {
    /// Number of descriptors.
    #[must_use]
    pub fn n_features(&self) -> usize {
        self.mean.len()
    }

    /// Checks that there is a finite mean and a positive finite scale for each
    /// descriptor.
    ///
    /// # Errors
    /// [`Defect`] with the first descriptor at fault.
    pub fn check(&self) -> Result<(), Defect> {
        let (n, m) = (self.mean.len(), self.scale.len());
        if n == 0 || n != m {
            let detail = format!("{n} means and {m} scales, expected as many of both");
            return Err(Defect::new("scaler", detail));
        }
        let sound = |(mean, scale): (&f64, &f64)| mean.is_finite() && scale.is_normal();
        let rows = || self.mean.iter().zip(&self.scale);
        match rows().position(|row| !sound(row) || *row.1 < 0.0) {
            None => Ok(()),
            Some(at) => Err(Defect::new("scaler", format!("input {at} has no scale"))),
        }
    }

    /// Standardises one row: `(value - mean) / scale`, clamped to ±[`LIMIT`].
    ///
    /// # Errors
    /// [`Defect`] where the length is another than [`Self::n_features`] or a value is
    /// not finite.
    pub fn transform(&self, row: &[f64]) -> Result<Vec<f64>, Defect> {
        if row.len() != self.n_features() {
            let (got, expected) = (row.len(), self.n_features());
            let detail = format!("{got} descriptors came, expected {expected}");
            return Err(Defect::new("input", detail));
        }
        if let Some(at) = row.iter().position(|value| !value.is_finite()) {
            let detail = format!("descriptor {at} is {}, expected a finite number", row[at]);
            return Err(Defect::new("input", detail));
        }
        let scales = self.mean.iter().zip(&self.scale);
        Ok(row
            .iter()
            .zip(scales)
            .map(|(value, (mean, scale))| ((value - mean) / scale).clamp(-LIMIT, LIMIT))
            .collect())
    }
}

/// Rounds a standardised value to the grid, in whole steps of 1/[`GRID`].
#[must_use]
pub fn to_grid(value: f64) -> i16 {
    (value.clamp(-LIMIT, LIMIT) * GRID).round() as i16
}

/// The standardised value of that many steps.
#[must_use]
pub fn from_grid(steps: i16) -> f64 {
    f64::from(steps) / GRID
}

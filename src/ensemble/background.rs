//! The songs that an explanation compares with.

use serde::{Deserialize, Serialize};

use super::part::Defect;
use super::scaler::{GRID, LIMIT, from_grid};

/// Most songs of a background: every explanation asks the ensemble about each of them.
pub const MAX_BACKGROUND: usize = 32;

/// A few training songs that stand for all of them, in the form of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Background {
    /// Standardised values `[song, n_features]`, song after song, in steps of the grid
    /// ([`super::scaler::to_grid`]).
    pub values: Vec<i16>,
}

impl Background {
    /// Checks that there are 1 to [`MAX_BACKGROUND`] whole songs within the scaler's
    /// limits.
    ///
    /// # Errors
    /// [`Defect`] that says what does not fit.
    pub fn check(&self, n_features: usize) -> Result<(), Defect> {
        let values = self.values.len();
        let songs = values / n_features.max(1);
        if songs * n_features != values || !(1..=MAX_BACKGROUND).contains(&songs) {
            let detail = format!(
                "{values} values for {n_features} inputs, expected 1 to {MAX_BACKGROUND} songs"
            );
            return Err(Defect::new("background", detail));
        }
        let most = LIMIT * GRID;
        match self.values.iter().find(|v| f64::from(**v).abs() > most) {
            None => Ok(()),
            Some(value) => Err(Defect::new(
                "background",
                format!("{value} is off the grid"),
            )),
        }
    }

    /// The songs as standardised rows; only for checked backgrounds.
    pub(super) fn rows(&self, n_features: usize) -> Vec<Vec<f64>> {
        let songs = self.values.chunks_exact(n_features);
        songs
            .map(|song| song.iter().map(|&steps| from_grid(steps)).collect())
            .collect()
    }
}

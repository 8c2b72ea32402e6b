//! Multinomial logistic regression, the combiner over the learners' probabilities.
//!
//! The coefficients come from smartcore's `LogisticRegression`; the softmax is ours, as
//! smartcore's `predict` answers with a class and no probabilities.

use serde::{Deserialize, Serialize};

use super::fixed::Array;
use super::part::{Defect, Shares};
use crate::mood::Mood;

/// A fitted regression; the fields are those of scikit-learn's `LogisticRegression`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogisticRegression {
    /// Coefficients `[class][input]`; in the file the moods in the order of
    /// [`Mood::ALL`].
    #[serde(with = "Array::<{ Mood::COUNT }>")]
    pub coef: Vec<Vec<f64>>,
    /// Constant of each class.
    #[serde(with = "Array::<{ Mood::COUNT }>")]
    pub intercept: Vec<f64>,
}

impl LogisticRegression {
    /// Number of classes that it tells apart.
    #[must_use]
    pub fn n_classes(&self) -> usize {
        self.intercept.len()
    }

    /// Checks that every class has `n_inputs` finite coefficients.
    ///
    /// # Errors
    /// [`Defect`] that says what does not fit.
    pub fn check(&self, n_inputs: usize) -> Result<(), Defect> {
        let (coef, intercept) = (self.coef.len(), self.intercept.len());
        if coef < 2 || coef != intercept {
            let detail = format!("{coef} rows of coefficients and {intercept} constants");
            return Err(Defect::new("stack", detail));
        }
        if let Some(coef) = self.coef.iter().find(|coef| coef.len() != n_inputs) {
            let detail = format!("{} coefficients, expected {n_inputs}", coef.len());
            return Err(Defect::new("stack", detail));
        }
        let mut values = self.coef.iter().flatten().chain(&self.intercept);
        // The bound keeps the logits of probabilities finite.
        if values.all(|value| value.abs() < 1e100) {
            Ok(())
        } else {
            Err(Defect::new("stack", "a coefficient is not finite"))
        }
    }

    /// Softmax of `coef · inputs + intercept`; `inputs` is as long as each row of
    /// `coef`.
    #[must_use]
    pub fn predict_proba(&self, inputs: &[f64]) -> Shares {
        let logit = |(coef, intercept): (&Vec<f64>, &f64)| {
            let products = coef.iter().zip(inputs).map(|(c, x)| c * x);
            intercept + products.sum::<f64>()
        };
        let mut shares: Shares = self.coef.iter().zip(&self.intercept).map(logit).collect();
        let max = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for share in &mut shares {
            *share = (*share - max).exp();
        }
        let sum: f64 = shares.iter().sum();
        for share in &mut shares {
            *share /= sum;
        }
        shares
    }
}

//! Multinomial logistic regression, the combiner over the learners' probabilities.
//!
//! The coefficients come from smartcore's `LogisticRegression`; the softmax is ours, as
//! smartcore's `predict` answers with a class and no probabilities.

use serde::{Deserialize, Serialize};

use super::{Defect, Shares};
use crate::mood::Mood;

/// A fitted regression; the fields are those of scikit-learn's `LogisticRegression`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogisticRegression {
    /// Coefficients `[mood][input]`, moods in the order of [`Mood::ALL`].
    pub coef: [Vec<f64>; Mood::COUNT],
    /// Constant of each mood.
    pub intercept: [f64; Mood::COUNT],
}

impl LogisticRegression {
    /// Checks that every mood has `n_inputs` finite coefficients.
    ///
    /// # Errors
    /// [`Defect`] that says what does not fit.
    pub fn check(&self, n_inputs: usize) -> Result<(), Defect> {
        if let Some(coef) = self.coef.iter().find(|coef| coef.len() != n_inputs) {
            let detail = format!("{} coefficients, expected {n_inputs}", coef.len());
            return Err(Defect::new("stack", detail));
        }
        let values = self.coef.iter().flatten().chain(&self.intercept);
        // The bound keeps the logits of probabilities finite.
        if values.clone().all(|value| value.abs() < 1e100) {
            Ok(())
        } else {
            Err(Defect::new("stack", "a coefficient is not finite"))
        }
    }

    /// Softmax of `coef · inputs + intercept`; `inputs` is as long as each row of
    /// `coef`.
    #[must_use]
    pub fn predict_proba(&self, inputs: &[f64]) -> Shares {
        let logits: Shares = std::array::from_fn(|mood| {
            let products = self.coef[mood].iter().zip(inputs).map(|(c, x)| c * x);
            self.intercept[mood] + products.sum::<f64>()
        });
        let max = logits.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let weights = logits.map(|logit| (logit - max).exp());
        let sum: f64 = weights.iter().sum();
        weights.map(|weight| weight / sum)
    }
}

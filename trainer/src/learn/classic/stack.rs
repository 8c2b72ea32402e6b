//! Learners joined by a logistic regression over their probabilities (Wolpert 1992;
//! scikit-learn's `StackingClassifier`).

use anyhow::{Context, Result};
use undertone::ensemble::Shares;
use undertone::ensemble::stack::LogisticRegression;

use super::learner::{Fitted, Learner};
use super::logistic::fit_logistic;
use super::rows::Rows;
use super::search::{Fold, out_of_fold};

/// Penalty of the combiner, as scikit-learn's `C=1`.
const ALPHA: f64 = 1.0;

/// A fitted stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// The learners, fitted on all rows.
    pub base: Vec<Fitted>,
    /// The combiner over their probabilities, learner after learner.
    pub combiner: LogisticRegression,
}

impl Stack {
    /// Fits the learners on all rows, standardised and on the grid, and the combiner on
    /// what the learners say of the held-out rows of `folds`, which split the same rows.
    ///
    /// # Errors
    /// With the learner at fault, or what the combiner said.
    pub fn fit(rows: &Rows, folds: &[Fold], learners: &[Learner], seed: u64) -> Result<Self> {
        let mut said = vec![Vec::new(); rows.len()];
        let mut base = Vec::new();
        for learner in learners {
            let answers = out_of_fold(*learner, folds, seed)
                .with_context(|| format!("{learner} for the combiner"))?;
            for (row, shares) in said.iter_mut().zip(answers) {
                row.extend(shares);
            }
            base.push(learner.fit_probabilities(rows, seed)?);
        }
        let stacked = Rows {
            x: said,
            ..rows.clone()
        };
        Ok(Self {
            base,
            combiner: fit_logistic(&stacked, ALPHA).context("fitting the combiner")?,
        })
    }

    /// Probabilities of every standardised row.
    ///
    /// # Errors
    /// Where the learners do not fit the rows.
    pub fn predict_proba(&self, x: &[Vec<f64>]) -> Result<Vec<Shares>> {
        let mut said = vec![Vec::new(); x.len()];
        for fitted in &self.base {
            for (row, shares) in said.iter_mut().zip(fitted.predict_proba(x)?) {
                row.extend(shares);
            }
        }
        let combined = said.iter().map(|row| self.combiner.predict_proba(row));
        Ok(combined.collect())
    }
}

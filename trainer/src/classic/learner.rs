//! A learner with its settings, fitted and asked in one way.

use anyhow::Result;
use serde::Serialize;
use undertone::ensemble::Shares;
use undertone::ensemble::forest::{Forest, ForestModel};
use undertone::ensemble::svm::{Svc, SvcModel};
use undertone::ensemble::tree::{Tree, TreeModel};

use super::forest::{TreeOptions, fit_forest, fit_tree};
use super::rows::Rows;
use super::svm::{SvcOptions, fit_svc};

/// A base learner and its settings, named as in scikit-learn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "learner", rename_all = "lowercase")]
pub enum Learner {
    /// Support vector machine with a radial kernel.
    Svm {
        /// Penalty of the errors.
        c: f64,
        /// Width of the kernel over standardised inputs, times their number (1 is
        /// scikit-learn's `gamma="scale"`).
        gamma: f64,
        /// Whether the rarer moods are oversampled.
        oversample: bool,
    },
    /// Decision tree.
    Tree {
        /// Levels of splits.
        max_depth: u16,
        /// Least number of rows in a leaf.
        min_samples_leaf: usize,
        /// Whether the rarer moods are oversampled.
        oversample: bool,
    },
    /// Random forest.
    Forest {
        /// Number of trees.
        n_estimators: u16,
        /// Levels of splits.
        max_depth: u16,
        /// Least number of rows in a leaf.
        min_samples_leaf: usize,
        /// Whether the rarer moods are oversampled.
        oversample: bool,
    },
}

/// What came out of [`Learner::fit`], in the form of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Fitted {
    /// A support vector machine.
    Svm(SvcModel),
    /// A decision tree.
    Tree(TreeModel),
    /// A random forest.
    Forest(ForestModel),
}

impl Learner {
    /// Fits on standardised rows of the grid.
    ///
    /// # Errors
    /// With what the learner said.
    pub fn fit(self, rows: &Rows, seed: u64) -> Result<Fitted> {
        let tree = |max_depth, min_samples_leaf, oversample| TreeOptions {
            max_depth,
            min_samples_leaf,
            oversample,
            seed,
        };
        match self {
            Self::Svm {
                c,
                gamma,
                oversample,
            } => {
                let options = SvcOptions {
                    c,
                    gamma: gamma / rows.x[0].len() as f64,
                    oversample,
                    seed,
                };
                fit_svc(rows, options).map(Fitted::Svm)
            }
            Self::Tree {
                max_depth: depth,
                min_samples_leaf: leaf,
                oversample,
            } => fit_tree(rows, tree(depth, leaf, oversample)).map(Fitted::Tree),
            Self::Forest {
                n_estimators,
                max_depth: depth,
                min_samples_leaf: leaf,
                oversample,
            } => fit_forest(rows, n_estimators, tree(depth, leaf, oversample)).map(Fitted::Forest),
        }
    }
}

impl Fitted {
    /// Probabilities of every standardised row, by the library's own code.
    ///
    /// # Errors
    /// Where the model does not fit the rows.
    pub fn predict_proba(&self, x: &[Vec<f64>]) -> Result<Vec<Shares>> {
        let n_features = x.first().map_or(0, Vec::len);
        let shares: Result<_, _> = match self {
            Self::Svm(model) => {
                let svc = Svc::new(model, n_features)?;
                x.iter().map(|row| svc.predict_proba(row)).collect()
            }
            Self::Tree(model) => {
                let tree = Tree::new(model, n_features)?;
                x.iter().map(|row| tree.predict_proba(row)).collect()
            }
            Self::Forest(model) => {
                let forest = Forest::new(model, n_features)?;
                x.iter().map(|row| forest.predict_proba(row)).collect()
            }
        };
        Ok(shares?)
    }
}

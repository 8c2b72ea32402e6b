//! Random forest: the mean of its trees' shares, as scikit-learn's
//! `RandomForestClassifier.predict_proba`. smartcore's own forest only counts votes and
//! gives no probabilities, so the trees are kept one by one.

use serde::{Deserialize, Serialize};

use super::part::{Defect, Shares};
use super::tree::{Tree, TreeModel, matrix};

/// A fitted forest, in the form of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForestModel {
    /// The trees, at least one.
    pub trees: Vec<TreeModel>,
}

/// A forest that is ready to answer.
#[derive(Debug)]
pub struct Forest {
    trees: Vec<Tree>,
    n_classes: usize,
}

impl Forest {
    /// Checks and rebuilds every tree.
    ///
    /// # Errors
    /// [`Defect`] where there is no tree, where they tell different numbers of classes
    /// apart, or that of the first tree at fault.
    pub fn new(model: &ForestModel, n_features: usize) -> Result<Self, Defect> {
        let Some(first) = model.trees.first() else {
            return Err(Defect::new("forest", "no trees"));
        };
        let n_classes = first.n_classes();
        if model.trees.iter().any(|tree| tree.n_classes() != n_classes) {
            return Err(Defect::new("forest", "trees for different classes"));
        }
        let trees = model.trees.iter();
        Ok(Self {
            trees: trees
                .map(|tree| Tree::new(tree, n_features))
                .collect::<Result<_, _>>()?,
            n_classes,
        })
    }

    /// Number of classes that it tells apart.
    #[must_use]
    pub const fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// The trees, at least one.
    pub(super) fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// Probabilities of the classes for each of these standardised rows, at least one.
    ///
    /// # Errors
    /// As [`Tree::apply`].
    pub fn predict_proba(&self, rows: &[&[f64]]) -> Result<Vec<Shares>, Defect> {
        let matrix = matrix(rows)?;
        let mut means = vec![vec![0.0; self.n_classes]; rows.len()];
        for tree in &self.trees {
            for (mean, leaf) in means.iter_mut().zip(tree.apply(&matrix)?) {
                for (sum, share) in mean.iter_mut().zip(tree.shares(leaf)?) {
                    *sum += share;
                }
            }
        }
        for value in means.iter_mut().flatten() {
            *value /= self.trees.len() as f64;
        }
        Ok(means)
    }
}

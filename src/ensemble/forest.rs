//! Random forest: the mean of its trees' shares, as scikit-learn's
//! `RandomForestClassifier.predict_proba`. smartcore's own forest only counts votes and
//! gives no probabilities, so the trees are kept one by one.

use serde::{Deserialize, Serialize};
use smartcore::ensemble::random_forest_classifier::RandomForestClassifier;
use smartcore::linalg::basic::matrix::DenseMatrix;

use super::tree::{SmartcoreTree, Tree, TreeModel, one_row};
use super::{Defect, Shares};
use crate::mood::Mood;

/// smartcore's forest over standardised rows.
pub type SmartcoreForest = RandomForestClassifier<f64, u32, DenseMatrix<f64>, Vec<u32>>;

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
}

impl Forest {
    /// Checks and rebuilds every tree.
    ///
    /// # Errors
    /// [`Defect`] where there is no tree, or that of the first tree at fault.
    pub fn new(model: &ForestModel, n_features: usize) -> Result<Self, Defect> {
        if model.trees.is_empty() {
            return Err(Defect::new("forest", "no trees"));
        }
        let trees = model.trees.iter();
        Ok(Self {
            trees: trees
                .map(|tree| Tree::new(tree, n_features))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Probabilities of the moods for a standardised row.
    ///
    /// # Errors
    /// As [`Tree::apply`].
    pub fn predict_proba(&self, row: &[f64]) -> Result<Shares, Defect> {
        let row = one_row(row)?;
        let mut mean = [0.0; Mood::COUNT];
        for tree in &self.trees {
            for (sum, share) in mean.iter_mut().zip(tree.shares(&row)?) {
                *sum += share;
            }
        }
        Ok(mean.map(|sum| sum / self.trees.len() as f64))
    }
}

impl ForestModel {
    /// The trees of a smartcore forest in the form of the file, each as by
    /// [`TreeModel::from_smartcore`].
    ///
    /// # Errors
    /// [`Defect`] where smartcore's serde gives no trees, or that of a tree.
    pub fn from_smartcore(forest: &SmartcoreForest) -> Result<Self, Defect> {
        let defect = |error: postcard::Error| Defect::new("forest", error.to_string());
        let bytes = postcard::to_stdvec(forest).map_err(defect)?;
        // The trees are the first field of smartcore 0.7's forest.
        let (trees, _): (Option<Vec<SmartcoreTree>>, _) =
            postcard::take_from_bytes(&bytes).map_err(defect)?;
        let trees = trees.iter().flatten().map(TreeModel::from_smartcore);
        Ok(Self {
            trees: trees.collect::<Result<_, _>>()?,
        })
    }
}

//! Fits smartcore's decision tree and random forest and counts their leaves.

use anyhow::{Context, Result};
use rayon::prelude::*;
use smartcore::ensemble::random_forest_classifier::RandomForestClassifierParameters;
use smartcore::tree::decision_tree_classifier::DecisionTreeClassifierParameters;
use undertone::Mood;
use undertone::ensemble::forest::{ForestModel, SmartcoreForest};
use undertone::ensemble::tree::{SmartcoreTree, Tree, TreeModel};

use super::rows::Rows;
use super::smote::smote;

/// Settings that a tree and a forest share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeOptions {
    /// Levels of splits, as scikit-learn's `max_depth` (smartcore counts the root's
    /// level too: its own number is one higher).
    pub max_depth: u16,
    /// Least number of rows in a leaf.
    pub min_samples_leaf: usize,
    /// Whether [`smote`] evens out the moods first.
    pub oversample: bool,
    /// Seed of thinning, synthetic rows, bootstrap and choice of inputs.
    pub seed: u64,
}

/// Fits one tree on standardised rows of the grid, by Gini impurity.
///
/// # Errors
/// Where smartcore can't fit the rows, as when they hold one mood only.
pub fn fit_tree(rows: &Rows, options: TreeOptions) -> Result<TreeModel> {
    let rows = prepared(rows, options);
    let parameters = DecisionTreeClassifierParameters {
        max_depth: Some(options.max_depth + 1),
        min_samples_leaf: options.min_samples_leaf,
        seed: Some(options.seed),
        ..DecisionTreeClassifierParameters::default()
    };
    let tree = SmartcoreTree::fit(&rows.matrix()?, &rows.labels(), parameters)
        .context("fitting a decision tree")?;
    counted(TreeModel::from_smartcore(&tree)?, &rows)
}

/// Fits a forest of `n_trees`, each on its own bootstrap sample and with the square
/// root of the number of inputs to choose from at every split (both by smartcore).
///
/// # Errors
/// As [`fit_tree`].
pub fn fit_forest(rows: &Rows, n_trees: u16, options: TreeOptions) -> Result<ForestModel> {
    let trees = (0..u64::from(n_trees)).into_par_iter().map(|number| {
        let seed = options.seed.wrapping_mul(0x9e37_79b9).wrapping_add(number);
        fit_forest_tree(rows, TreeOptions { seed, ..options })
    });
    Ok(ForestModel {
        trees: trees.collect::<Result<_>>()?,
    })
}

/// A smartcore forest of one tree: the only way to its choice of inputs at each split,
/// and one that can run beside others.
fn fit_forest_tree(rows: &Rows, options: TreeOptions) -> Result<TreeModel> {
    let rows = prepared(rows, options);
    let parameters = RandomForestClassifierParameters {
        n_trees: 1,
        max_depth: Some(options.max_depth + 1),
        min_samples_leaf: options.min_samples_leaf,
        seed: options.seed,
        ..RandomForestClassifierParameters::default()
    };
    let forest = SmartcoreForest::fit(&rows.matrix()?, &rows.labels(), parameters)
        .context("fitting a tree of the forest")?;
    let mut trees = ForestModel::from_smartcore(&forest)?.trees;
    let tree = trees.pop().context("smartcore's forest has no tree")?;
    counted(tree, &rows)
}

fn prepared(rows: &Rows, options: TreeOptions) -> Rows {
    let thinned = rows.thinned(options.seed);
    if options.oversample {
        smote(&thinned, options.seed).on_grid()
    } else {
        thinned
    }
}

/// Fills the table of the leaves with the shares of the moods among `rows`, as far as
/// the tree was grown on them or on a sample of them.
fn counted(mut model: TreeModel, rows: &Rows) -> Result<TreeModel> {
    let mut counts = vec![[0_u32; Mood::COUNT]; model.leaves.len()];
    let tree = Tree::new(&model, rows.x[0].len())?;
    for (leaf, &mood) in tree.apply(&rows.matrix()?)?.into_iter().zip(&rows.y) {
        counts[leaf as usize][mood] += 1;
    }
    for (leaf, counts) in model.leaves.iter_mut().zip(counts) {
        let largest = f64::from(counts.into_iter().max().unwrap_or_default());
        if largest > 0.0 {
            *leaf = counts.map(|count| (255.0 * f64::from(count) / largest).round() as u8);
        }
    }
    Ok(model)
}

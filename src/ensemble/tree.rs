//! Decision tree: smartcore's tree finds the leaf, the leaf's table gives the shares.
//!
//! smartcore's leaves keep no counts, so that its `predict_proba` is 0 or 1. Here every
//! leaf of the smartcore tree is a class of its own: `predict` then answers with the
//! leaf's number (scikit-learn's `apply`), and a table says how the training rows in
//! that leaf were spread over the classes (what scikit-learn's `predict_proba` gives).
//!
//! The file does not hold smartcore's own serde form: that trusts its child indices and
//! spends most of its bytes on what only fitting needs. [`TreeModel`] has no child
//! indices at all, as nodes stand in breadth-first order.

use serde::{Deserialize, Serialize};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::tree::decision_tree_classifier::{
    DecisionTreeClassifier, DecisionTreeClassifierParameters,
};

use super::fixed::Rows;
use super::part::{Defect, Shares};
use super::scaler::GRID;
use crate::mood::Mood;

/// smartcore's tree over standardised rows, with whole numbers as classes.
pub type SmartcoreTree = DecisionTreeClassifier<f64, u32, DenseMatrix<f64>, Vec<u32>>;

/// Most nodes of a tree; a file that claims more is refused.
pub const MAX_NODES: usize = 65_535;

/// Half steps of the grid per standard deviation: the unit of a threshold.
pub const HALF_STEPS: f64 = 2.0 * GRID;

/// A fitted tree, in the form of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeModel {
    /// Per node, in breadth-first order from the root: 0 for a leaf, else the input
    /// that the node splits on, counted from 1. The k-th split (from 0) has the nodes
    /// 2k + 1 (value at most the threshold) and 2k + 2 (value above) as children.
    pub nodes: Vec<u16>,
    /// Threshold of every split in the order of `nodes`, in half steps of the grid.
    pub thresholds: Vec<i16>,
    /// Shares of the classes `[leaf, class]`, leaves in the order of `nodes`, the largest
    /// of a leaf 255; in the file the moods in the order of [`Mood::ALL`].
    #[serde(with = "Rows::<{ Mood::COUNT }>")]
    pub leaves: Vec<u8>,
}

/// A node of a checked tree.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node {
    /// A leaf, by its number.
    Leaf(u32),
    /// A split; the next node is `below` where the input is at most the threshold, else
    /// the one after.
    Split {
        input: usize,
        threshold: f64,
        below: usize,
    },
}

/// A tree that is ready to answer.
#[derive(Debug)]
pub struct Tree {
    /// Its classes are the leaves.
    finder: SmartcoreTree,
    /// The same tree, for walks that take several ways at once; in the order of the file.
    nodes: Vec<Node>,
    /// Shares `[leaf, class]`, those of a leaf adding up to 1.
    leaves: Vec<f64>,
    n_classes: usize,
}

impl Tree {
    /// Checks the shape of `model` and rebuilds smartcore's tree from it.
    ///
    /// # Errors
    /// [`Defect`] that says what does not fit.
    pub fn new(model: &TreeModel, n_features: usize) -> Result<Self, Defect> {
        model.check(n_features)?;
        let n_classes = model.n_classes();
        let leaves = model.leaves.chunks_exact(n_classes).flat_map(|counts| {
            let sum: f64 = counts.iter().copied().map(f64::from).sum();
            counts.iter().map(move |&count| f64::from(count) / sum)
        });
        Ok(Self {
            finder: model.to_smartcore(n_features)?,
            nodes: model.walkable(),
            leaves: leaves.collect(),
            n_classes,
        })
    }

    /// Number of classes that it tells apart.
    #[must_use]
    pub const fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// The nodes, root first.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The leaf (from 0, in the order of [`TreeModel::leaves`]) of each row of
    /// standardised values, as scikit-learn's `apply`.
    ///
    /// # Errors
    /// [`Defect`] with what smartcore said.
    pub fn apply(&self, rows: &DenseMatrix<f64>) -> Result<Vec<u32>, Defect> {
        self.finder
            .predict(rows)
            .map_err(|error| Defect::new("tree", error.to_string()))
    }

    /// Shares of the classes in a leaf that [`Tree::apply`] gave.
    ///
    /// # Errors
    /// [`Defect`] where there is no such leaf.
    pub fn shares(&self, leaf: u32) -> Result<&[f64], Defect> {
        let from = leaf as usize * self.n_classes;
        self.leaves
            .get(from..from + self.n_classes)
            .ok_or_else(|| Defect::new("tree", format!("no leaf {leaf}")))
    }

    /// Probabilities of the classes for each of these standardised rows, at least one.
    ///
    /// # Errors
    /// As [`Tree::apply`].
    pub fn predict_proba(&self, rows: &[&[f64]]) -> Result<Vec<Shares>, Defect> {
        let leaves = self.apply(&matrix(rows)?)?.into_iter();
        leaves.map(|leaf| Ok(self.shares(leaf)?.to_vec())).collect()
    }
}

/// Rows of one length as smartcore's matrix `[rows, inputs]`.
pub(super) fn matrix(rows: &[&[f64]]) -> Result<DenseMatrix<f64>, Defect> {
    let n_inputs = rows.first().map_or(0, |row| row.len());
    DenseMatrix::new(rows.len(), n_inputs, rows.concat(), false)
        .map_err(|error| Defect::new("tree", error.to_string()))
}

impl TreeModel {
    /// Number of classes that it tells apart.
    #[must_use]
    pub fn n_classes(&self) -> usize {
        self.leaves.len() / (self.thresholds.len() + 1)
    }

    fn check(&self, n_features: usize) -> Result<(), Defect> {
        let (nodes, splits, shares) = (self.nodes.len(), self.thresholds.len(), self.leaves.len());
        let leaves = self.nodes.iter().filter(|&&node| node == 0).count();
        let complete = nodes == 2 * splits + 1 && leaves == splits + 1;
        if nodes > MAX_NODES || !complete || shares == 0 || shares % leaves != 0 {
            let detail = format!("{nodes} nodes, {splits} thresholds, {shares} shares");
            return Err(Defect::new("tree", detail));
        }
        if let Some(input) = self.nodes.iter().find(|&&n| usize::from(n) > n_features) {
            let detail = format!("a node splits on input {input} of {n_features}");
            return Err(Defect::new("tree", detail));
        }
        let splits = self.nodes.iter().enumerate().filter(|(_, node)| **node > 0);
        // A parent that stood behind its children would make a loop.
        if splits.enumerate().any(|(k, (at, _))| at > 2 * k) {
            return Err(Defect::new(
                "tree",
                "the nodes are not in breadth-first order",
            ));
        }
        let mut leaves = self.leaves.chunks_exact(self.n_classes());
        if leaves.any(|shares| shares.iter().all(|&share| share == 0)) {
            return Err(Defect::new("tree", "a leaf is empty"));
        }
        Ok(())
    }

    /// Nodes with numbers instead of an order. Only for checked models.
    fn walkable(&self) -> Vec<Node> {
        let (mut split, mut leaf) = (0, 0);
        let nodes = self.nodes.iter().map(|&node| {
            if node == 0 {
                leaf += 1;
                return Node::Leaf(leaf - 1);
            }
            split += 1;
            Node::Split {
                input: usize::from(node) - 1,
                threshold: f64::from(self.thresholds[split - 1]) / HALF_STEPS,
                below: 2 * split - 1,
            }
        });
        nodes.collect()
    }

    /// smartcore's tree with the leaf's number as its class. Only for checked models.
    fn to_smartcore(&self, n_features: usize) -> Result<SmartcoreTree, Defect> {
        let (mut split, mut leaf) = (0, 0);
        let nodes = self.nodes.iter().map(|&node| {
            if node == 0 {
                leaf += 1;
                return SerdeNode {
                    output: leaf - 1,
                    ..SerdeNode::default()
                };
            }
            split += 1;
            SerdeNode {
                split_feature: usize::from(node) - 1,
                split_value: Some(f64::from(self.thresholds[split - 1]) / HALF_STEPS),
                true_child: Some(2 * split - 1),
                false_child: Some(2 * split),
                ..SerdeNode::default()
            }
        });
        let nodes: Vec<_> = nodes.collect();
        let tree = SerdeTree {
            nodes,
            parameters: None,
            num_classes: leaf,
            classes: (0..leaf as u32).collect(),
            depth: 0,
            num_features: n_features,
        };
        let defect = |error: postcard::Error| Defect::new("tree", error.to_string());
        let bytes = postcard::to_stdvec(&tree).map_err(defect)?;
        postcard::from_bytes(&bytes).map_err(defect)
    }
}

/// The fields of smartcore 0.7's tree in the order in which its serde writes them
/// (its marker fields take no bytes in postcard).
#[derive(Serialize, Deserialize)]
struct SerdeTree {
    nodes: Vec<SerdeNode>,
    parameters: Option<DecisionTreeClassifierParameters>,
    num_classes: usize,
    classes: Vec<u32>,
    depth: u16,
    num_features: usize,
}

/// The fields of smartcore 0.7's node, in order.
#[derive(Default, Serialize, Deserialize)]
struct SerdeNode {
    output: usize,
    n_node_samples: usize,
    split_feature: usize,
    split_value: Option<f64>,
    split_score: Option<f64>,
    true_child: Option<usize>,
    false_child: Option<usize>,
    impurity: Option<f64>,
}

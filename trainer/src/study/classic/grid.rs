//! The base learners and what their searches try; `trainer/tests/data/sklearn_study.py` repeats it.

use std::fmt;

use itertools::{Itertools, iproduct};

use crate::learn::classic::cart::Limits;
use crate::learn::classic::learner::{Learner, Method};

/// Folds of a search, and of the stack, inside the songs that a system is fitted on.
pub const INNER_FOLDS: usize = 5;

/// A base learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Support vector machine.
    Svm,
    /// Decision tree.
    Tree,
    /// Random forest.
    Forest,
}

impl Kind {
    /// The base learners in the order of the stack.
    pub const ALL: [Self; 3] = [Self::Svm, Self::Tree, Self::Forest];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Svm => "SVM",
            Self::Tree => "decision tree",
            Self::Forest => "random forest",
        })
    }
}

/// Penalties of the machine.
const C: [f64; 4] = [0.1, 1.0, 10.0, 100.0];
/// Widths of the machine's kernel over standardised inputs, times their number.
const GAMMA: [f64; 4] = [0.1, 0.3, 1.0, 3.0];
/// Depths of the tree.
const TREE_DEPTHS: [Option<u16>; 5] = [Some(4), Some(6), Some(8), Some(12), None];
/// Least rows in a leaf of the tree.
const TREE_LEAVES: [usize; 5] = [1, 2, 5, 10, 20];
/// Sizes of the forest.
const FOREST_TREES: [u16; 2] = [100, 300];
/// Depths of the forest's trees.
const FOREST_DEPTHS: [Option<u16>; 3] = [Some(8), Some(12), None];
/// Least rows in a leaf of the forest's trees.
const FOREST_LEAVES: [usize; 3] = [1, 2, 4];

/// scikit-learn's trees.
const UNLIMITED: Limits = Limits {
    max_depth: None,
    min_samples_leaf: 1,
};

/// scikit-learn's defaults.
pub const fn first(kind: Kind) -> Method {
    match kind {
        Kind::Svm => Method::Svm { c: 1.0, gamma: 1.0 },
        Kind::Tree => Method::Tree(UNLIMITED),
        Kind::Forest => Method::Forest {
            n_estimators: 100,
            limits: UNLIMITED,
        },
    }
}

/// Every setting of the search, the simpler before the more complex: of equals the first
/// is taken.
pub fn grid(kind: Kind, oversample: bool) -> Vec<Learner> {
    let methods: Vec<Method> = match kind {
        Kind::Svm => iproduct!(C, GAMMA)
            .map(|(c, gamma)| Method::Svm { c, gamma })
            .collect(),
        Kind::Tree => limits(&TREE_DEPTHS, &TREE_LEAVES)
            .map(Method::Tree)
            .collect(),
        Kind::Forest => FOREST_TREES
            .iter()
            .flat_map(|&n_estimators| {
                limits(&FOREST_DEPTHS, &FOREST_LEAVES).map(move |limits| Method::Forest {
                    n_estimators,
                    limits,
                })
            })
            .collect(),
    };
    let learner = |method| Learner { method, oversample };
    methods.into_iter().map(learner).collect()
}

fn limits(depths: &[Option<u16>], leaves: &[usize]) -> impl Iterator<Item = Limits> {
    iproduct!(depths, leaves).map(|(&max_depth, &min_samples_leaf)| Limits {
        max_depth,
        min_samples_leaf,
    })
}

/// What a search tries, for people.
pub fn describe(kind: Kind) -> String {
    match kind {
        Kind::Svm => format!("C {}, gamma × inputs {}", list(&C), list(&GAMMA)),
        Kind::Tree => format!(
            "depth {}, least rows in a leaf {}",
            depths(&TREE_DEPTHS),
            list(&TREE_LEAVES)
        ),
        Kind::Forest => format!(
            "trees {}, depth {}, least rows in a leaf {}",
            list(&FOREST_TREES),
            depths(&FOREST_DEPTHS),
            list(&FOREST_LEAVES)
        ),
    }
}

fn list<T: fmt::Display>(values: &[T]) -> String {
    values.iter().join("/")
}

fn depths(values: &[Option<u16>]) -> String {
    let depth = |depth: &Option<u16>| depth.map_or("any".to_owned(), |depth| depth.to_string());
    list(&values.iter().map(depth).collect::<Vec<_>>())
}

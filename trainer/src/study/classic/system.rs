//! The classic systems by name.

use std::fmt;

use super::grid::{INNER_FOLDS, Kind, describe, first};
use crate::study::run::Family;

/// A system that looks at a table of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Answers with the shares of the training labels.
    Majority,
    /// Multinomial logistic regression.
    LogisticRegression,
    /// A base learner alone.
    Base {
        /// Which one.
        kind: Kind,
        /// Whether its settings are searched for; else scikit-learn's defaults.
        search: bool,
        /// Whether SMOTE evens out the classes first.
        oversample: bool,
    },
    /// All base learners with the settings that their searches found, joined by a
    /// logistic regression.
    Stack {
        /// Whether SMOTE evens out the classes for each of them.
        oversample: bool,
    },
}

/// Every classic system, from the simplest on; the same for every task.
pub fn systems() -> Vec<System> {
    let base = Kind::ALL.into_iter().flat_map(|kind| {
        [(false, false), (false, true), (true, false), (true, true)].map(|(search, oversample)| {
            System::Base {
                kind,
                search,
                oversample,
            }
        })
    });
    [System::Majority, System::LogisticRegression]
        .into_iter()
        .chain(base)
        .chain([false, true].map(|oversample| System::Stack { oversample }))
        .collect()
}

impl System {
    /// Its kind in the report.
    pub const fn family(self) -> Family {
        match self {
            Self::Majority | Self::LogisticRegression => Family::Baseline,
            Self::Base { .. } | Self::Stack { .. } => Family::Classic,
        }
    }

    /// Its settings, as they should stand in a paper.
    pub fn settings(self) -> String {
        match self {
            Self::Majority => "shares of the training labels".to_owned(),
            Self::LogisticRegression => "multinomial, L2, C = 1".to_owned(),
            Self::Base {
                kind,
                search: false,
                oversample,
            } => format!("{}{}", first(kind), smote(oversample)),
            Self::Base {
                kind, oversample, ..
            } => format!(
                "best macro-F1 over {INNER_FOLDS} folds of {}{}",
                describe(kind),
                smote(oversample)
            ),
            Self::Stack { oversample } => format!(
                "SVM, tree and forest as searched, logistic regression over their \
                 probabilities of {INNER_FOLDS} folds{}",
                smote(oversample)
            ),
        }
    }

    /// Everything that its results depend on beside the songs and the seed.
    pub fn recipe(self) -> String {
        let grids: Vec<String> = match self {
            Self::Stack { .. } => Kind::ALL.map(describe).into(),
            _ => Vec::new(),
        };
        format!("{}; {}", self.settings(), grids.join("; "))
    }

    /// Number of trained parameters over so many inputs and classes, where that is fixed.
    pub const fn parameters(self, n_inputs: usize, n_classes: usize) -> Option<u64> {
        match self {
            Self::LogisticRegression => {
                // Two classes share one row.
                let rows = if n_classes == 2 { 1 } else { n_classes };
                Some((rows * (n_inputs + 1)) as u64)
            }
            _ => None,
        }
    }
}

fn smote(oversample: bool) -> &'static str {
    if oversample { ", SMOTE (k = 5)" } else { "" }
}

impl fmt::Display for System {
    /// The name, unique within a task.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Majority => f.write_str("majority"),
            Self::LogisticRegression => f.write_str("logistic regression"),
            Self::Base {
                kind,
                search,
                oversample,
            } => {
                let variant = match (search, oversample) {
                    (false, false) => "first",
                    (false, true) => "SMOTE",
                    (true, false) => "grid",
                    (true, true) => "grid, SMOTE",
                };
                write!(f, "{kind} ({variant})")
            }
            Self::Stack { oversample: false } => f.write_str("stack"),
            Self::Stack { oversample: true } => f.write_str("stack (SMOTE)"),
        }
    }
}

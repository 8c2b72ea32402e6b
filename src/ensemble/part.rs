//! What all parts of the ensemble have in common.

use thiserror::Error;

/// Probability of every class, for the four moods in the order of [`Mood::ALL`], in
/// double precision: what goes from one part of the ensemble to the next.
pub type Shares = Vec<f64>;

/// What is wrong with a part of the ensemble or with its input.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{part}: {detail}")]
pub struct Defect {
    part: &'static str,
    detail: String,
}

impl Defect {
    pub(super) fn new(part: &'static str, detail: impl Into<String>) -> Self {
        Self {
            part,
            detail: detail.into(),
        }
    }
}

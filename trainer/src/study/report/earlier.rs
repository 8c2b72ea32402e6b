//! What the study that this one starts from reports about itself.

use serde::Serialize;

/// A figure of the earlier study. Its songs are others, so nothing here can be compared
/// with it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EarlierResult {
    /// What was told apart.
    pub task: &'static str,
    /// The system, in its order.
    pub system: &'static str,
    /// What was measured.
    pub measure: &'static str,
    /// The figure, in [0, 1], to as many digits as it gives.
    pub value: f64,
    /// Songs that it was measured on, where it says so.
    pub n: Option<usize>,
}

/// Its figures.
pub const EARLIER: [EarlierResult; 7] = [
    neural("neural stage 1", 0.8439),
    neural("neural stage 2", 0.8911),
    neural("neural stage 3", 0.8911),
    neural("neural stage 4", 0.8947),
    classic("classic system 1", 0.540),
    classic("classic system 2", 0.495),
    classic("classic system 3", 0.763),
];

const fn neural(system: &'static str, value: f64) -> EarlierResult {
    EarlierResult {
        task: "binary",
        system,
        measure: "accuracy",
        value,
        n: Some(551),
    }
}

const fn classic(system: &'static str, value: f64) -> EarlierResult {
    EarlierResult {
        task: "moods",
        system,
        measure: "macro-F1",
        value,
        n: None,
    }
}

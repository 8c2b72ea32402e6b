//! What is shown of songs in training, and what counts.

use serde::Serialize;

/// What is shown of the songs, and what counts in the loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rules {
    /// Windows of each song in an epoch.
    pub windows_per_song: usize,
    /// Both parameters of the beta distribution that shares of mixed windows are drawn from
    /// (Zhang et al. 2018, "mixup").
    pub mixup: f32,
    /// Probability that is spread over all moods in the targets, in [0, 1).
    pub label_smoothing: f32,
    /// Weight of arousal and valence in the loss, whose squares are small.
    pub affect_weight: f32,
    /// Weight of what it is.
    pub kind_weight: f32,
    /// Weight of the gate: which corpus with moods it is of.
    pub gate_weight: f32,
    /// Weight of clusters.
    pub cluster_weight: f32,
    /// Weight of feelings.
    pub felt_weight: f32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            windows_per_song: 3,
            mixup: 0.3,
            label_smoothing: 0.05,
            affect_weight: 4.0,
            kind_weight: 0.5,
            gate_weight: 0.3,
            cluster_weight: 0.5,
            felt_weight: 0.5,
        }
    }
}

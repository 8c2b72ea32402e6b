//! Where in the song the network's verdict comes from.

use serde::{Deserialize, Serialize};

/// What speaks for the verdict's mood, over time and over frequency.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// For each moment of the timeline, the logit of the verdict's mood less the mean
    /// of the other moods' logits. The song's logits are the mean of the moments', so
    /// the mean of these is exactly what decided.
    pub moments: Vec<f32>,
    /// Start and end, in seconds from the start of the song, of the stretch that speaks
    /// most for the mood.
    pub strongest_s: [f64; 2],
    /// What each band of frequencies adds there.
    pub bands: Vec<BandEvidence>,
}

/// One band of frequencies, covered up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BandEvidence {
    /// Lower edge in Hz.
    pub low_hz: f64,
    /// Upper edge in Hz.
    pub high_hz: f64,
    /// By how much the evidence for the mood falls when the band is replaced by its own
    /// mean over the song: above 0 it speaks for the mood, below 0 against it.
    pub drop: f32,
}

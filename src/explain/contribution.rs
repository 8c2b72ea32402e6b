//! What one factor did to the verdict.

use serde::{Deserialize, Serialize};

use super::factor::Factor;
use super::heard::Impression;

/// How much one factor moved the ensemble's answer on this song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The factor.
    pub factor: Factor,
    /// What was heard, in English: "slow (72 BPM)".
    pub heard: String,
    /// The same for other languages.
    #[serde(flatten)]
    pub impression: Impression,
    /// Shapley value: probability of the verdict's mood that the factor added (or took,
    /// where negative) against an average song. All factors' values and the average
    /// song's probability add up to the ensemble's probability of that mood.
    pub shapley: f64,
    /// How far the factor pulled from the second likeliest mood to the verdict's: the
    /// difference of its Shapley values for the two.
    pub pull: f64,
}

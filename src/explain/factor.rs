//! What a listener would name as a reason.

use serde::{Deserialize, Serialize};

/// A group of the ensemble's inputs that a listener hears as one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// How fast the beat goes.
    Tempo,
    /// Density, attack and regularity of the onsets.
    Rhythm,
    /// Major or minor, and how clearly.
    Mode,
    /// How many pitch classes sound, and how fast they change.
    Harmony,
    /// Colour of the sound: dark or bright, noisy or pure.
    Timbre,
    /// How the level moves along the song.
    Dynamics,
    /// Estimated character: energy, valence, acousticness and their like.
    Character,
}

/// How much one factor moved the ensemble's answer on this song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The factor.
    pub factor: Factor,
    /// What was heard, in words: "slow (72 BPM)".
    pub heard: String,
    /// Shapley value: probability of the verdict's mood that the factor added (or took,
    /// where negative) against an average song. All factors' values and the average
    /// song's probability add up to the ensemble's probability of that mood.
    pub shapley: f64,
}

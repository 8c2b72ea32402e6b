//! The 13 track features of the Spotify table.

use serde::{Deserialize, Serialize};

use super::summary::Summary;
use crate::audio::Signal;

/// Stands for a song in no key, as in the Spotify table.
const NO_KEY: f64 = -1.0;

/// The 13 features in the table's order, in Spotify's units and ranges: measured by formula,
/// or estimated by [`crate::regressor`]; `None` where neither gives a value.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct TrackFeatures {
    /// How well one could dance to it, in [0, 1].
    pub danceability: Option<f64>,
    /// Intensity, in [0, 1].
    pub energy: Option<f64>,
    /// Tonic as a pitch class, 0 = C to 11 = B; -1 = none stands out.
    pub key: Option<f64>,
    /// Integrated loudness in LUFS (the table: dB).
    pub loudness: Option<f64>,
    /// 1 = major, 0 = minor.
    pub mode: Option<f64>,
    /// Share of speech, in [0, 1].
    pub speechiness: Option<f64>,
    /// Whether it sounds acoustic, in [0, 1].
    pub acousticness: Option<f64>,
    /// Whether there is no voice, in [0, 1].
    pub instrumentalness: Option<f64>,
    /// Whether there is an audience, in [0, 1].
    pub liveness: Option<f64>,
    /// Musical positiveness, in [0, 1].
    pub valence: Option<f64>,
    /// Tempo in beats per minute.
    pub tempo: Option<f64>,
    /// Duration in milliseconds, without silence at both ends.
    pub duration_ms: Option<f64>,
    /// Beats a bar.
    pub time_signature: Option<f64>,
}

impl TrackFeatures {
    /// Names in the table's order.
    pub const NAMES: [&'static str; 13] = [
        "danceability",
        "energy",
        "key",
        "loudness",
        "mode",
        "speechiness",
        "acousticness",
        "instrumentalness",
        "liveness",
        "valence",
        "tempo",
        "duration_ms",
        "time_signature",
    ];

    /// Values in the order of [`Self::NAMES`].
    #[must_use]
    pub const fn to_array(self) -> [Option<f64>; 13] {
        [
            self.danceability,
            self.energy,
            self.key,
            self.loudness,
            self.mode,
            self.speechiness,
            self.acousticness,
            self.instrumentalness,
            self.liveness,
            self.valence,
            self.tempo,
            self.duration_ms,
            self.time_signature,
        ]
    }

    /// Those that are measured by signal processing.
    pub(super) fn measured(signal: &Signal, summary: &Summary) -> Self {
        let tonality = summary.tonality.as_ref();
        Self {
            danceability: summary.danceability,
            key: Some(tonality.map_or(NO_KEY, |t| t.key as f64)),
            mode: tonality.map(|t| f64::from(u8::from(t.major))),
            loudness: signal.loudness.integrated_lufs,
            tempo: summary.rhythm.tempo,
            duration_ms: Some(signal.sounding_s * 1_000.0),
            time_signature: summary.rhythm.time_signature.map(f64::from),
            ..Self::default()
        }
    }
}

//! The 13 track features of the Spotify table.

use serde::{Deserialize, Serialize};

use super::summary::Summary;
use crate::audio::Signal;

/// Stands for a song in no key, as in the Spotify table.
const NO_KEY: f64 = -1.0;

/// The struct of the table's columns, with their names and values in its order.
macro_rules! columns {
    ($(#[doc = $doc:literal] $name:ident,)*) => {
        /// The 13 features in the table's order, in Spotify's units and ranges: measured by
        /// formula, or estimated by [`crate::regressor`]; `None` where neither gives a value.
        #[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
        pub struct TrackFeatures {
            $(#[doc = $doc] pub $name: Option<f64>,)*
        }

        impl TrackFeatures {
            /// Names in the table's order.
            pub const NAMES: [&'static str; 13] = [$(stringify!($name)),*];

            /// Values in the order of [`Self::NAMES`].
            #[must_use]
            pub const fn to_array(self) -> [Option<f64>; 13] {
                [$(self.$name),*]
            }

            /// The features of values in the order of [`Self::NAMES`].
            #[must_use]
            pub const fn from_array([$($name),*]: [Option<f64>; 13]) -> Self {
                Self { $($name),* }
            }
        }
    };
}

columns! {
    /// How well one could dance to it, in [0, 1].
    danceability,
    /// Intensity, in [0, 1].
    energy,
    /// Tonic as a pitch class, 0 = C to 11 = B; -1 = none stands out.
    key,
    /// Integrated loudness in LUFS (the table: dB).
    loudness,
    /// 1 = major, 0 = minor.
    mode,
    /// Share of speech, in [0, 1].
    speechiness,
    /// Whether it sounds acoustic, in [0, 1].
    acousticness,
    /// Whether there is no voice, in [0, 1].
    instrumentalness,
    /// Whether there is an audience, in [0, 1].
    liveness,
    /// Musical positiveness, in [0, 1].
    valence,
    /// Tempo in beats per minute.
    tempo,
    /// Duration in milliseconds, without silence at both ends.
    duration_ms,
    /// Beats a bar.
    time_signature,
}

impl TrackFeatures {
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

//! The ensemble's inputs: one vector of numbers for a whole song.

use super::summary::Summary;
use super::timbre::MFCC;

/// Whole-song descriptors in the order of [`Descriptors::NAMES`].
#[derive(Debug, Clone, PartialEq)]
pub struct Descriptors {
    /// Values, all finite; units stand in the names (`_hz`, `_db`, `_bpm`).
    pub values: [f64; Self::COUNT],
}

/// Descriptors besides the cepstral coefficients.
const PLAIN: usize = 21;

impl Descriptors {
    /// Number of descriptors.
    pub const COUNT: usize = 2 * MFCC - 1 + PLAIN;

    /// What each value is; `mfcc_0_mean` is left out, since it is the level.
    pub const NAMES: [&'static str; Self::COUNT] = [
        "mfcc_1_mean",
        "mfcc_2_mean",
        "mfcc_3_mean",
        "mfcc_4_mean",
        "mfcc_5_mean",
        "mfcc_6_mean",
        "mfcc_7_mean",
        "mfcc_8_mean",
        "mfcc_9_mean",
        "mfcc_10_mean",
        "mfcc_11_mean",
        "mfcc_12_mean",
        "mfcc_0_std",
        "mfcc_1_std",
        "mfcc_2_std",
        "mfcc_3_std",
        "mfcc_4_std",
        "mfcc_5_std",
        "mfcc_6_std",
        "mfcc_7_std",
        "mfcc_8_std",
        "mfcc_9_std",
        "mfcc_10_std",
        "mfcc_11_std",
        "mfcc_12_std",
        "spectral_centroid_mean_hz",
        "spectral_centroid_std_hz",
        "spectral_bandwidth_mean_hz",
        "spectral_rolloff_mean_hz",
        "spectral_flatness_mean_db",
        "spectral_flatness_std_db",
        "level_std_db",
        "dynamic_range_db",
        "loudness_range_lu",
        "quiet_share",
        "onset_strength_mean",
        "onset_strength_std",
        "onset_rate_hz",
        "pulse_clarity",
        "tempo_bpm",
        "tempo_confidence",
        "danceability_dfa",
        "majorness",
        "key_clarity",
        "chroma_entropy",
        "chroma_flux",
    ];

    /// Puts a song's summary in order.
    pub(super) fn from_summary(summary: &Summary) -> Self {
        let tonality = summary.tonality;
        let plain: [f64; PLAIN] = [
            summary.centroid.mean(),
            summary.centroid.std(),
            summary.bandwidth.mean(),
            summary.rolloff.mean(),
            summary.flatness.mean(),
            summary.flatness.std(),
            summary.level.std(),
            summary.dynamic_range_db,
            summary.loudness_range_lu,
            summary.quiet_share,
            summary.rhythm.strength_mean,
            summary.rhythm.strength_std,
            summary.rhythm.onset_rate,
            summary.rhythm.pulse_clarity,
            summary.rhythm.tempo.unwrap_or(NO_TEMPO_BPM),
            summary.rhythm.tempo_confidence,
            summary.danceability.unwrap_or(NO_DANCEABILITY),
            tonality.map_or(0.0, |t| t.majorness),
            tonality.map_or(0.0, |t| t.clarity),
            summary.chroma_entropy,
            summary.chroma_flux,
        ];
        let means = summary.mfcc[1..]
            .iter()
            .map(super::statistics::Moments::mean);
        let stds = summary.mfcc.iter().map(super::statistics::Moments::std);
        let mut values = [0.0; Self::COUNT];
        let all = means.chain(stds).chain(plain);
        for (slot, value) in values.iter_mut().zip(all) {
            *slot = if value.is_finite() { value } else { 0.0 };
        }
        Self { values }
    }

    /// The value of that name; `None` for a name that is not in [`Self::NAMES`].
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        let index = Self::NAMES.iter().position(|n| *n == name)?;
        Some(self.values[index])
    }
}

/// Stands in the tempo's place where there is no pulse: librosa's `start_bpm`.
const NO_TEMPO_BPM: f64 = 120.0;

/// Stands in the place of danceability where the song is too short for it: the mean of the
/// recordings that the bundled models know.
const NO_DANCEABILITY: f64 = 0.36;

//! What is measured besides the 13 features of the Spotify table.

use serde::{Deserialize, Serialize};

/// Numbers behind the words "dynamics", "brightness" and "rhythm", and the beats.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sound {
    /// Loudness range in LU (EBU Tech 3342).
    pub loudness_range_lu: f64,
    /// True peak in dBTP (ITU-R BS.1770-4, annex 2).
    pub true_peak_dbtp: f64,
    /// 95th less 10th percentile of the level over 3 s, in dB.
    pub dynamic_range_db: f64,
    /// Mean spectral centroid in Hz: brightness.
    pub spectral_centroid_hz: f64,
    /// Mean rise of the log-mel bands from frame to frame (log10 units): spectral flux.
    pub spectral_flux: f64,
    /// Onsets a second.
    pub onset_rate_hz: f64,
    /// How regular the rhythm is: periodicity of the onsets at the beat, in [0, 1].
    pub pulse_clarity: f64,
    /// How surely the tempo was found against its nearest rival, in [0, 1].
    pub tempo_confidence: f64,
    /// How well the key's profile fits, in [0, 1].
    pub key_confidence: f64,
    /// Whether a major and a minor key fit about equally well.
    #[serde(default)]
    pub mode_open: bool,
    /// How far the instruments are tuned from A4 = 440 Hz, in cents, -50 to 50.
    pub tuning_cents: f64,
    /// Times of the beats in seconds from the start of the song; empty without a pulse.
    pub beats_s: Vec<f64>,
}

//! The log-mel spectrogram that the network was trained on.
//!
//! As `log10(1 + 10000 * librosa.feature.melspectrogram(y, sr=16000, n_fft=512,
//! hop_length=256, n_mels=96))` of librosa 0.10 (Slaney's mel scale and area norm,
//! 0 Hz to 8 kHz), which is musicnn's front end.

use ndarray::{Array2, ArrayViewMut1};

use super::{HOP_LENGTH, N_FFT, N_MELS, Stft};
use crate::audio::SAMPLE_RATE;
use crate::error::AnalysisError;

/// Factor in `log10(1 + GAIN * power)`, as musicnn's.
const GAIN: f32 = 10_000.0;

/// Log-mel spectrogram `[frames, 96]` of mono samples at 16 kHz, time first; values
/// `log10(1 + 10 000 * power)`, 0 for silence to about 7.
///
/// # Errors
/// [`AnalysisError::Internal`] if the Fourier transform refuses.
pub fn log_mel(samples: &[f32]) -> Result<Array2<f32>, AnalysisError> {
    let mut mel = LogMel::new();
    let frames = mel.stft.frames(samples.len());
    let mut output = Array2::zeros((frames, N_MELS));
    for (index, row) in output.outer_iter_mut().enumerate() {
        mel.frame(samples, index, row)?;
    }
    Ok(output)
}

/// Log-mel frames one at a time.
pub struct LogMel {
    stft: Stft,
    power: Vec<f32>,
    bank: Vec<Band>,
}

/// One triangular filter: its first bin and its weights from there on.
struct Band {
    first: usize,
    weights: Vec<f32>,
}

impl LogMel {
    /// With the constants of [`crate::spectrum`].
    #[must_use]
    pub fn new() -> Self {
        let stft = Stft::new(N_FFT, HOP_LENGTH);
        let power = vec![0.0; stft.bins()];
        Self {
            bank: filter_bank(stft.bins()),
            power,
            stft,
        }
    }

    /// Number of frames of `samples` samples.
    #[must_use]
    pub const fn frames(&self, samples: usize) -> usize {
        self.stft.frames(samples)
    }

    /// Writes frame `index` of `samples` into `row` (`[96]`) and returns the frame's
    /// power spectrum (`[257]`).
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn frame(
        &mut self,
        samples: &[f32],
        index: usize,
        mut row: ArrayViewMut1<f32>,
    ) -> Result<&[f32], AnalysisError> {
        self.stft.power(samples, index, &mut self.power)?;
        for (out, band) in row.iter_mut().zip(&self.bank) {
            let bins = &self.power[band.first..band.first + band.weights.len()];
            let mel: f32 = bins.iter().zip(&band.weights).map(|(p, w)| p * w).sum();
            *out = (1.0 + GAIN * mel).log10();
        }
        Ok(&self.power)
    }
}

impl Default for LogMel {
    fn default() -> Self {
        Self::new()
    }
}

/// librosa's `filters.mel(sr=16000, n_fft=512, n_mels=96, htk=False, norm="slaney")`,
/// without the zeros.
fn filter_bank(bins: usize) -> Vec<Band> {
    let nyquist = f64::from(SAMPLE_RATE) / 2.0;
    let bin_hz = nyquist / (bins - 1) as f64;
    let top = mel_from_hz(nyquist);
    let edge = |i: usize| hz_from_mel(top * i as f64 / (N_MELS + 1) as f64);
    (0..N_MELS)
        .map(|band| triangle(edge(band), edge(band + 1), edge(band + 2), bin_hz, bins))
        .collect()
}

/// One filter of unit area between `low` and `high` Hz with its top at `centre`.
fn triangle(low: f64, centre: f64, high: f64, bin_hz: f64, bins: usize) -> Band {
    let norm = 2.0 / (high - low);
    let weight = |bin: usize| {
        let hz = bin as f64 * bin_hz;
        let rise = (hz - low) / (centre - low);
        let fall = (high - hz) / (high - centre);
        norm * rise.min(fall).max(0.0)
    };
    let first = ((low / bin_hz).floor() as usize).min(bins - 1);
    let last = ((high / bin_hz).ceil() as usize).min(bins - 1);
    Band {
        first,
        weights: (first..=last).map(|bin| weight(bin) as f32).collect(),
    }
}

/// Slaney's scale (Auditory Toolbox): linear to 1 kHz, then 27 steps per factor 6.4.
const MEL_BREAK: f64 = 15.0;
const HZ_BREAK: f64 = 1_000.0;
const HZ_PER_MEL: f64 = 200.0 / 3.0;

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn mel_from_hz(hz: f64) -> f64 {
    if hz < HZ_BREAK {
        hz / HZ_PER_MEL
    } else {
        MEL_BREAK + (hz / HZ_BREAK).ln() / log_step()
    }
}

fn hz_from_mel(mel: f64) -> f64 {
    if mel < MEL_BREAK {
        mel * HZ_PER_MEL
    } else {
        HZ_BREAK * ((mel - MEL_BREAK) * log_step()).exp()
    }
}

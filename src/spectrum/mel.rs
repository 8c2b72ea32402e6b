//! The log-mel spectrogram that the network was trained on.
//!
//! As `log10(1 + 10000 * librosa.feature.melspectrogram(y, sr=16000, n_fft=512,
//! hop_length=256, n_mels=96))` of librosa 0.10 (Slaney's mel scale and area norm,
//! 0 Hz to 8 kHz), which is musicnn's front end.

use ndarray::{Array2, ArrayViewMut1};

use super::{FilterBank, HOP_LENGTH, N_FFT, N_MELS, Stft};
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
    bank: FilterBank,
}

impl LogMel {
    /// With the constants of [`crate::spectrum`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            bank: FilterBank::new(SAMPLE_RATE, N_FFT, N_MELS),
            stft: Stft::new(N_FFT, HOP_LENGTH),
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
        let power = self.stft.power(samples, index)?;
        for (out, mel) in row.iter_mut().zip(self.bank.apply(power)) {
            *out = (1.0 + GAIN * mel).log10();
        }
        Ok(power)
    }
}

impl Default for LogMel {
    fn default() -> Self {
        Self::new()
    }
}

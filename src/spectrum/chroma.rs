//! Chroma: how strongly each of the 12 pitch classes sounds.

use super::Stft;
use crate::audio::SAMPLE_RATE;
use crate::error::AnalysisError;

/// Pitch classes, C first.
pub const PITCH_CLASSES: usize = 12;
/// FFT length in samples: 256 ms, a semitone wide at 66 Hz.
const N_FFT: usize = 4_096;
/// Hop in samples: 128 ms.
pub const HOP_LENGTH: usize = 2_048;
/// Lowest and highest frequency that counts, in Hz: C2 to C7. Below, bins are wider
/// than a semitone; above, there are more overtones than notes.
const RANGE_HZ: [f64; 2] = [65.4, 2_093.0];
/// Frequency of middle C in Hz (A4 = 440 Hz).
const MIDDLE_C_HZ: f64 = 261.625_565;

/// Chroma frames one at a time.
pub struct Chroma {
    stft: Stft,
    /// For each bin that counts: bin, pitch class and its share of the next class.
    bins: Vec<(usize, usize, f32)>,
}

impl Chroma {
    /// For samples at 16 kHz.
    #[must_use]
    pub fn new() -> Self {
        let stft = Stft::new(N_FFT, HOP_LENGTH);
        let bins = (1..stft.bins()).filter_map(pitch_class).collect();
        Self { stft, bins }
    }

    /// Number of frames of `samples` samples.
    #[must_use]
    pub const fn frames(&self, samples: usize) -> usize {
        self.stft.frames(samples)
    }

    /// Chroma of frame `index`: `[12]`, C first, magnitudes scaled so that the
    /// strongest class is 1; zeros where the frame is silent.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn frame(
        &mut self,
        samples: &[f32],
        index: usize,
    ) -> Result<[f32; PITCH_CLASSES], AnalysisError> {
        let power = self.stft.power(samples, index)?;
        let mut chroma = [0.0_f32; PITCH_CLASSES];
        for &(bin, class, share) in &self.bins {
            let magnitude = power[bin].sqrt();
            chroma[class] += (1.0 - share) * magnitude;
            chroma[(class + 1) % PITCH_CLASSES] += share * magnitude;
        }
        let max = chroma.iter().copied().fold(0.0, f32::max);
        if max > f32::EPSILON {
            chroma = chroma.map(|value| value / max);
        }
        Ok(chroma)
    }
}

impl Default for Chroma {
    fn default() -> Self {
        Self::new()
    }
}

/// The two pitch classes nearest to a bin, weighted linearly by distance in semitones.
fn pitch_class(bin: usize) -> Option<(usize, usize, f32)> {
    let hz = bin as f64 * f64::from(SAMPLE_RATE) / N_FFT as f64;
    if !(RANGE_HZ[0]..=RANGE_HZ[1]).contains(&hz) {
        return None;
    }
    let semitones = 12.0 * (hz / MIDDLE_C_HZ).log2() + 120.0;
    let class = semitones.floor() as usize % PITCH_CLASSES;
    Some((bin, class, semitones.fract() as f32))
}

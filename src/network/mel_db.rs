//! CED's front end: 64 mel bands in decibels, as torchaudio's `MelSpectrogram` and
//! `AmplitudeToDB` give them with the settings of CED's authors.

use ndarray::Array2;

use super::WINDOW;
use crate::error::AnalysisError;
pub use crate::front_end::NETWORK_N_MELS as BANDS;
use crate::front_end::{N_FFT, NETWORK_HOP_LENGTH as HOP, SAMPLE_RATE};
use crate::spectrum::{FilterBank, Stft};

/// Frames of one window.
pub const FRAMES: usize = WINDOW / HOP + 1;
/// Least power in dB.
const LEAST_POWER: f32 = 1e-10;

/// Makes the spectrograms of windows of 10 s.
pub struct MelDb {
    stft: Stft,
    bank: FilterBank,
}

impl Default for MelDb {
    fn default() -> Self {
        Self {
            stft: Stft::new(N_FFT, HOP),
            bank: htk_bank(),
        }
    }
}

impl MelDb {
    /// The spectrogram of [`WINDOW`] samples at 16 kHz, `[64, 1001]` band by band, in
    /// `10 log10` of power, not below -100. Both ends are mirrored (`center=True`).
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] where there are other than [`WINDOW`] samples.
    pub fn of(&mut self, samples: &[f32]) -> Result<Array2<f32>, AnalysisError> {
        if samples.len() != WINDOW {
            let detail = format!("expected {WINDOW} samples, got {}", samples.len());
            return Err(AnalysisError::internal(
                "the network's spectrogram",
                &detail,
            ));
        }
        // The zeros before bring the first frame's centre, the first sample, to a
        // multiple of the hop.
        let half = N_FFT / 2;
        let lead = half.next_multiple_of(HOP);
        let mut padded = vec![0.0; lead - half];
        padded.extend(samples[1..=half].iter().rev());
        padded.extend(samples);
        padded.extend(samples[WINDOW - 1 - half..WINDOW - 1].iter().rev());
        let mut mel = Array2::zeros((BANDS, FRAMES));
        for frame in 0..FRAMES {
            let power = self.stft.power(&padded, frame + lead / HOP)?;
            for (mel, sum) in mel.column_mut(frame).iter_mut().zip(self.bank.apply(power)) {
                *mel = 10.0 * sum.max(LEAST_POWER).log10();
            }
        }
        Ok(mel)
    }
}

/// HTK's mel scale to 8 kHz, triangles of height 1 (torchaudio's `melscale_fbanks` without norm).
fn htk_bank() -> FilterBank {
    let edges: Vec<f64> = (0..BANDS + 2).map(|place| edge_hz(place as f64)).collect();
    FilterBank::triangles(SAMPLE_RATE, N_FFT, &edges, |_, _| 1.0)
}

/// Edge number `place` of the triangles in Hz: 0 at 0 Hz, `BANDS + 1` at half the rate, evenly
/// spaced on HTK's mel scale.
fn edge_hz(place: f64) -> f64 {
    let top = (1.0 + f64::from(SAMPLE_RATE) / 2.0 / 700.0).log10();
    700.0 * (10_f64.powf(top * place / (BANDS + 1) as f64) - 1.0)
}

/// Frequency in Hz that parts band `band - 1` from `band`: halfway, on the mel scale, between
/// their tops; 0 below the lowest band and half the rate above the highest.
#[must_use]
pub fn boundary_hz(band: usize) -> f64 {
    match band {
        0 => 0.0,
        band if band >= BANDS => f64::from(SAMPLE_RATE) / 2.0,
        band => edge_hz(band as f64 + 0.5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_has_bins_and_the_filters_overlap_by_half() {
        // The weights of a filter are what it makes of one bin after the other.
        let bank = htk_bank();
        let weights = (0..=N_FFT / 2).map(|bin| {
            let mut power = vec![0.0; N_FFT / 2 + 1];
            power[bin] = 1.0;
            bank.apply(&power).collect::<Vec<f32>>()
        });
        let weights: Vec<_> = weights.collect();
        for band in 0..BANDS {
            assert!(weights.iter().any(|bands| bands[band] > 0.0), "{band}");
        }
        // Between the first and the last top, neighbours add up to 1.
        for bands in &weights[1..245] {
            assert!((bands.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn silence_is_the_least_and_another_length_is_refused() {
        let mel = MelDb::default().of(&vec![0.0; WINDOW]).unwrap();
        assert_eq!(mel.dim(), (BANDS, FRAMES));
        assert!(mel.iter().all(|db| (db + 100.0).abs() < 1e-3));
        let error = MelDb::default().of(&[0.0; 5]).unwrap_err().to_string();
        assert!(error.contains("160000") && error.contains('5'), "{error}");
    }
}

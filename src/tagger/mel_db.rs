//! CED's front end: 64 mel bands in decibels, as torchaudio's `MelSpectrogram` and
//! `AmplitudeToDB` give them with the settings of CED's authors.

use super::WINDOW;
use crate::audio::SAMPLE_RATE;
use crate::error::AnalysisError;
use crate::spectrum::Stft;

/// FFT length in samples.
const N_FFT: usize = 512;
/// Hop in samples: 10 ms.
const HOP: usize = 160;
/// Mel bands.
pub const BANDS: usize = 64;
/// Frames of one window.
pub const FRAMES: usize = WINDOW / HOP + 1;
/// Least power in dB.
const LEAST_POWER: f32 = 1e-10;

/// Makes the spectrograms of windows of 10 s.
pub struct MelDb {
    stft: Stft,
    /// Bins and weights of each band.
    bank: Vec<Vec<(usize, f32)>>,
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
    pub fn of(&mut self, samples: &[f32]) -> Result<Vec<f32>, AnalysisError> {
        if samples.len() != WINDOW {
            let detail = format!("expected {WINDOW} samples, got {}", samples.len());
            return Err(AnalysisError::internal("the tagger's spectrogram", &detail));
        }
        // The zeros before bring the first frame's centre, the first sample, to a
        // multiple of the hop.
        let half = N_FFT / 2;
        let lead = half.next_multiple_of(HOP);
        let mut padded = vec![0.0; lead - half];
        padded.extend(samples[1..=half].iter().rev());
        padded.extend(samples);
        padded.extend(samples[WINDOW - 1 - half..WINDOW - 1].iter().rev());
        let mut power = vec![0.0; self.stft.bins()];
        let mut mel = vec![0.0; BANDS * FRAMES];
        for frame in 0..FRAMES {
            self.stft.power(&padded, frame + lead / HOP, &mut power)?;
            for (band, filter) in self.bank.iter().enumerate() {
                let weighted = filter.iter().map(|&(bin, weight)| weight * power[bin]);
                let sum: f32 = weighted.sum();
                mel[band * FRAMES + frame] = 10.0 * sum.max(LEAST_POWER).log10();
            }
        }
        Ok(mel)
    }
}

/// Bins and weights of each band: HTK's mel scale to 8 kHz, triangles of height 1
/// (torchaudio's `melscale_fbanks` without norm).
fn htk_bank() -> Vec<Vec<(usize, f32)>> {
    let bin_hz = f64::from(SAMPLE_RATE) / N_FFT as f64;
    let top = 2595.0 * (1.0 + f64::from(SAMPLE_RATE) / 2.0 / 700.0).log10();
    let edge = |i: usize| {
        let mel = top * i as f64 / (BANDS + 1) as f64;
        700.0 * (10_f64.powf(mel / 2595.0) - 1.0)
    };
    (0..BANDS)
        .map(|band| {
            let (low, centre, high) = (edge(band), edge(band + 1), edge(band + 2));
            let weight = |bin: usize| {
                let hz = bin as f64 * bin_hz;
                ((hz - low) / (centre - low)).min((high - hz) / (high - centre))
            };
            (0..=N_FFT / 2)
                .filter(|&bin| weight(bin) > 0.0)
                .map(|bin| (bin, weight(bin) as f32))
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_has_bins_and_the_filters_overlap_by_half() {
        let bank = htk_bank();
        assert!(bank.iter().all(|filter| !filter.is_empty()));
        let mut sums = vec![0.0; N_FFT / 2 + 1];
        for (bin, weight) in bank.iter().flatten() {
            sums[*bin] += weight;
        }
        // Between the first and the last top, neighbours add up to 1.
        assert!(sums[1..245].iter().all(|sum| (sum - 1.0).abs() < 1e-5));
    }

    #[test]
    fn silence_is_the_least_and_another_length_is_refused() {
        let mel = MelDb::default().of(&vec![0.0; WINDOW]).unwrap();
        assert_eq!(mel.len(), BANDS * FRAMES);
        assert!(mel.iter().all(|db| (db + 100.0).abs() < 1e-3));
        let error = MelDb::default().of(&[0.0; 5]).unwrap_err().to_string();
        assert!(error.contains("160000") && error.contains('5'), "{error}");
    }
}

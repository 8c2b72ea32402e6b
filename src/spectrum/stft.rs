//! Power spectra of overlapping frames, as librosa's `abs(stft(...)) ** 2` with its
//! defaults: periodic Hann window, frames centred, zeros beyond both ends.

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};

use crate::error::AnalysisError;

/// Makes power spectra of one frame length and hop.
pub struct Stft {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    frame: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
    power: Vec<f32>,
    hop: usize,
}

impl Stft {
    /// For frames of `n_fft` samples, `hop` samples apart.
    #[must_use]
    pub fn new(n_fft: usize, hop: usize) -> Self {
        let fft = RealFftPlanner::<f32>::new().plan_fft_forward(n_fft);
        let window = (0..n_fft)
            .map(|n| {
                let phase = 2.0 * std::f64::consts::PI * n as f64 / n_fft as f64;
                (0.5 - 0.5 * phase.cos()) as f32
            })
            .collect();
        let spectrum = fft.make_output_vec();
        Self {
            power: vec![0.0; spectrum.len()],
            window,
            frame: fft.make_input_vec(),
            spectrum,
            scratch: fft.make_scratch_vec(),
            fft,
            hop,
        }
    }

    /// Number of frames that `samples` samples give: `1 + samples / hop`.
    #[must_use]
    pub const fn frames(&self, samples: usize) -> usize {
        1 + samples / self.hop
    }

    /// Number of bins of a frame: `n_fft / 2 + 1`, from 0 Hz to half the rate.
    #[must_use]
    pub fn bins(&self) -> usize {
        self.spectrum.len()
    }

    /// The power spectrum of frame `index` (`[bins]`, squared magnitude, no scaling). The
    /// frame is centred on sample `index * hop`.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn power(&mut self, samples: &[f32], index: usize) -> Result<&[f32], AnalysisError> {
        self.load(samples, index);
        self.fft
            .process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch)
            .map_err(|error| AnalysisError::internal("the spectrum", &error))?;
        for (p, bin) in self.power.iter_mut().zip(&self.spectrum) {
            *p = bin.norm_sqr();
        }
        Ok(&self.power)
    }

    /// Fills the windowed frame, with zeros beyond both ends of the samples.
    fn load(&mut self, samples: &[f32], index: usize) {
        let half = self.window.len() / 2;
        let centre = index * self.hop;
        let whole = centre
            .checked_sub(half)
            .and_then(|from| samples.get(from..));
        if let Some(whole) = whole.and_then(|rest| rest.get(..self.window.len())) {
            for ((out, w), sample) in self.frame.iter_mut().zip(&self.window).zip(whole) {
                *out = w * sample;
            }
            return;
        }
        for (n, (out, w)) in self.frame.iter_mut().zip(&self.window).enumerate() {
            *out = (centre + n)
                .checked_sub(half)
                .and_then(|at| samples.get(at))
                .map_or(0.0, |sample| w * sample);
        }
    }
}

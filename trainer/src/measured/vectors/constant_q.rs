//! The constant-Q transform: bins a semitone apart, each heard for as many of its own
//! periods.

use anyhow::{Result, anyhow};
use ndarray::Array2;
use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};

use super::recipe::{Recipe, SEMITONES};

/// Lowest bin in Hz: C1.
const LOWEST_HZ: f64 = 32.703_195_662_574_83;
/// Semitones an octave.
const OCTAVE: f64 = 12.0;
/// Parts of a kernel's spectrum below this, relative to its peak, are left out: -80 dB, the
/// range of the result.
const NEGLIGIBLE: f32 = 1e-4;

/// Power `[84, frames]` of the constant-Q transform, C1 first: the square of
/// `abs(librosa.cqt(y))` with its defaults, but computed at the full rate by one FFT a
/// frame instead of octave by octave at falling rates.
pub(super) fn constant_q(samples: &[f32], recipe: &Recipe) -> Result<Array2<f32>> {
    let rate = f64::from(recipe.sample_rate);
    let size = (length_of(0, rate).ceil() as usize + 1).next_power_of_two();
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(size);
    let kernels: Vec<Kernel> = (0..SEMITONES)
        .map(|bin| Kernel::new(bin, rate, fft.as_ref()))
        .collect::<Result<_>>()?;
    let mut frame = fft.make_input_vec();
    let mut spectrum = fft.make_output_vec();
    let frames = 1 + samples.len() / recipe.hop_length;
    let mut output = Array2::zeros((SEMITONES, frames));
    for (index, mut column) in output.columns_mut().into_iter().enumerate() {
        load(&mut frame, samples, index * recipe.hop_length);
        transform(fft.as_ref(), &mut frame, &mut spectrum)?;
        for (out, kernel) in column.iter_mut().zip(&kernels) {
            *out = kernel.response(&spectrum).norm_sqr();
        }
    }
    Ok(output)
}

/// Frequency of a bin in Hz.
fn hz_of(bin: usize) -> f64 {
    LOWEST_HZ * (bin as f64 / OCTAVE).exp2()
}

/// Length of a bin's kernel in samples (`filters.wavelet_lengths` of librosa 0.11).
fn length_of(bin: usize, rate: f64) -> f64 {
    let square = (2.0 / OCTAVE).exp2();
    let q = (square + 1.0) / (square - 1.0);
    q * rate / hz_of(bin)
}

/// A windowed complex sinusoid, as the part of its spectrum that counts.
struct Kernel {
    first: usize,
    /// Conjugate of the spectrum from `first` on.
    weights: Vec<Complex32>,
}

impl Kernel {
    /// Of unit sum under its Hann window, times the root of its length, so that white
    /// noise has one level in all bins (`norm=1, scale=True`).
    fn new(bin: usize, rate: f64, fft: &dyn RealToComplex<f32>) -> Result<Self> {
        let (length, size) = (length_of(bin, rate), fft.len());
        let half = (length / 2.0).floor() as usize;
        let (mut real, mut imaginary) = (fft.make_input_vec(), fft.make_input_vec());
        let mut sum = 0.0;
        for n in 0..2 * half {
            let offset = n as f64 - half as f64;
            let window = 0.5 - 0.5 * (std::f64::consts::PI * n as f64 / half as f64).cos();
            let phase = 2.0 * std::f64::consts::PI * hz_of(bin) * offset / rate;
            let at = size / 2 - half + n;
            real[at] = (window * phase.cos()) as f32;
            imaginary[at] = (window * phase.sin()) as f32;
            sum += window;
        }
        let (mut a, mut b) = (fft.make_output_vec(), fft.make_output_vec());
        transform(fft, &mut real, &mut a)?;
        transform(fft, &mut imaginary, &mut b)?;
        // Parseval's theorem divides by the size.
        let gain = (length.sqrt() / sum / size as f64) as f32;
        let spectrum = a.iter().zip(&b).map(|(a, b)| a + Complex32::i() * b);
        let weights: Vec<Complex32> = spectrum.map(|value| gain * value.conj()).collect();
        Ok(Self::without_flanks(&weights))
    }

    /// Without what is negligible at both ends.
    fn without_flanks(weights: &[Complex32]) -> Self {
        let peak = weights.iter().map(|w| w.norm()).fold(0.0, f32::max);
        let counts = |w: &Complex32| w.norm() > NEGLIGIBLE * peak;
        let first = weights.iter().position(counts).unwrap_or(0);
        let last = weights.iter().rposition(counts).unwrap_or(0);
        Self {
            first,
            weights: weights[first..=last].to_vec(),
        }
    }

    /// The bin's value in a frame's spectrum.
    fn response(&self, spectrum: &[Complex32]) -> Complex32 {
        let part = &spectrum[self.first..self.first + self.weights.len()];
        part.iter().zip(&self.weights).map(|(x, w)| x * w).sum()
    }
}

/// Fills a frame around sample `centre`, with zeros beyond both ends.
fn load(frame: &mut [f32], samples: &[f32], centre: usize) {
    let half = frame.len() / 2;
    for (n, out) in frame.iter_mut().enumerate() {
        let sample = (centre + n)
            .checked_sub(half)
            .and_then(|at| samples.get(at));
        *out = sample.copied().unwrap_or(0.0);
    }
}

/// The Fourier transform; `input` is lost.
fn transform(
    fft: &dyn RealToComplex<f32>,
    input: &mut [f32],
    output: &mut [Complex32],
) -> Result<()> {
    fft.process(input, output)
        .map_err(|error| anyhow!("the Fourier transform failed: {error}"))
}

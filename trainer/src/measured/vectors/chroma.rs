//! Chroma: how strongly each pitch class sounds.

use anyhow::Result;
use ndarray::{Array2, ArrayViewMut1};

use super::recipe::{PITCH_CLASSES, Recipe};
use super::spectrogram;

/// Octave above A0/2 at which bins count most, and the deviation around it in octaves
/// (`ctroct` and `octwidth` of `filters.chroma`).
const CENTRE_OCTAVE: f64 = 5.0;
const OCTAVE_WIDTH: f64 = 2.0;
/// Octave 0 in Hz: A4 = 440 Hz stands in octave 4.
const OCTAVE_ZERO_HZ: f64 = 440.0 / 16.0;

/// Chroma `[12, frames]`, C first, the strongest class of every frame 1; zeros where a
/// frame is silent. As `feature.chroma_stft(y, tuning=0)` of librosa: unlike its default,
/// the tuning is not estimated but A4 = 440 Hz.
pub(super) fn chroma(samples: &[f32], recipe: &Recipe) -> Result<Array2<f32>> {
    let weights = weights(recipe.sample_rate, recipe.n_fft);
    spectrogram::frames(samples, recipe, PITCH_CLASSES, |power, column| {
        fill(&weights, power, column);
    })
}

/// The pitch classes of one power spectrum.
fn fill(weights: &[[f32; PITCH_CLASSES]], power: &[f32], mut column: ArrayViewMut1<f32>) {
    let mut classes = [0.0_f32; PITCH_CLASSES];
    for (row, p) in weights.iter().zip(power) {
        for (class, weight) in classes.iter_mut().zip(row) {
            *class += weight * p;
        }
    }
    let peak = classes.iter().copied().fold(0.0, f32::max);
    // Below, librosa's `util.normalize` leaves a frame as it is.
    let peak = if peak < f32::MIN_POSITIVE { 1.0 } else { peak };
    for (out, class) in column.iter_mut().zip(classes) {
        *out = class / peak;
    }
}

/// `filters.chroma(sr, n_fft)` of librosa 0.11, `[n_fft / 2 + 1][12]`: a Gaussian around
/// each pitch class, of unit length over the classes, times one over the octaves.
fn weights(sample_rate: u32, n_fft: usize) -> Vec<[f32; PITCH_CLASSES]> {
    let classes = PITCH_CLASSES as f64;
    let pitch = |bin: usize| {
        let hz = bin as f64 * f64::from(sample_rate) / n_fft as f64;
        classes * (hz / OCTAVE_ZERO_HZ).log2()
    };
    // Bin 0 has no pitch; librosa puts it an octave and a half below the first.
    let place = |bin: usize| {
        if bin == 0 {
            pitch(1) - 1.5 * classes
        } else {
            pitch(bin)
        }
    };
    (0..=n_fft / 2)
        .map(|bin| {
            let width = (place(bin + 1) - place(bin)).max(1.0);
            let octave = (place(bin) / classes - CENTRE_OCTAVE) / OCTAVE_WIDTH;
            let row: [f64; PITCH_CLASSES] = std::array::from_fn(|class| {
                // Class 0 is C, three semitones above A.
                let distance = place(bin) - (class + 3) as f64;
                let folded = (distance + 6.0).rem_euclid(classes) - 6.0;
                (-0.5 * (2.0 * folded / width).powi(2)).exp()
            });
            let length = row.iter().map(|w| w * w).sum::<f64>().sqrt();
            let gain = (-0.5 * octave * octave).exp() / length;
            row.map(|weight| (gain * weight) as f32)
        })
        .collect()
}

//! Spectrograms `[bins, frames]` of mono samples, as librosa's functions of those names.

use anyhow::Result;
use ndarray::{Array2, ArrayView1, ArrayViewMut1};
use undertone::spectrum::{FilterBank, Stft};

use super::recipe::{MFCC, Recipe};

/// Least power that is told from silence (`amin` of `power_to_db`).
const LEAST_POWER: f32 = 1e-10;
/// Range below the loudest value, in dB (`top_db` of `power_to_db`).
const RANGE_DB: f32 = 80.0;

/// Power spectra `[n_fft / 2 + 1, frames]` (`abs(stft(y)) ** 2`).
pub(super) fn linear(samples: &[f32], recipe: &Recipe) -> Result<Array2<f32>> {
    let bins = recipe.n_fft / 2 + 1;
    frames(samples, recipe, bins, |power, mut column| {
        column.assign(&ArrayView1::from(power));
    })
}

/// Mel power `[n_mels, frames]` (`feature.melspectrogram(y)`).
pub(super) fn mel(samples: &[f32], recipe: &Recipe) -> Result<Array2<f32>> {
    let bank = FilterBank::new(recipe.sample_rate, recipe.n_fft, recipe.n_mels);
    frames(samples, recipe, recipe.n_mels, |power, mut column| {
        for (out, band) in column.iter_mut().zip(bank.apply(power)) {
            *out = band;
        }
    })
}

/// Turns every frame's power spectrum into a column of `bins` values.
pub(super) fn frames(
    samples: &[f32],
    recipe: &Recipe,
    bins: usize,
    fill: impl Fn(&[f32], ArrayViewMut1<f32>),
) -> Result<Array2<f32>> {
    let mut stft = Stft::new(recipe.n_fft, recipe.hop_length);
    let mut output = Array2::zeros((bins, stft.frames(samples.len())));
    for (index, column) in output.columns_mut().into_iter().enumerate() {
        fill(stft.power(samples, index)?, column);
    }
    Ok(output)
}

/// The greatest value.
pub(super) fn peak(values: &Array2<f32>) -> f32 {
    values.iter().copied().fold(0.0, f32::max)
}

/// Power in dB relative to `reference`, at most 80 dB below the loudest
/// (`power_to_db(power, ref=reference)`).
pub(super) fn decibels(power: &mut Array2<f32>, reference: f32) {
    let zero = 10.0 * reference.max(LEAST_POWER).log10();
    power.mapv_inplace(|p| 10.0 * p.max(LEAST_POWER).log10() - zero);
    let loudest = power.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    power.mapv_inplace(|db| db.max(loudest - RANGE_DB));
}

/// Cepstral coefficients `[20, frames]` of mel bands in dB `[n_mels, frames]`, by the
/// orthonormal DCT-II (`feature.mfcc(S=mel_db)`).
pub(super) fn cepstrum(mel_db: &Array2<f32>) -> Array2<f32> {
    let bands = mel_db.nrows();
    let basis = Array2::from_shape_fn((MFCC, bands), |(k, n)| {
        let norm = if k == 0 { 1.0 } else { 2.0 } / bands as f64;
        let angle = std::f64::consts::PI * k as f64 * (n as f64 + 0.5) / bands as f64;
        (norm.sqrt() * angle.cos()) as f32
    });
    basis.dot(mel_db)
}

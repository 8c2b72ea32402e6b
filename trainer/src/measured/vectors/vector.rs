//! From decoded sound to a vector.

use anyhow::{Context, Result, bail};
use ndarray::Array2;
use undertone::Pcm;
use undertone::audio::{mono, refuse_silence};

use super::recipe::{Kind, Recipe};
use super::{chroma, constant_q, spectrogram};

/// The vector of a song: `[bins, frames]` of [`Recipe::shape`], lowest band first, unit
/// and range as [`Kind`] says. The part that the recipe names is taken from the mean of
/// the channels, at its own level; a song that ends before is followed by zeros.
///
/// # Errors
/// When the recipe is refused, the song ends before the part begins, or the part is
/// silent or has samples that are not numbers.
pub fn vector(pcm: &Pcm, recipe: &Recipe) -> Result<Array2<f32>> {
    recipe.check()?;
    let (start, end) = (recipe.start_s, recipe.end_s());
    let mut samples = mono(pcm, start, recipe.duration_s, recipe.sample_rate)?;
    if samples.is_empty() {
        bail!(
            "the song ends at {:.1} s, before the part begins at {start} s",
            pcm.seconds()
        );
    }
    // A vector relative to its loudest value can't show that there was no sound.
    refuse_silence(&samples, recipe.sample_rate)
        .with_context(|| format!("from {start} to {end} s"))?;
    samples.resize(recipe.samples(), 0.0);
    of_samples(&samples, recipe)
}

/// The vector of mono samples at the recipe's rate, all of them. As librosa 0.11's
/// `power_to_db(melspectrogram(y), ref=np.max)`, `amplitude_to_db(abs(stft(y)),
/// ref=np.max)`, `mfcc(y)`, `chroma_stft(y, tuning=0)` or `amplitude_to_db(abs(cqt(y)),
/// ref=np.max)`.
///
/// # Errors
/// When the Fourier transform refuses.
pub fn of_samples(samples: &[f32], recipe: &Recipe) -> Result<Array2<f32>> {
    let mut values = match recipe.kind {
        Kind::Linear => spectrogram::linear(samples, recipe)?,
        Kind::Mel | Kind::Mfcc => spectrogram::mel(samples, recipe)?,
        Kind::Chroma => return chroma::chroma(samples, recipe),
        Kind::Cqt => constant_q::constant_q(samples, recipe)?,
    };
    if recipe.kind == Kind::Mfcc {
        spectrogram::decibels(&mut values, 1.0);
        return Ok(spectrogram::cepstrum(&values));
    }
    let peak = spectrogram::peak(&values);
    spectrogram::decibels(&mut values, peak);
    Ok(values)
}

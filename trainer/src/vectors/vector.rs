//! From decoded sound to a vector.

use anyhow::{Context, Result, bail};
use ndarray::Array2;
use undertone::audio::{SILENCE_DBFS, mono};
use undertone::{AnalysisError, Pcm};

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
    refuse_silence(&samples).with_context(|| format!("from {start} to {end} s"))?;
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

/// A vector relative to its loudest value can't show that there was no sound.
fn refuse_silence(samples: &[f32]) -> Result<(), AnalysisError> {
    let peak = samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
    let peak_dbfs = (20.0 * f64::from(peak).log10()).max(-200.0);
    if peak_dbfs < SILENCE_DBFS {
        return Err(AnalysisError::Silent {
            peak_dbfs,
            minimum_dbfs: SILENCE_DBFS,
        });
    }
    Ok(())
}

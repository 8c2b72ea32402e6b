//! Time signature: how many beats make a bar.
//!
//! What recurs from bar to bar (accents, bass, changes of the spectrum, the spectrum
//! itself) is alike at beats that lie a bar apart and unlike at others (after Gainza 2009,
//! "Automatic musical meter detection"). The weights are all one; the threshold was chosen
//! on half of the pieces that `trainer/benches/make_pieces.py` makes.

use ndarray::{ArrayView2, Axis, s};

use super::super::statistics::Moments;
use super::onsets::onset_strength;
use super::tempogram::Tempogram;
use crate::spectrum::N_MELS;

/// Fewest beats that show a metre: two bars of seven and a half of another.
const LEAST_BEATS: usize = 16;
/// An accent may lie so many frames beside its beat.
const NEAR: usize = 3;
/// Mel bands below 200 Hz.
const BASS_BANDS: usize = 7;
/// Longest distance of beats that are compared.
const MAX_LAG: usize = 9;
/// By how much groups of three must recur better than groups of two, over the four
/// sequences together.
const TRIPLE_MARGIN: f64 = 0.4;
/// By how much five or seven must recur better than all others.
const ODD_MARGIN: f64 = 0.3;
/// By how much thirds of a beat must recur better than halves for a compound metre.
const COMPOUND_MARGIN: f64 = 0.08;

/// Beats in a bar: 3, 4, 5 or 7, or 6 where two beats of three parts each make a bar
/// (6/8); 2/4 and 2/2 are 4, as is their beat in two bars. `None` with too few beats.
///
/// `log_mel` is `[frames, 96]`, `beats` are frames of it, `bpm` is their tempo.
pub(super) fn time_signature(
    log_mel: ArrayView2<f32>,
    beats: &[usize],
    tempogram: &Tempogram,
    bpm: f64,
) -> Option<u8> {
    if beats.len() < LEAST_BEATS {
        return None;
    }
    let recurrence = recurrence(log_mel, beats);
    let mean = |lags: [usize; 3]| lags.iter().map(|&lag| recurrence[lag]).sum::<f64>() / 3.0;
    let odd = [5, 7].into_iter().find(|&odd| {
        let others = (2..=8).filter(|&lag| lag != odd);
        let best = others.map(|lag| recurrence[lag]).fold(f64::MIN, f64::max);
        recurrence[odd] > best + ODD_MARGIN
    });
    if let Some(odd) = odd {
        return Some(odd as u8);
    }
    if mean([3, 6, 9]) > mean([2, 4, 8]) + TRIPLE_MARGIN {
        return Some(3);
    }
    let part = |parts: f64| tempogram.autocorrelation(bpm * parts);
    let compound = part(3.0).min(part(1.5)) > part(2.0) + COMPOUND_MARGIN;
    Some(if compound { 6 } else { 4 })
}

/// For each distance in beats (index; 0 to [`MAX_LAG`]) how alike beats at that distance
/// are, summed over four sequences, -4 to 4.
fn recurrence(log_mel: ArrayView2<f32>, beats: &[usize]) -> [f64; MAX_LAG + 1] {
    let spectra = spectra(log_mel, beats);
    let sequences = [
        accents(&onset_strength(log_mel), beats),
        accents(&onset_strength(log_mel.slice(s![.., ..BASS_BANDS])), beats),
        changes(&spectra),
    ]
    .map(|sequence| standardised(&sequence));
    std::array::from_fn(|lag| {
        let alike: f64 = sequences.iter().map(|values| product(values, lag)).sum();
        alike + similarity(&spectra, lag)
    })
}

/// The strongest onset near each beat.
fn accents(strength: &[f32], beats: &[usize]) -> Vec<f64> {
    let near = |&beat: &usize| {
        let from = beat.saturating_sub(NEAR).min(strength.len());
        let to = (beat + NEAR + 1).min(strength.len());
        strength[from..to].iter().copied().fold(0.0, f32::max)
    };
    beats.iter().map(|beat| f64::from(near(beat))).collect()
}

/// Mean spectrum from each beat to the next, less the mean of all.
fn spectra(log_mel: ArrayView2<f32>, beats: &[usize]) -> Vec<[f64; N_MELS]> {
    let mut spectra: Vec<[f64; N_MELS]> = beats
        .windows(2)
        .map(|pair| {
            let from = pair[0].min(log_mel.nrows());
            let to = pair[1].min(log_mel.nrows());
            let mean = log_mel.slice(s![from..to, ..]).mean_axis(Axis(0));
            std::array::from_fn(|band| {
                let value = mean.as_ref().and_then(|mean| mean.get(band));
                value.copied().map_or(0.0, f64::from)
            })
        })
        .collect();
    let count = spectra.len().max(1) as f64;
    let mean: [f64; N_MELS] =
        std::array::from_fn(|band| spectra.iter().map(|s| s[band]).sum::<f64>() / count);
    for spectrum in &mut spectra {
        for (value, mean) in spectrum.iter_mut().zip(&mean) {
            *value -= mean;
        }
    }
    spectra
}

/// How far each beat's spectrum is from the last one's.
fn changes(spectra: &[[f64; N_MELS]]) -> Vec<f64> {
    let change = |pair: &[[f64; N_MELS]]| {
        let squares = pair[0].iter().zip(&pair[1]).map(|(a, b)| (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    };
    std::iter::once(0.0)
        .chain(spectra.windows(2).map(change))
        .collect()
}

fn standardised(values: &[f64]) -> Vec<f64> {
    let moments: Moments = values.iter().copied().collect();
    let scale = if moments.std() > 0.0 {
        1.0 / moments.std()
    } else {
        0.0
    };
    values
        .iter()
        .map(|v| (v - moments.mean()) * scale)
        .collect()
}

/// Mean product of standardised values that lie `lag` apart.
fn product(values: &[f64], lag: usize) -> f64 {
    let pairs = values.iter().zip(values.iter().skip(lag));
    let count = values.len().saturating_sub(lag).max(1);
    pairs.map(|(a, b)| a * b).sum::<f64>() / count as f64
}

/// Mean cosine of spectra that lie `lag` apart.
fn similarity(spectra: &[[f64; N_MELS]], lag: usize) -> f64 {
    let norms: Vec<f64> = spectra
        .iter()
        .map(|spectrum| spectrum.iter().map(|v| v * v).sum::<f64>().sqrt() + 1e-9)
        .collect();
    let count = spectra.len().saturating_sub(lag).max(1);
    let cosines = (lag..spectra.len()).map(|index| {
        let (a, b) = (&spectra[index - lag], &spectra[index]);
        let dot: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
        dot / norms[index - lag] / norms[index]
    });
    cosines.sum::<f64>() / count as f64
}

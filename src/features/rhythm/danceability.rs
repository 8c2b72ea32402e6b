//! Danceability by detrended fluctuation analysis.
//!
//! Streich & Herrera 2005, "Detrended fluctuation analysis of music signals:
//! danceability estimation and further semantic characterization" (AES 118), as
//! Essentia's `Danceability` computes it: music with a strong beat moves its level at
//! the beat and not over longer spans, so that the exponent of its fluctuations is small.

use crate::audio::SAMPLE_RATE;

/// Length of the frames whose level is looked at: 10 ms.
const FRAME: usize = SAMPLE_RATE as usize / 100;
/// Shortest and longest span in ms, and the step from one to the next.
const SPANS_MS: [f64; 2] = [310.0, 8_800.0];
const SPAN_STEP: f64 = 1.1;
/// Most blocks that are looked at for each span. Essentia looks at all that overlap by 49
/// in 50; so many it has in 40 s, and beyond that more of them change nothing but the time.
const MOST_BLOCKS: usize = 4_000;
/// Essentia's answer lies between 0 and about 3.
const SCALE: f64 = 3.0;

/// Danceability in [0, 1] of samples at 16 kHz: a third of Essentia's value, capped;
/// `None` where the song is too short or its level does not move. A level that moves over
/// no span more than over another (exponent 0 or less) is that of a machine: 1.
#[must_use]
pub fn danceability(samples: &[f32]) -> Option<f64> {
    let exponent = fluctuation_exponent(samples)?;
    Some((1.0 / exponent.max(0.0) / SCALE).min(1.0))
}

/// Mean exponent of the fluctuations over all spans; the reciprocal of Essentia's
/// `danceability`.
fn fluctuation_exponent(samples: &[f32]) -> Option<f64> {
    let profile = profile(samples);
    let fluctuations: Vec<(f64, f64)> = spans()
        .take_while(|&span| span < profile.len())
        .map(|span| (span as f64, fluctuation(&profile, span)))
        .collect();
    let exponents: Option<Vec<f64>> = fluctuations
        .windows(2)
        .map(|pair| {
            let [(span, before), (next, after)] = [pair[0], pair[1]];
            // The original article corrects short spans by 3.
            let steps = ((next + 3.0) / (span + 3.0)).log10();
            (before > 0.0 && after > 0.0).then(|| (after / before).log10() / steps)
        })
        .collect();
    let exponents = exponents.filter(|exponents| !exponents.is_empty())?;
    Some(exponents.iter().sum::<f64>() / exponents.len() as f64)
}

/// Spans in frames.
fn spans() -> impl Iterator<Item = usize> {
    std::iter::successors(Some(SPANS_MS[0]), |span| Some(span * SPAN_STEP))
        .take_while(|&span| span <= SPANS_MS[1])
        .map(|span| (span / 10.0) as usize)
}

/// The integrated deviation of the frames' levels from their mean.
fn profile(samples: &[f32]) -> Vec<f64> {
    let levels: Vec<f64> = samples.chunks_exact(FRAME).map(deviation).collect();
    let mean = levels.iter().sum::<f64>() / levels.len().max(1) as f64;
    let integrated = levels.iter().scan(0.0, |sum, level| {
        *sum += level - mean;
        Some(*sum)
    });
    integrated.collect()
}

/// Standard deviation of a frame's samples.
fn deviation(frame: &[f32]) -> f64 {
    let count = frame.len() as f64;
    let mean = frame.iter().copied().map(f64::from).sum::<f64>() / count;
    let squares: f64 = frame.iter().map(|&s| (f64::from(s) - mean).powi(2)).sum();
    (squares / count).sqrt()
}

/// Root mean square of what a straight line leaves of the profile, over blocks of `span`
/// frames, fewer than the profile has.
fn fluctuation(profile: &[f64], span: usize) -> f64 {
    let count = profile.len() - span;
    let jump = (span / 50).max(count.div_ceil(MOST_BLOCKS));
    let residuals: f64 = (0..count)
        .step_by(jump)
        .map(|start| residual(&profile[start..start + span]))
        .sum();
    (residuals * jump as f64 / count as f64).sqrt()
}

/// Mean square of what the line of least squares leaves of a block.
fn residual(block: &[f64]) -> f64 {
    let n = block.len() as f64;
    let middle = (n - 1.0) / 2.0;
    let mean = block.iter().sum::<f64>() / n;
    let (mut squares, mut product) = (0.0, 0.0);
    for (x, y) in block.iter().enumerate() {
        let y = y - mean;
        squares += y * y;
        product += (x as f64 - middle) * y;
    }
    let spread = n * (n * n - 1.0) / 12.0;
    ((squares - product * product / spread) / n).max(0.0)
}

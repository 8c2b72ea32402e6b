//! Onsets: how strong they are, and how many there are.

use ndarray::ArrayView2;

use crate::spectrum::FRAME_RATE;

/// Least distance of two onsets in frames (48 ms).
const ONSET_GAP: usize = 3;
/// Frames before and after an onset that it must stand out of: 96 and 64 ms, librosa's
/// `pre_avg` and `post_avg`.
const AROUND_ONSET: [usize; 2] = [6, 4];
/// By how much (log10 units, mean of the bands). Chosen on rendered scores: the
/// number of onsets is within 20 % of the score's in three of four.
const LEAST_RISE: f32 = 0.05;

/// Onset strength of each frame: the mean over the bands of what rose since the last
/// frame (`librosa.onset.onset_strength` on these bands, lag 1).
pub(super) fn onset_strength(log_mel: ArrayView2<f32>) -> Vec<f32> {
    let rise = |pair: ArrayView2<f32>| {
        let rises = pair
            .row(1)
            .iter()
            .zip(pair.row(0))
            // `f32::max` is a call in WebAssembly.
            .map(|(now, before)| if now > before { now - before } else { 0.0 })
            .sum::<f32>();
        rises / pair.ncols() as f32
    };
    let first = (log_mel.nrows() > 0).then_some(0.0);
    first
        .into_iter()
        .chain(log_mel.windows((2, log_mel.ncols())).into_iter().map(rise))
        .collect()
}

/// Local maxima that stand out of their surroundings, a second: as `librosa.onset.onset_detect`
/// picks them, but by a fixed height. One relative to the song's own loudest onset finds
/// onsets in every ripple of a song without any.
pub(super) fn onset_rate(envelope: &[f32]) -> f64 {
    let [before, after] = AROUND_ONSET;
    let mut count = 0_usize;
    let mut last = None;
    for (i, w) in envelope.windows(3).enumerate() {
        if w[1] < w[0] || w[1] <= w[2] || last.is_some_and(|at| i - at < ONSET_GAP) {
            continue;
        }
        let middle = i + 1;
        let end = (middle + after + 1).min(envelope.len());
        let around = &envelope[middle.saturating_sub(before)..end];
        let mean = around.iter().sum::<f32>() / around.len() as f32;
        if w[1] > mean + LEAST_RISE {
            count += 1;
            last = Some(i);
        }
    }
    count as f64 * FRAME_RATE / envelope.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ripples_are_no_onsets() {
        let ripples: Vec<f32> = (0..1_000)
            .map(|n: u16| 0.1 + 0.01 * f32::from(n % 4))
            .collect();
        assert!(onset_rate(&ripples) < f64::EPSILON);
        let mut notes = ripples;
        for note in notes.iter_mut().step_by(25).skip(1) {
            *note += 0.1;
        }
        assert!((onset_rate(&notes) - 39.0 / 16.0).abs() < 1e-9);
    }
}

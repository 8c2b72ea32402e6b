//! Where the frames of a song are hung up.
//!
//! Encoders and decoders put up to 50 ms of silence before a song, and no two of them
//! the same. If frames were counted from the first sample, they would then fall on
//! other moments of the music, and pooling over time would give other answers. So they
//! are counted from the song's strongest onset instead: an anchor in the music itself.

use std::ops::Range;

/// Samples quieter than this, relative to the reference, are silence: -60 dB, as the
/// default of librosa's `effects.trim`.
const SILENCE: f32 = 1e-3;
/// Samples before and after a moment whose energy is compared: 32 ms.
const SPAN: usize = 512;

/// The samples between the first and the last that are not silence against the amplitude
/// `reference`.
pub(super) fn sounding(samples: &[f32], reference: f32) -> Range<usize> {
    let loud = |sample: &f32| sample.abs() > SILENCE * reference;
    let start = samples.iter().position(loud).unwrap_or(0);
    let end = samples.iter().rposition(loud).map_or(0, |last| last + 1);
    start..end.max(start)
}

/// The sample at which the energy of the next 32 ms exceeds that of the last 32 ms by
/// most; 0 where there are not that many samples.
pub(super) fn find(samples: &[f32]) -> usize {
    let energy = |at: usize| f64::from(samples[at]).powi(2);
    if samples.len() < 2 * SPAN {
        return 0;
    }
    let sum = |range: Range<usize>| range.map(energy).sum::<f64>();
    let mut rise = sum(SPAN..2 * SPAN) - sum(0..SPAN);
    let mut best = (SPAN, rise);
    for at in SPAN + 1..=samples.len() - SPAN {
        // The window moves on by one sample.
        rise += energy(at + SPAN - 1) - 2.0 * energy(at - 1) + energy(at - 1 - SPAN);
        if rise > best.1 {
            best = (at, rise);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_anchor_is_the_strongest_onset() {
        let mut samples = vec![0.01; 16_000];
        samples[5_000..6_000].fill(0.3);
        samples[9_000..9_800].fill(0.8);
        assert_eq!(find(&samples), 9_000);
        assert_eq!(find(&samples[1_000..]), 8_000);
        assert_eq!(find(&[0.5; 100]), 0);
    }

    #[test]
    fn silence_is_cut_off_at_both_ends() {
        let samples = [0.0, 5e-4, 0.5, 0.0, 1.0, 0.0];
        assert_eq!(sounding(&samples, 1.0), 2..5);
        assert_eq!(sounding(&samples, 0.1), 1..5);
        assert_eq!(sounding(&[0.0; 4], 1.0), 0..0);
    }
}

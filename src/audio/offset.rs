//! A constant offset, which cheap converters put under a recording: it has no sound, but
//! it has a level.

use super::SAMPLE_RATE;
use super::statistics::sums;

/// Length over which an offset is looked for: what goes up and down within it is sound.
const BLOCK: usize = SAMPLE_RATE as usize;
/// Least share of the energy that is taken for an offset.
const LEAST_SHARE: f64 = 0.1;
/// Corner frequency in Hz of the filter that takes it off, two octaves below the lowest
/// note.
const CORNER_HZ: f64 = 5.0;

/// Takes the offset off samples at [`SAMPLE_RATE`], where there is one.
pub(super) fn remove(samples: &mut [f32]) {
    if share(samples) < LEAST_SHARE {
        return;
    }
    // The filter begins as if the offset had always been there.
    let mut before = mean(&samples[..BLOCK.min(samples.len())]);
    let mut out = 0.0;
    let pole = 1.0 - 2.0 * std::f64::consts::PI * CORNER_HZ / f64::from(SAMPLE_RATE);
    for sample in samples {
        let now = f64::from(*sample);
        out = now - before + pole * out;
        before = now;
        *sample = out as f32;
    }
}

/// Share of the energy that the means of the blocks have, in [0, 1].
fn share(samples: &[f32]) -> f64 {
    let (mut constant, mut all) = (0.0, f64::MIN_POSITIVE);
    for block in samples.chunks_exact(BLOCK) {
        let (sum, squares) = sums(block);
        constant += sum.powi(2) / BLOCK as f64;
        all += squares;
    }
    constant / all
}

fn mean(samples: &[f32]) -> f64 {
    sums(samples).0 / samples.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f32, offset: f32) -> Vec<f32> {
        let sine = |n: usize| (6.283_185_5 * hz * n as f32 / SAMPLE_RATE as f32).sin();
        (0..5 * BLOCK).map(|n| 0.2 * sine(n) + offset).collect()
    }

    #[test]
    fn an_offset_goes_and_the_tone_stays() {
        let clean = tone(220.0, 0.0);
        for offset in [0.1, -0.5, 3.0] {
            let mut samples = tone(220.0, offset);
            remove(&mut samples);
            let off = samples.iter().zip(&clean).map(|(a, b)| (a - b).abs());
            let worst = off.fold(0.0, f32::max);
            assert!(worst < 0.01, "{offset}: {worst}");
        }
    }

    #[test]
    fn what_has_none_stays_to_the_last_bit() {
        for hz in [28.0, 220.0] {
            for offset in [0.0, 0.01, -0.03] {
                let mut samples = tone(hz, offset);
                remove(&mut samples);
                assert_eq!(samples, tone(hz, offset));
            }
        }
        remove(&mut []);
    }
}

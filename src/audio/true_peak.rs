//! Highest true peak, looked for only where it can be.

use std::ops::Range;

use ebur128::{EbuR128, Error, Mode};

use super::statistics::peak;

/// Samples of a piece that is looked at or not.
const PIECE: usize = 128;
/// Samples before a piece that the oversampling filter looks back on, at most.
const TAPS: usize = 24;
/// Most that oversampling makes of samples up to 1: the greatest sum of amplitudes of the
/// phases of ebur128's filter is 1.864 at four times, 2.307 at twice the rate.
const MOST_GAIN: f32 = 2.31;

/// Finds the same value as if all were oversampled: a piece whose samples lie so low that
/// nothing between them can reach the highest peak so far is left out, and that is most of
/// a song.
pub(super) struct TruePeak {
    meter: EbuR128,
    /// The last samples of every channel, `[channel][sample]`.
    before: Vec<Vec<f32>>,
    /// Whether the filter has seen those.
    follows: bool,
    highest: f64,
    sample_peak: f32,
}

impl TruePeak {
    /// For `channels` channels at `rate` Hz.
    pub(super) fn new(channels: usize, rate: u32) -> Result<Self, Error> {
        Ok(Self {
            meter: EbuR128::new(channels as u32, rate, Mode::TRUE_PEAK)?,
            before: vec![vec![0.0; TAPS]; channels],
            follows: true,
            highest: 0.0,
            sample_peak: 0.0,
        })
    }

    /// Takes the next chunk, one slice a channel, all of one length.
    pub(super) fn push(&mut self, chunk: &[&[f32]]) -> Result<(), Error> {
        let length = chunk.first().map_or(0, |samples| samples.len());
        let mut before = loudest(self.before.iter().map(Vec::as_slice));
        for from in (0..length).step_by(PIECE) {
            let piece = from..(from + PIECE).min(length);
            let own = loudest(chunk.iter().map(|samples| &samples[piece.clone()]));
            self.sample_peak = self.sample_peak.max(own);
            if f64::from(MOST_GAIN * own.max(before)) > self.highest {
                self.look_at(chunk, piece)?;
            } else {
                self.follows = false;
            }
            before = own;
        }
        for (before, samples) in self.before.iter_mut().zip(chunk) {
            before.extend_from_slice(&samples[samples.len().saturating_sub(TAPS)..]);
            before.drain(..before.len() - TAPS);
        }
        Ok(())
    }

    fn look_at(&mut self, chunk: &[&[f32]], piece: Range<usize>) -> Result<(), Error> {
        let planes = |range: Range<usize>| -> Vec<&[f32]> {
            chunk
                .iter()
                .map(|samples| &samples[range.clone()])
                .collect()
        };
        if !self.follows {
            let before: Vec<&[f32]> = self.before.iter().map(Vec::as_slice).collect();
            self.meter.seed_frames_planar_f32(&before)?;
            let seen = piece.start.saturating_sub(TAPS)..piece.start;
            self.meter.seed_frames_planar_f32(&planes(seen))?;
            self.follows = true;
        }
        self.meter.add_frames_planar_f32(&planes(piece))?;
        for channel in 0..chunk.len() {
            let peak = self.meter.true_peak(channel as u32)?;
            self.highest = self.highest.max(peak);
        }
        Ok(())
    }

    /// Highest absolute sample and highest true peak of any channel so far, as amplitudes.
    pub(super) const fn peaks(&self) -> (f32, f64) {
        (self.sample_peak, self.highest)
    }
}

fn loudest<'a>(planes: impl Iterator<Item = &'a [f32]>) -> f32 {
    planes.map(peak).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise that swells and fades, with clicks, the same at each call.
    fn sound(length: usize, seed: u32) -> Vec<f32> {
        let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let noise = std::iter::successors(Some(seed), next);
        let sample = |(n, state): (usize, u32)| {
            let swell = (1e-3 * n as f32).sin().powi(2);
            let click = if state % 4_001 == 0 { 2.0 } else { 1.0 };
            click * swell * (state as f32 / (1_u32 << 31) as f32 - 1.0)
        };
        noise.take(length).enumerate().map(sample).collect()
    }

    #[test]
    fn the_peak_is_that_of_the_whole_to_the_last_bit() {
        for rate in [44_100, 96_000, 192_000] {
            for seed in 0..20 {
                let planes = [sound(30_000, seed), sound(30_000, seed + 100)];
                let mut whole = EbuR128::new(2, rate, Mode::TRUE_PEAK).unwrap();
                whole
                    .add_frames_planar_f32(&[&planes[0], &planes[1]])
                    .unwrap();
                let expected = whole.true_peak(0).unwrap().max(whole.true_peak(1).unwrap());
                for chunk in [7, 500, 30_000] {
                    let mut found = TruePeak::new(2, rate).unwrap();
                    for (left, right) in planes[0].chunks(chunk).zip(planes[1].chunks(chunk)) {
                        found.push(&[left, right]).unwrap();
                    }
                    let (sample_peak, true_peak) = found.peaks();
                    assert!(
                        (true_peak - expected).abs() < 1e-12,
                        "{rate}, {seed}, {chunk}"
                    );
                    assert!(peak(&planes.concat()).to_bits() == sample_peak.to_bits());
                }
            }
        }
    }

    #[test]
    fn no_filter_makes_more_of_a_sample_than_is_reckoned() {
        for rate in [44_100, 96_000] {
            for taps in 1..40_u32 {
                let seed = taps.wrapping_mul(2_654_435_761);
                let signs = (0..64).map(|n| {
                    if seed.rotate_left(n) & 1 == 0 {
                        1.0
                    } else {
                        -1.0
                    }
                });
                let signs: Vec<f32> = signs.collect();
                let mut meter = EbuR128::new(1, rate, Mode::TRUE_PEAK).unwrap();
                meter.add_frames_planar_f32(&[&signs]).unwrap();
                assert!(meter.true_peak(0).unwrap() < f64::from(MOST_GAIN));
            }
        }
        // The worst that there is: every sample has the sign of its tap.
        let alternate = |n: i32| if (n < 12) == (n % 2 == 0) { 1.0 } else { -1.0 };
        let worst: Vec<f32> = (0..24).map(alternate).collect();
        let mut meter = EbuR128::new(1, 96_000, Mode::TRUE_PEAK).unwrap();
        meter.add_frames_planar_f32(&[&worst]).unwrap();
        let found = meter.true_peak(0).unwrap();
        assert!((2.3..f64::from(MOST_GAIN)).contains(&found), "{found}");
    }
}

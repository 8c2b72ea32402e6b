//! Highest true peak (BS.1770-4, annex 2), looked for only where it can be.

use std::f64::consts::PI;

use super::statistics::peak;

/// Coefficients of the oversampling filter, a sinc under a Hann window, as that of libebur128
/// and of the crate `ebur128`.
const LENGTH: usize = 48;
/// Samples of a piece that is looked at or not.
const PIECE: usize = 128;
/// Output samples that are reckoned side by side.
const LANES: usize = 8;
/// Samples before a piece that are looked back on: the taps of the filter at twice the rate,
/// and so many more that the last lanes may begin before the piece.
const BEFORE: usize = LENGTH / 2 + LANES;

/// Finds the same value as if all were oversampled: a piece whose samples lie so low that
/// nothing between them can reach the highest peak so far is left out.
pub(super) struct TruePeak {
    filter: Filter,
    /// The last samples of every channel, `[channel][sample]`.
    before: Vec<[f32; BEFORE]>,
    highest: f32,
    sample_peak: f32,
}

impl TruePeak {
    /// For `channels` channels at `rate` Hz.
    pub(super) fn new(channels: usize, rate: u32) -> Self {
        let factor = match rate {
            ..96_000 => 4,
            96_000..192_000 => 2,
            _ => 1,
        };
        Self {
            filter: Filter::new(factor),
            before: vec![[0.0; BEFORE]; channels],
            highest: 0.0,
            sample_peak: 0.0,
        }
    }

    /// Takes the next chunk, one slice a channel, all of one length.
    pub(super) fn push(&mut self, chunk: &[&[f32]]) {
        let highest = chunk.iter().map(|samples| peak(samples));
        self.sample_peak = highest.fold(self.sample_peak, f32::max);
        self.highest = self.highest.max(self.sample_peak);
        for (channel, samples) in chunk.iter().enumerate() {
            let head = samples.len().min(BEFORE);
            let mut joined = [0.0; 2 * BEFORE];
            joined[..BEFORE].copy_from_slice(&self.before[channel]);
            joined[BEFORE..BEFORE + head].copy_from_slice(&samples[..head]);
            self.look_at(&joined[..BEFORE + head]);
            for from in (BEFORE..samples.len()).step_by(PIECE) {
                let to = (from + PIECE).min(samples.len());
                self.look_at(&samples[from - BEFORE..to]);
            }
            // The last samples of both.
            let last = if head < BEFORE {
                &joined[head..BEFORE + head]
            } else {
                &samples[samples.len() - BEFORE..]
            };
            self.before[channel].copy_from_slice(last);
        }
    }

    /// Looks at samples behind the [`BEFORE`] that lie before them.
    fn look_at(&mut self, samples: &[f32]) {
        if self.filter.gain * peak(samples) > self.highest {
            self.highest = self.highest.max(self.filter.peak(samples));
        }
    }

    /// Highest absolute sample and highest true peak of any channel so far, as amplitudes.
    pub(super) const fn peaks(&self) -> (f32, f32) {
        (self.sample_peak, self.highest)
    }
}

/// What lies between the samples.
struct Filter {
    /// Coefficients of each output sample but the first, which is the input itself,
    /// `[phase][tap]`, the newest sample first.
    phases: Vec<Vec<f32>>,
    /// Most that it makes of samples up to 1.
    gain: f32,
}

impl Filter {
    fn new(factor: usize) -> Self {
        let phase = |phase: usize| (phase..LENGTH).step_by(factor).map(|at| tap(at, factor));
        let phases: Vec<Vec<f32>> = (1..factor).map(|p| phase(p).collect()).collect();
        let gain = |taps: &Vec<f32>| taps.iter().map(|tap| tap.abs()).sum::<f32>();
        Self {
            // A little more, for the last bits of the sums.
            gain: phases.iter().map(gain).fold(0.0, f32::max) * 1.000_1,
            phases,
        }
    }

    /// Highest amplitude between samples from number [`BEFORE`] on; a few of those before may
    /// count, too.
    fn peak(&self, samples: &[f32]) -> f32 {
        // As bits, in the order of the numbers.
        let mut highest = [0_u32; LANES];
        for from in (BEFORE..samples.len()).step_by(LANES) {
            let from = from.min(samples.len() - LANES);
            for taps in &self.phases {
                let mut sums = [0.0_f32; LANES];
                for (age, tap) in taps.iter().enumerate() {
                    let Some(heard) = samples[from - age..].first_chunk::<LANES>() else {
                        break;
                    };
                    for (sum, sample) in sums.iter_mut().zip(heard) {
                        *sum += sample * tap;
                    }
                }
                for (highest, sum) in highest.iter_mut().zip(sums) {
                    *highest = (*highest).max(sum.abs().to_bits());
                }
            }
        }
        f32::from_bits(highest.into_iter().fold(0, u32::max))
    }
}

/// Coefficient number `at` of the filter that oversamples by `factor`.
fn tap(at: usize, factor: usize) -> f32 {
    let (at, length) = (at as f64, LENGTH as f64);
    let window = 0.5 * (1.0 - (2.0 * PI * at / length).cos());
    let phase = PI * (at - length / 2.0) / factor as f64;
    // No phase but the first, which is left out, has a coefficient at 0.
    (window * phase.sin() / phase) as f32
}

#[cfg(test)]
mod tests {
    use ebur128::{EbuR128, Mode};

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
    fn the_peak_is_that_of_ebur128_to_the_last_bit() {
        for rate in [44_100, 96_000, 192_000] {
            for seed in 0..20 {
                let planes = [sound(30_000, seed), sound(30_000, seed + 100)];
                let mut whole = EbuR128::new(2, rate, Mode::TRUE_PEAK).unwrap();
                whole
                    .add_frames_planar_f32(&[&planes[0], &planes[1]])
                    .unwrap();
                let expected = whole.true_peak(0).unwrap().max(whole.true_peak(1).unwrap());
                for chunk in [1, 7, 31, 32, 33, 500, 30_000] {
                    let mut found = TruePeak::new(2, rate);
                    for (left, right) in planes[0].chunks(chunk).zip(planes[1].chunks(chunk)) {
                        found.push(&[left, right]);
                    }
                    let (sample_peak, true_peak) = found.peaks();
                    assert!(
                        (f64::from(true_peak) - expected).abs() < 1e-12,
                        "{rate}, {seed}, {chunk}: {true_peak} {expected}"
                    );
                    assert!(peak(&planes.concat()).to_bits() == sample_peak.to_bits());
                }
            }
        }
    }

    #[test]
    fn no_sound_gets_more_than_is_reckoned() {
        for (factor, expected) in [(4, 1.864), (2, 2.307), (1, 0.0)] {
            let filter = Filter::new(factor);
            assert!((filter.gain - expected).abs() < 1e-3, "{}", filter.gain);
            // The worst that there is: every sample has the sign of its tap.
            for taps in &filter.phases {
                let mut worst = [0.0; BEFORE + 1];
                for (age, tap) in taps.iter().enumerate() {
                    worst[BEFORE - age] = tap.signum();
                }
                let found = filter.peak(&worst);
                assert!(found > 0.9 * filter.gain && found < filter.gain, "{found}");
            }
        }
    }
}

//! One channel from many.

use super::resample::Resample;
use super::statistics::{covariance, energy, not_finite};
use super::{Pcm, ceiling, pcm};
use crate::error::AnalysisError;

/// Seconds of a block, over which it is decided whether the mean will do. In 1,500 songs as
/// they are sold the mean has a quarter or more of the energy of what it leaves out, in
/// each 3 s of each, but for one that really cancels out; a single second of a wide song
/// can have less than a tenth.
const BLOCK_SECONDS: usize = 3;
/// The mean loses the song where it has less than this part of the energy of what it
/// leaves out: 10 dB below.
const LOST: f64 = 0.1;
/// The mean square of what is too quiet to decide by: -90 dB relative to full scale.
const QUIET: f64 = 1e-9;
/// Parts of a second that one mix takes to turn into the next: 50 ms.
const FADES_PER_SECOND: u32 = 20;

/// Part of a song in mono: the mean of its channels from `start_s` on for `duration_s`
/// seconds, at `rate` Hz, with its level untouched. As `librosa.load(sr=rate, mono=True,
/// offset=start_s, duration=duration_s)` but for the resampler, and for channels that
/// cancel each other out, which are turned round. A song that ends before gives as much
/// as there is, in the end nothing.
///
/// # Errors
/// [`AnalysisError::UnsupportedRate`], or [`AnalysisError::NotFinite`] on a sample within
/// the part that is NaN or infinite.
pub fn mono(
    pcm: &Pcm,
    start_s: f64,
    duration_s: f64,
    rate: u32,
) -> Result<Vec<f32>, AnalysisError> {
    pcm::check_format(rate, 1)?;
    let channels = pcm.channels();
    let place = |seconds: f64| {
        let sample = (seconds * f64::from(pcm.sample_rate())).round() as usize;
        sample.min(channels[0].len())
    };
    let (start, end) = (place(start_s), place(start_s + duration_s));
    let mut mixdown = Mixdown::new(channels.len(), pcm.sample_rate());
    let mut resample = Resample::new(pcm.sample_rate(), rate)?;
    let mut mixed = Vec::new();
    for from in (start..end).step_by(mixdown.block()) {
        let to = (from + mixdown.block()).min(end);
        let mut block: Vec<Vec<f32>> = channels.iter().map(|c| c[from..to].to_vec()).collect();
        for (channel, samples) in block.iter().enumerate() {
            if let Some(index) = not_finite(samples) {
                let index = from + index;
                return Err(AnalysisError::NotFinite { channel, index });
            }
        }
        ceiling::clip(&mut block);
        mixdown.mix(&block, &mut mixed);
        resample.push(&mixed)?;
    }
    resample.finish()
}

/// Mixes a song down, block by block: to the mean of its channels, and where that loses
/// most of the energy (a channel turned round by a cable or for width), to the mean of
/// the channels turned so that they add up: (L - R) / 2 of two.
pub(super) struct Mixdown {
    /// What each channel is multiplied by.
    gains: Vec<f32>,
    /// Whether channels of the last block were turned round.
    turned: bool,
    /// Whether there was a block.
    begun: bool,
    block: usize,
    fade: usize,
}

impl Mixdown {
    /// For `channels` channels, at least one, at `rate` Hz.
    pub(super) fn new(channels: usize, rate: u32) -> Self {
        Self {
            gains: vec![1.0 / channels as f32; channels],
            turned: false,
            begun: false,
            block: BLOCK_SECONDS * rate as usize,
            fade: (rate / FADES_PER_SECOND) as usize,
        }
    }

    /// Samples of a block.
    pub(super) const fn block(&self) -> usize {
        self.block
    }

    /// Mixes the next block, `[channel][sample]`, into `out`. Every block has
    /// [`Self::block`] samples but the last, which is mixed as the one before it.
    pub(super) fn mix(&mut self, block: &[Vec<f32>], out: &mut Vec<f32>) {
        let mean = 1.0 / block.len() as f32;
        weighted(block, |_, _| mean, out);
        if block.len() == 1 {
            return;
        }
        let (was_turned, before) = (self.turned, self.gains.clone());
        if !self.begun || block[0].len() == self.block {
            self.decide(block, out);
        }
        let fade = if self.begun { self.fade } else { 0 };
        self.begun = true;
        if !was_turned && !self.turned {
            return;
        }
        let gain = |channel: usize, sample: usize| {
            let (from, to) = (before[channel], self.gains[channel]);
            if sample < fade {
                from + (to - from) * sample as f32 / fade as f32
            } else {
                to
            }
        };
        weighted(block, gain, out);
    }

    /// Chooses the gains by the block and its mean.
    fn decide(&mut self, block: &[Vec<f32>], mean: &[f32]) {
        let count = block.len() as f64;
        let energies: Vec<f64> = block.iter().map(|samples| energy(samples)).collect();
        let kept = energy(mean);
        let all = energies.iter().sum::<f64>() / count;
        if all < QUIET {
            return;
        }
        // Two channels: the energy of their half difference. Channels that have nothing
        // to do with each other keep more than this, however many.
        let left_out = (all - kept) * 2.0 / count;
        // Once turned they stay so until the mean is no worse.
        let least = if self.turned {
            left_out
        } else {
            LOST * left_out
        };
        self.turned = kept < least;
        self.gains.fill(1.0 / block.len() as f32);
        if !self.turned {
            return;
        }
        let loudest = (0..block.len()).max_by(|&a, &b| energies[a].total_cmp(&energies[b]));
        let loudest = &block[loudest.unwrap_or(0)];
        for (gain, samples) in self.gains.iter_mut().zip(block) {
            if covariance(samples, loudest) < 0.0 {
                *gain = -*gain;
            }
        }
        // One sign or the other sounds alike, but it must not change on the way.
        if self.gains[0] < 0.0 {
            self.gains.iter_mut().for_each(|gain| *gain = -*gain);
        }
    }
}

/// Sum of the channels, `[channel][sample]`, each times its gain at that sample.
fn weighted(block: &[Vec<f32>], gain: impl Fn(usize, usize) -> f32, out: &mut Vec<f32>) {
    out.clear();
    let first = block[0].iter().enumerate();
    out.extend(first.map(|(index, sample)| gain(0, index) * sample));
    for (channel, samples) in block.iter().enumerate().skip(1) {
        for (index, (sum, sample)) in out.iter_mut().zip(samples).enumerate() {
            *sum += gain(channel, index) * sample;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 8_000;

    fn pcm(rate: u32) -> Pcm {
        let ramp = |step: f32| (0..rate).map(|n| step * n as f32 / 8_000.0).collect();
        Pcm::new(vec![ramp(1.0), ramp(3.0)], rate).unwrap()
    }

    /// Three partials that drift against each other, one after the other.
    fn song(seconds: usize, hz: f32) -> Vec<f32> {
        (0..seconds * RATE as usize)
            .map(|n| {
                let t = n as f32 / RATE as f32;
                let partial = |k: f32| (6.283_185_5 * k * hz * t).sin() / k;
                0.3 * (partial(1.0) + partial(2.01) * (0.7 * t).cos() + partial(3.02))
            })
            .collect()
    }

    fn mixed(channels: &[Vec<f32>]) -> Vec<f32> {
        let mut mixdown = Mixdown::new(channels.len(), RATE);
        let (mut all, mut out) = (Vec::new(), Vec::new());
        for from in (0..channels[0].len()).step_by(mixdown.block()) {
            let to = (from + mixdown.block()).min(channels[0].len());
            let block: Vec<Vec<f32>> = channels.iter().map(|c| c[from..to].to_vec()).collect();
            mixdown.mix(&block, &mut out);
            all.extend_from_slice(&out);
        }
        all
    }

    fn times(samples: &[f32], gain: f32) -> Vec<f32> {
        samples.iter().map(|sample| gain * sample).collect()
    }

    fn sum(a: &[f32], b: &[f32]) -> Vec<f32> {
        a.iter().zip(b).map(|(a, b)| a + b).collect()
    }

    fn worst(a: &[f32], b: &[f32]) -> f32 {
        assert_eq!(a.len(), b.len());
        let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
        differences.fold(0.0, f32::max)
    }

    #[test]
    fn ordinary_channels_are_their_mean_to_the_last_bit() {
        let (a, b) = (song(11, 220.0), song(11, 311.0));
        let pairs = [
            [a.clone(), b.clone()],
            [a.clone(), times(&a, 0.5)],
            [a.clone(), vec![0.0; a.len()]],
            // Wide: the mean has 6 dB less than what it leaves out.
            [sum(&a, &times(&b, 2.0)), sum(&a, &times(&b, -2.0))],
        ];
        for [left, right] in pairs {
            let mean: Vec<f32> = left
                .iter()
                .zip(&right)
                .map(|(l, r)| 0.5 * l + 0.5 * r)
                .collect();
            assert_eq!(mixed(&[left, right]), mean);
        }
        let six: Vec<Vec<f32>> = (0..6).map(|n| song(4, 200.0 + 37.0 * n as f32)).collect();
        let mean: Vec<f32> = (0..six[0].len())
            .map(|n| {
                six.iter()
                    .fold(0.0, |sum, channel| sum + channel[n] * (1.0 / 6.0))
            })
            .collect();
        assert_eq!(mixed(&six), mean);
    }

    #[test]
    fn channels_that_cancel_out_are_turned_round() {
        let a = song(10, 220.0);
        assert_eq!(mixed(&[a.clone(), times(&a, -1.0)]), a);
        assert_eq!(mixed(&[times(&a, -1.0), a.clone()]), times(&a, -1.0));
        // A codec leaves a little, an offset is no sound.
        let noise = times(&song(10, 531.0), 0.02);
        let turned = mixed(&[sum(&a, &noise), times(&a, -1.0)]);
        assert!(worst(&turned, &sum(&times(&noise, 0.5), &a)) < 1e-6);
        let offset = |samples: &[f32]| samples.iter().map(|s| s + 0.25).collect::<Vec<f32>>();
        let shifted = mixed(&[offset(&a), offset(&times(&a, -1.0))]);
        assert!(energy(&shifted) > 0.99 * energy(&a));
    }

    #[test]
    fn of_many_channels_those_against_the_loudest_are_turned() {
        let a = song(7, 220.0);
        let channels = [
            times(&a, 0.5),
            times(&a, -1.0),
            vec![0.0; a.len()],
            times(&a, 0.5),
        ];
        assert!(worst(&mixed(&channels), &times(&a, 0.5)) < 1e-6);
        // Three that cancel out by thirds of a turn.
        let phase = |turn: f32| -> Vec<f32> {
            let sine = |n: usize| (6.283_185_5 * (0.05 * n as f32 + turn)).sin();
            (0..40_000).map(sine).collect()
        };
        let three = [phase(0.0), phase(1.0 / 3.0), phase(2.0 / 3.0)];
        assert!(energy(&mixed(&three)) > 0.1 * energy(&three[0]));
    }

    #[test]
    fn the_mix_turns_without_a_click_and_holds_through_silence() {
        let (a, rest) = (song(6, 220.0), vec![0.0; 6 * RATE as usize]);
        let left = [&a[..], &a, &rest, &a].concat();
        let right = [&a[..], &times(&a, -1.0), &rest, &times(&a, -1.0)].concat();
        let mix = mixed(&[left.clone(), right]);
        let second = a.len();
        assert_eq!(mix[..second], left[..second]);
        let fade = RATE as usize / FADES_PER_SECOND as usize;
        assert_eq!(mix[second + fade..], left[second + fade..]);
        let step = |samples: &[f32]| {
            let steps = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs());
            steps.fold(0.0, f32::max)
        };
        assert!(step(&mix) < 1.1 * step(&a), "{} {}", step(&mix), step(&a));
    }

    #[test]
    fn a_part_is_the_mean_of_its_channels() {
        let part = mono(&pcm(8_000), 0.5, 0.25, 8_000).unwrap();
        assert_eq!(part.len(), 2_000);
        assert_eq!(part[..2], [1.0, 1.000_25]);
    }

    #[test]
    fn a_song_that_ends_before_gives_what_there_is() {
        assert_eq!(mono(&pcm(8_000), 0.75, 30.0, 22_050).unwrap().len(), 5_513);
        assert!(mono(&pcm(8_000), 2.0, 30.0, 22_050).unwrap().is_empty());
    }

    #[test]
    fn only_the_part_must_be_finite() {
        let mut samples = vec![0.5; 8_000];
        samples[5_000] = f32::NAN;
        let pcm = Pcm::new(vec![samples], 8_000).unwrap();
        assert!(mono(&pcm, 0.0, 0.5, 16_000).is_ok());
        let error = mono(&pcm, 0.5, 0.5, 16_000).unwrap_err();
        assert_eq!(error.kind(), "not-finite");
        assert!(mono(&pcm, 0.0, 0.5, 1).is_err());
    }
}

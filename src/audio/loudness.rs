//! Programme loudness after EBU R 128 and ITU-R BS.1770-4.
//!
//! The samples are filtered once, and of each 100 ms one number is kept: momentary, gated and
//! short-term loudness are sums of those. Held to the crate `ebur128` by the tests below; it
//! sums every sample up to seven times, which was a sixth of the time of a song.

use serde::{Deserialize, Serialize};

use super::k_weighting::{KWeighting, LANES};
use super::true_peak::TruePeak;

/// Loudness of a whole programme.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    /// Integrated loudness in LUFS; `None` where all of it lies below the gate.
    pub integrated_lufs: Option<f64>,
    /// Loudness range in LU (EBU Tech 3342).
    pub range_lu: f64,
    /// Highest sample of any channel in dB relative to full scale.
    pub peak_dbfs: f64,
    /// Highest true peak of any channel in dBTP: that of the waveform between the
    /// samples, oversampled four times below 96 kHz and twice below 192 kHz (BS.1770-4,
    /// annex 2); from there on that of the samples.
    pub true_peak_dbtp: f64,
}

/// Blocks a second, after each of which the momentary loudness is read.
pub(super) const BLOCKS_PER_SECOND: usize = 10;
/// Blocks of a moment, BS.1770-4's 400 ms.
pub(super) const MOMENT_BLOCKS: usize = 4;
/// Blocks of short-term loudness, 3 s, and those after which the next is read (EBU Tech 3342).
const SHORT_TERM_BLOCKS: usize = 30;
const SHORT_TERM_STEP: usize = 10;
/// Loudness of a mean square of 1 in LUFS (BS.1770-4, equation 2).
const OFFSET_LUFS: f64 = -0.691;
/// The absolute gate in LUFS.
const GATE_LUFS: f64 = -70.0;
/// The relative gates in LU: of loudness (BS.1770-4) and of its range (EBU Tech 3342).
const GATE_LU: f64 = -10.0;
const RANGE_GATE_LU: f64 = -20.0;
/// The percentiles that the range lies between (EBU Tech 3342).
const RANGE: [f64; 2] = [0.1, 0.95];
/// How much a loudspeaker beside or behind the listener counts (BS.1770-4, table 3).
const SURROUND: f64 = 1.41;

/// Meter that takes planar chunks; mono counts as two equal loudspeakers, so that a
/// song saved in mono reads the same as in stereo.
pub(super) struct Meter {
    energies: Energies,
    true_peak: TruePeak,
}

impl Meter {
    /// For `channels` channels, at least one, at `rate` Hz.
    pub(super) fn new(channels: usize, rate: u32) -> Self {
        Self {
            energies: Energies::new(&weights(channels), rate),
            true_peak: TruePeak::new(channels, rate),
        }
    }

    /// Takes the next chunk, one slice a channel, all of one length.
    pub(super) fn push(&mut self, chunk: &[&[f32]]) {
        self.true_peak.push(chunk);
        self.energies.push(chunk);
    }

    /// Loudness of all that was pushed.
    pub(super) fn finish(&self) -> Loudness {
        let (peak, true_peak) = self.true_peak.peaks();
        Loudness {
            integrated_lufs: self.energies.integrated(),
            range_lu: self.energies.range(),
            peak_dbfs: decibels(peak),
            true_peak_dbtp: decibels(true_peak),
        }
    }
}

/// Loudness of mono samples, heard from two equal loudspeakers.
pub(super) struct MonoLoudness {
    /// Integrated loudness in LUFS; `None` where all of it lies below the gate.
    pub(super) integrated: Option<f64>,
    /// Momentary loudness in LUFS after each whole block of 100 ms from the fourth on.
    pub(super) momentary: Vec<f64>,
}

impl MonoLoudness {
    /// Of samples at `rate` Hz.
    pub(super) fn of(samples: &[f32], rate: u32) -> Self {
        let energies = Energies::of_mono(samples, rate);
        Self {
            integrated: energies.integrated(),
            momentary: energies.moments().map(lufs).collect(),
        }
    }
}

/// Loudness range of mono samples at `rate` Hz, in LU.
pub(super) fn range(samples: &[f32], rate: u32) -> f64 {
    Energies::of_mono(samples, rate).range()
}

/// How much each channel counts, in the order of WAV files: left, right, centre, low
/// frequencies, left and right surround; without the fourth of four or five. Those beyond are
/// not listened to, as in `ebur128`.
fn weights(channels: usize) -> Vec<f64> {
    let known: &[f64] = match channels {
        1 => &[2.0],
        4 => &[1.0, 1.0, SURROUND, SURROUND],
        5 => &[1.0, 1.0, 1.0, SURROUND, SURROUND],
        _ => &[1.0, 1.0, 1.0, 0.0, SURROUND, SURROUND],
    };
    known.iter().copied().take(channels).collect()
}

/// The K-weighted energy of a programme, block by block.
struct Energies {
    /// The filters, each with the channels that go through it and how much those count.
    filters: Vec<(KWeighting, [(usize, f64); LANES])>,
    /// Samples of a block.
    length: usize,
    /// Sum of the squares of each whole block.
    blocks: Vec<f64>,
    /// The same of the block that is begun, and samples of it.
    begun: (f64, usize),
}

impl Energies {
    /// For channels that count so much, at `rate` Hz.
    fn new(weights: &[f64], rate: u32) -> Self {
        let heard = weights.iter().copied().enumerate();
        let heard: Vec<_> = heard.filter(|(_, weight)| *weight > 0.0).collect();
        let filters = heard.chunks(LANES).map(|pair| {
            let (first, second) = (pair[0], pair.get(1));
            // A lone channel goes with itself, and counts once.
            let second = second.copied().unwrap_or((first.0, 0.0));
            (KWeighting::new(rate), [first, second])
        });
        Self {
            filters: filters.collect(),
            length: (rate as usize + BLOCKS_PER_SECOND / 2) / BLOCKS_PER_SECOND,
            blocks: Vec::new(),
            begun: (0.0, 0),
        }
    }

    /// Of one channel that two loudspeakers play.
    fn of_mono(samples: &[f32], rate: u32) -> Self {
        let mut energies = Self::new(&weights(1), rate);
        energies.push(&[samples]);
        energies
    }

    fn push(&mut self, chunk: &[&[f32]]) {
        let length = chunk.first().map_or(0, |samples| samples.len());
        let mut from = 0;
        while from < length {
            let (mut sum, before) = self.begun;
            let to = (from + self.length - before).min(length);
            for (filter, channels) in &mut self.filters {
                let energy = filter.energy(channels.map(|(index, _)| &chunk[index][from..to]));
                let counted = energy.iter().zip(&*channels);
                sum += counted.map(|(e, (_, weight))| weight * e).sum::<f64>();
            }
            self.begun = (sum, before + to - from);
            if self.begun.1 == self.length {
                self.blocks.push(sum);
                self.begun = (0.0, 0);
            }
            from = to;
        }
    }

    /// Mean squares of so many blocks at a time, with so many from one to the next.
    fn means(&self, blocks: usize, step: usize) -> impl Iterator<Item = f64> {
        let samples = (blocks * self.length) as f64;
        let windows = self.blocks.windows(blocks).step_by(step);
        windows.map(move |blocks| blocks.iter().sum::<f64>() / samples)
    }

    fn moments(&self) -> impl Iterator<Item = f64> {
        self.means(MOMENT_BLOCKS, 1)
    }

    fn integrated(&self) -> Option<f64> {
        let heard = gated(self.moments(), GATE_LU);
        (!heard.is_empty()).then(|| lufs(mean(&heard)))
    }

    /// 0 where nothing is above the gates.
    fn range(&self) -> f64 {
        let mut heard = gated(
            self.means(SHORT_TERM_BLOCKS, SHORT_TERM_STEP),
            RANGE_GATE_LU,
        );
        heard.sort_by(f64::total_cmp);
        let Some(last) = heard.len().checked_sub(1) else {
            return 0.0;
        };
        let [low, high] = RANGE.map(|share| lufs(heard[(last as f64 * share).round() as usize]));
        high - low
    }
}

/// Those above [`GATE_LUFS`], and of these those that lie no lower than `relative` LU against
/// their mean.
fn gated(means: impl Iterator<Item = f64>, relative: f64) -> Vec<f64> {
    let absolute = power(GATE_LUFS - OFFSET_LUFS);
    let mut heard: Vec<f64> = means.filter(|mean| *mean >= absolute).collect();
    let least = power(relative) * mean(&heard);
    heard.retain(|mean| *mean >= least);
    heard
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Loudness of a mean square; endless below nothing.
fn lufs(mean_square: f64) -> f64 {
    10.0 * mean_square.log10() + OFFSET_LUFS
}

fn power(decibels: f64) -> f64 {
    10_f64.powf(decibels / 10.0)
}

/// Amplitude in dB relative to full scale.
pub(super) fn decibels(amplitude: f32) -> f64 {
    20.0 * f64::from(amplitude).log10()
}

#[cfg(test)]
mod tests {
    use ebur128::{Channel, EbuR128, Mode};

    use super::*;

    /// Noise at `rate` Hz whose level goes up and down and falls silent, the same at each
    /// call.
    fn sound(rate: u32, seconds: f64, seed: u32) -> Vec<f32> {
        let next = |x: &u32| Some(x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let noise = std::iter::successors(Some(seed), next);
        let sample = |(n, state): (usize, u32)| {
            let t = n as f64 / f64::from(rate);
            let level = 0.3 * (0.7 * t + f64::from(seed)).sin().powi(4);
            let level = if (4.0..5.5).contains(&t) { 0.0 } else { level };
            let tone = (1_300.0 * t).sin();
            (level * (f64::from(state) / 4e9 - 0.5 + tone)) as f32
        };
        let count = (seconds * f64::from(rate)) as usize;
        noise.take(count).enumerate().map(sample).collect()
    }

    fn reference(planes: &[&[f32]], rate: u32) -> EbuR128 {
        let mut meter = EbuR128::new(planes.len() as u32, rate, Mode::I | Mode::LRA).unwrap();
        if planes.len() == 1 {
            meter.set_channel(0, Channel::DualMono).unwrap();
        }
        meter.add_frames_planar_f32(planes).unwrap();
        meter
    }

    #[test]
    fn loudness_and_range_are_those_of_ebur128() {
        for (rate, channels) in [
            (8_000, 1),
            (16_000, 1),
            (22_050, 2),
            (44_100, 1),
            (44_100, 2),
            (44_100, 3),
            (48_000, 4),
            (48_000, 5),
            (48_000, 6),
            (96_000, 2),
            (384_000, 2),
            (11_025, 8),
        ] {
            let planes: Vec<_> = (0..channels).map(|c| sound(rate, 12.34, c)).collect();
            let planes: Vec<&[f32]> = planes.iter().map(Vec::as_slice).collect();
            let expected = reference(&planes, rate);
            // In pieces that are no whole blocks.
            let mut meter = Meter::new(planes.len(), rate);
            let length = planes[0].len();
            for from in (0..length).step_by(9_973) {
                let to = (from + 9_973).min(length);
                let chunk: Vec<&[f32]> = planes.iter().map(|plane| &plane[from..to]).collect();
                meter.push(&chunk);
            }
            let got = meter.finish();
            let name = format!("{rate} Hz, {channels} channels");
            let off = got.integrated_lufs.unwrap() - expected.loudness_global().unwrap();
            assert!(off.abs() < 1e-6, "{name}: {off} LU");
            let off = got.range_lu - expected.loudness_range().unwrap();
            assert!(off.abs() < 1e-6, "{name}: {off} LU of range");
            assert!(got.range_lu > 1.0, "{name}: {}", got.range_lu);
        }
    }

    #[test]
    fn every_moment_is_that_of_ebur128() {
        let samples = sound(16_000, 9.05, 3);
        let mut meter = reference(&[&[]], 16_000);
        let mut expected = Vec::new();
        for block in samples.chunks_exact(1_600) {
            meter.add_frames_planar_f32(&[block]).unwrap();
            expected.push(meter.loudness_momentary().unwrap());
        }
        let got = MonoLoudness::of(&samples, 16_000);
        assert_eq!(got.momentary.len(), 87);
        for (got, expected) in got.momentary.iter().zip(&expected[3..]) {
            let same = got.is_infinite() && expected.is_infinite();
            assert!(same || (got - expected).abs() < 1e-6, "{got} {expected}");
        }
        let range = range(&samples, 16_000);
        assert!((range - meter.loudness_range().unwrap()).abs() < 1e-6);
        assert!((got.integrated.unwrap() - meter.loudness_global().unwrap()).abs() < 1e-6);
    }

    #[test]
    fn what_is_below_the_gate_has_no_loudness() {
        let quiet: Vec<f32> = sound(16_000, 4.0, 1).iter().map(|s| 1e-4 * s).collect();
        for samples in [quiet, vec![0.0; 64_000], vec![0.5; 5_000], Vec::new()] {
            let got = MonoLoudness::of(&samples, 16_000);
            assert!(got.integrated.is_none());
            assert!(range(&samples, 16_000) == 0.0);
        }
    }
}

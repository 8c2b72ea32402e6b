//! What is too quiet to have a mood: a whole song, or stretches within one.

use std::ops::Range;

use super::SILENCE_DBFS;
use super::level::level;
use super::loudness::{BLOCKS_PER_SECOND, MOMENT_BLOCKS, decibels};
use crate::error::AnalysisError;

/// Least level in dB that a message names: that of digital silence is endless.
const LEAST_DBFS: f64 = -200.0;
/// So far below the song's integrated loudness a moment is silent, in LU: -60 LUFS at
/// the level that the judges hear, where a frame has no colour of sound either. Relative,
/// since the volume of a recording changes nothing. The noise of a good tape lies there.
const BELOW_LU: f64 = 46.0;
/// Shortest stretch, in blocks of 100 ms: what is shorter is a rest in the music. Of
/// 1,000 excerpts of songs three have so long a gap, and one so long a fade at its end.
const LEAST_BLOCKS: usize = 15;

/// Refuses samples of one channel at `rate` Hz, full scale ±1, whose level stays below
/// [`SILENCE_DBFS`].
///
/// # Errors
/// [`AnalysisError::Silent`] with their level.
pub fn refuse_silence(samples: &[f32], rate: u32) -> Result<(), AnalysisError> {
    refuse_silent_level(level(samples, rate))
}

/// The same by the level.
pub(super) fn refuse_silent_level(level: f32) -> Result<(), AnalysisError> {
    let level_dbfs = decibels(level);
    if level_dbfs < SILENCE_DBFS {
        return Err(silent(level_dbfs));
    }
    Ok(())
}

/// The refusal of sound with that level.
pub(super) fn silent(level_dbfs: f64) -> AnalysisError {
    AnalysisError::Silent {
        level_dbfs: level_dbfs.max(LEAST_DBFS),
        minimum_dbfs: SILENCE_DBFS,
    }
}

/// The silent stretches of a song: at least 1.5 s whose momentary loudness (EBU R 128,
/// 400 ms) stays more than 46 LU below the song's integrated loudness. They have no mood
/// and weigh nothing in what is measured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Silence {
    stretches: Vec<Range<usize>>,
}

impl Silence {
    /// Of samples at 16 kHz, by their momentary loudness in LUFS after each block of 100 ms
    /// from the fourth on and their integrated loudness.
    pub(super) fn of(samples: &[f32], momentary: &[f64], integrated: f64) -> Self {
        let block = super::SAMPLE_RATE as usize / BLOCKS_PER_SECOND;
        let limit = integrated - BELOW_LU;
        let amplitude = 10_f64.powf(limit / 20.0) as f32;
        // A moment is as long as four blocks: the sound ends up to three before.
        let reach = (MOMENT_BLOCKS - 1) * block;
        let mut stretches: Vec<Range<usize>> = Vec::new();
        let mut from = 0;
        while from < momentary.len() {
            let moments = momentary[from..].iter().position(|moment| *moment >= limit);
            let to = moments.map_or(momentary.len(), |moments| from + moments);
            // The blocks of all moments from the first to the last.
            if to > from && to - from + MOMENT_BLOCKS > LEAST_BLOCKS {
                let loud = |sample: &f32| sample.abs() > amplitude;
                let start = block * from;
                let last = stretches.last().map_or(0, |last| last.end);
                let before = &samples[start.saturating_sub(reach).max(last)..start];
                let quiet = before.iter().rev().position(loud);
                let start = start - quiet.unwrap_or(before.len());
                let end = block * (to + MOMENT_BLOCKS - 1);
                let after = &samples[end..(end + reach).min(samples.len())];
                let quiet = after.iter().position(loud);
                stretches.push(start..end + quiet.unwrap_or(after.len()));
            }
            from = to + 1;
        }
        Self { stretches }
    }

    /// Of these stretches.
    #[cfg(test)]
    pub(crate) const fn at(stretches: Vec<Range<usize>>) -> Self {
        Self { stretches }
    }

    /// First sample, and the one after the last, of each stretch, in order of time;
    /// samples of [`super::Signal::samples`].
    #[must_use]
    pub fn stretches(&self) -> &[Range<usize>] {
        &self.stretches
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }

    /// Whether that sample is within a stretch.
    #[must_use]
    pub fn holds(&self, sample: usize) -> bool {
        let after = self.stretches.partition_point(|s| s.end <= sample);
        let next = self.stretches.get(after);
        next.is_some_and(|stretch| stretch.start <= sample)
    }

    /// How many of the samples from `range` are within a stretch.
    #[must_use]
    pub fn samples_within(&self, range: Range<usize>) -> usize {
        let within = |stretch: &Range<usize>| {
            let end = stretch.end.min(range.end);
            end.saturating_sub(stretch.start.max(range.start))
        };
        self.stretches.iter().map(within).sum()
    }

    /// Whether most of the samples from `range` are within a stretch.
    #[must_use]
    pub fn is_most_of(&self, range: Range<usize>) -> bool {
        2 * self.samples_within(range.clone()) > range.len()
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    fn tone(amplitude: f32) -> Vec<f32> {
        let sine = |n: usize| amplitude * (0.3 * n as f32).sin();
        (0..16_000).map(sine).collect()
    }

    #[test]
    fn only_what_stays_below_the_limit_is_silent() {
        // 10^(-90 / 20) times the root of 2, and a little to both sides.
        assert!(refuse_silence(&tone(4.5e-5), 16_000).is_ok());
        assert!(refuse_silence(&tone(4.4e-5), 16_000).is_err());
        let offset: Vec<f32> = tone(1e-5).iter().map(|s| s + 0.1).collect();
        assert!(refuse_silence(&offset, 16_000).is_err());
        let mut click = tone(1e-5);
        click[7_000] = 1.0;
        assert!(refuse_silence(&click, 16_000).is_err());
        let error = refuse_silence(&[], 16_000).unwrap_err();
        assert!(error.to_string().contains("-200 dBFS"), "{error}");
    }

    /// Of so many blocks and a bit, of which those from `quiet` are so loud and the others
    /// at -14 LUFS.
    fn silence(blocks: usize, quiet: Range<usize>, level: f64) -> Silence {
        let level_of = |block| if quiet.contains(&block) { level } else { -14.0 };
        let all: Vec<f64> = (0..blocks).map(level_of).collect();
        let momentary = all.windows(MOMENT_BLOCKS).map(|moment| {
            let power = moment.iter().map(|l| 10_f64.powf(l / 10.0)).sum::<f64>();
            10.0 * (power / MOMENT_BLOCKS as f64).log10()
        });
        let momentary: Vec<f64> = momentary.collect();
        let amplitude = |sample| 10_f64.powf(level_of(sample / 1_600) / 20.0) as f32;
        let samples: Vec<f32> = (0..blocks * 1_600 + 700).map(amplitude).collect();
        Silence::of(&samples, &momentary, -14.0)
    }

    #[test]
    fn a_stretch_lasts_and_lies_far_below_the_song() {
        assert_eq!(
            silence(100, 40..55, -61.0).stretches(),
            from_ref(&(64_000..88_000))
        );
        assert!(silence(100, 40..54, -61.0).is_empty());
        assert!(silence(100, 40..60, -59.0).is_empty());
        assert_eq!(
            silence(100, 0..20, -99.0).stretches(),
            from_ref(&(0..32_000))
        );
        assert_eq!(
            silence(100, 80..101, -99.0).stretches(),
            from_ref(&(128_000..160_700))
        );
        assert!(silence(2, 0..2, -99.0).is_empty());
    }

    #[test]
    fn a_stretch_reaches_to_the_sound() {
        let mut samples = vec![0.1; 40_000];
        samples[10_000..37_000].fill(1e-6);
        let momentary = |block: usize| {
            let silent = (7..20).contains(&block);
            if silent { -120.0 } else { -20.0 }
        };
        let momentary: Vec<f64> = (0..22).map(momentary).collect();
        let silence = Silence::of(&samples, &momentary, -20.0);
        assert_eq!(silence.stretches(), from_ref(&(10_000..37_000)));
    }

    #[test]
    fn samples_are_within_or_without() {
        let silence = silence(100, 40..60, -90.0);
        assert!(!silence.holds(63_999) && silence.holds(64_000));
        assert!(silence.holds(95_999) && !silence.holds(96_000));
        assert_eq!(silence.samples_within(60_000..70_000), 6_000);
        assert_eq!(silence.samples_within(0..160_700), 32_000);
        assert_eq!(silence.samples_within(96_000..97_000), 0);
    }
}

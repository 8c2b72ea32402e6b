//! Takes decoded sound chunk by chunk and keeps only what the judges look at.

use std::borrow::Cow;

use super::level::{level, tame};
use super::loudness::{self, Loudness, Meter, MonoLoudness, decibels};
use super::mono::Mixdown;
use super::resample::Resample;
use super::silence::{Silence, refuse_silent_level, silent};
use super::statistics::{not_finite, peak};
use super::{MIN_SECONDS, Pcm, anchor, ceiling, offset, pcm, scale};
use crate::error::AnalysisError;
use crate::front_end::{HOP_LENGTH, SAMPLE_RATE, TARGET_LUFS};

/// Samples that a whole [`Pcm`] is pushed in at a time.
const CHUNK: usize = 1 << 16;

/// Samples of a whole number of frames of every spectrogram: 1.024 s.
const GRID: usize = 64 * HOP_LENGTH;

/// Most that the highest sample counts for where silence is cut off at both ends, as a
/// factor of the song's level: 26 dB, more than songs have.
const MOST_CREST: f32 = 20.0;

/// A song as the judges hear it.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Mono samples at [`SAMPLE_RATE`], brought to [`TARGET_LUFS`]; may exceed ±1.
    /// Silence at both ends is cut off, and so much of the beginning (at most 1.024 s)
    /// that whole frames of every spectrogram lie between the start and the song's anchor
    /// (see `anchor.rs`).
    pub samples: Vec<f32>,
    /// Time of the first sample in the song, in seconds.
    pub start_s: f64,
    /// Loudness of the song as it came, before any gain.
    pub loudness: Loudness,
    /// Duration in seconds.
    pub duration_s: f64,
    /// Duration in seconds that the head of its file says, if any.
    pub listed_s: Option<f64>,
    /// Duration without the silence at both ends, in seconds.
    pub sounding_s: f64,
    /// Silent stretches among the samples.
    pub silence: Silence,
    /// Loudness range in LU of what the judges look at: that of the song as it came, but
    /// without silent stretches and thumps, whose slopes are no dynamics.
    pub range_lu: f64,
    /// Samples of any channel that lay beyond what sound reaches (+24 dB relative to full
    /// scale) and were clipped.
    pub clipped: usize,
}

impl Signal {
    /// All of [`Intake`] on a song that is already in memory.
    ///
    /// # Errors
    /// As [`Intake::push`] and [`Intake::finish`].
    pub fn from_pcm(pcm: &Pcm) -> Result<Self, AnalysisError> {
        let channels = pcm.channels();
        let mut intake = Intake::new(pcm.sample_rate(), channels.len())?;
        for start in (0..channels[0].len()).step_by(CHUNK) {
            let end = (start + CHUNK).min(channels[0].len());
            let chunk: Vec<&[f32]> = channels.iter().map(|c| &c[start..end]).collect();
            intake.push(&chunk)?;
        }
        let mut signal = intake.finish()?;
        signal.listed_s = pcm.listed_s();
        Ok(signal)
    }

    /// The samples without the silent stretches.
    #[must_use]
    pub fn sounding(&self) -> Cow<'_, [f32]> {
        if self.silence.is_empty() {
            return Cow::Borrowed(&self.samples);
        }
        let mut sounding = Vec::with_capacity(self.samples.len());
        let mut from = 0;
        for stretch in self.silence.stretches() {
            sounding.extend_from_slice(&self.samples[from..stretch.start]);
            from = stretch.end;
        }
        sounding.extend_from_slice(&self.samples[from..]);
        Cow::Owned(sounding)
    }
}

/// Streaming way from decoded channels to a [`Signal`]: measures the loudness of all
/// channels, mixes them down to one, resamples it. All of it block by block, counted from
/// the start of the song, so that the size of the chunks changes nothing. An hour of song
/// needs 230 MB, whatever its rate and number of channels.
pub struct Intake {
    meter: Meter,
    mixdown: Mixdown,
    mono: Resample,
    /// What is not yet a whole block, `[channel][sample]`.
    pending: Vec<Vec<f32>>,
    mixed: Vec<f32>,
    clipped: usize,
    sample_rate: u32,
    frames: usize,
}

impl Intake {
    /// For `channels` channels at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`AnalysisError::UnsupportedRate`] or [`AnalysisError::UnsupportedChannels`].
    pub fn new(sample_rate: u32, channels: usize) -> Result<Self, AnalysisError> {
        pcm::check_format(sample_rate, channels)?;
        Ok(Self {
            meter: Meter::new(channels, sample_rate),
            mixdown: Mixdown::new(channels, sample_rate),
            mono: Resample::new(sample_rate, SAMPLE_RATE)?,
            pending: vec![Vec::new(); channels],
            mixed: Vec::new(),
            clipped: 0,
            sample_rate,
            frames: 0,
        })
    }

    /// Takes the next chunk: one slice a channel, all of one length, full scale ±1.
    ///
    /// # Errors
    /// [`AnalysisError::UnsupportedChannels`] or [`AnalysisError::UnequalChannels`]
    /// where the chunk has another shape, [`AnalysisError::NotFinite`] on the first
    /// sample that is NaN or infinite.
    pub fn push(&mut self, chunk: &[&[f32]]) -> Result<(), AnalysisError> {
        let frames = self.check(chunk)?;
        self.frames += frames;
        let mut from = 0;
        while from < frames {
            let missing = self.mixdown.block() - self.pending[0].len();
            let to = (from + missing).min(frames);
            for (pending, samples) in self.pending.iter_mut().zip(chunk) {
                pending.extend_from_slice(&samples[from..to]);
            }
            from = to;
            if self.pending[0].len() == self.mixdown.block() {
                self.take_block()?;
            }
        }
        Ok(())
    }

    /// Measures and mixes down what is pending.
    fn take_block(&mut self) -> Result<(), AnalysisError> {
        self.clipped += ceiling::clip(&mut self.pending);
        let planes: Vec<&[f32]> = self.pending.iter().map(Vec::as_slice).collect();
        self.meter.push(&planes);
        self.mixdown.mix(&self.pending, &mut self.mixed);
        self.pending.iter_mut().for_each(Vec::clear);
        self.mono.push(&self.mixed)
    }

    /// Normalises what was pushed.
    ///
    /// The gain comes from the mono signal itself, first brought to a peak of 1, so
    /// that neither the volume nor the number of channels changes what the judges hear.
    ///
    /// # Errors
    /// [`AnalysisError::Empty`], [`AnalysisError::TooShort`] or
    /// [`AnalysisError::Silent`].
    pub fn finish(mut self) -> Result<Signal, AnalysisError> {
        let duration_s = self.frames as f64 / f64::from(self.sample_rate);
        if self.frames == 0 {
            return Err(AnalysisError::Empty);
        }
        refuse_short(duration_s)?;
        self.take_block()?;
        let loudness = self.meter.finish();
        let mut samples = self.mono.finish()?;
        offset::remove(&mut samples);
        let level = level(&samples, SAMPLE_RATE);
        refuse_silent_level(level)?;
        let tamed = tame(&mut samples, SAMPLE_RATE, level);
        let peak = peak(&samples);
        scale(&mut samples, 1.0 / peak);
        let reference = (MOST_CREST * level / peak).min(1.0);
        let sounding = anchor::sounding(&samples, reference);
        let sounding_s = sounding.len() as f64 / f64::from(SAMPLE_RATE);
        refuse_short(sounding_s)?;
        let start = sounding.start + anchor::find(&samples[sounding.clone()]) % GRID;
        samples.truncate(sounding.end);
        samples.drain(..start);
        let heard = MonoLoudness::of(&samples, SAMPLE_RATE);
        let Some(integrated) = heard.integrated else {
            return Err(silent(decibels(level)));
        };
        let silence = Silence::of(&samples, &heard.momentary, integrated);
        let silent_samples = silence.samples_within(0..samples.len());
        refuse_short((sounding.len() - silent_samples) as f64 / f64::from(SAMPLE_RATE))?;
        scale(
            &mut samples,
            10_f64.powf((TARGET_LUFS - integrated) / 20.0) as f32,
        );
        let mut signal = Signal {
            samples,
            start_s: start as f64 / f64::from(SAMPLE_RATE),
            loudness,
            duration_s,
            listed_s: None,
            sounding_s,
            silence,
            range_lu: loudness.range_lu,
            clipped: self.clipped,
        };
        if tamed || !signal.silence.is_empty() {
            signal.range_lu = loudness::range(&signal.sounding(), SAMPLE_RATE);
        }
        Ok(signal)
    }

    /// Checks the chunk's shape and samples, returns its length.
    fn check(&self, chunk: &[&[f32]]) -> Result<usize, AnalysisError> {
        if chunk.len() != self.pending.len() {
            return Err(AnalysisError::UnsupportedChannels {
                channels: chunk.len(),
                maximum: self.pending.len(),
            });
        }
        let expected = chunk[0].len();
        for (channel, samples) in chunk.iter().enumerate() {
            if samples.len() != expected {
                return Err(AnalysisError::UnequalChannels {
                    channel,
                    got: samples.len(),
                    expected,
                });
            }
            if let Some(index) = not_finite(samples) {
                return Err(AnalysisError::NotFinite {
                    channel,
                    index: self.frames + index,
                });
            }
        }
        Ok(expected)
    }
}

/// Refuses what is too short for a mood.
fn refuse_short(seconds: f64) -> Result<(), AnalysisError> {
    if seconds < MIN_SECONDS {
        return Err(AnalysisError::TooShort {
            seconds,
            minimum: MIN_SECONDS,
        });
    }
    Ok(())
}

//! Takes decoded sound chunk by chunk and keeps only what the judges look at.

use super::loudness::{Loudness, Meter, integrated};
use super::mono::mean;
use super::resample::Resample;
use super::silence::{refuse_silent_peak, silent};
use super::{MIN_SECONDS, Pcm, anchor, pcm};
use crate::error::AnalysisError;
use crate::front_end::{HOP_LENGTH, SAMPLE_RATE, TARGET_LUFS};

/// Samples that a whole [`Pcm`] is pushed in at a time.
const CHUNK: usize = 1 << 16;

/// Samples of a whole number of frames of every spectrogram: 1.024 s.
const GRID: usize = 64 * HOP_LENGTH;

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
    /// Duration without the silence at both ends, in seconds.
    pub sounding_s: f64,
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
        intake.finish()
    }
}

/// Streaming way from decoded channels to a [`Signal`]: measures the loudness of all
/// channels, takes their mean, resamples it. An hour of song needs 230 MB, whatever
/// its rate and number of channels.
pub struct Intake {
    meter: Meter,
    mono: Resample,
    mean: Vec<f32>,
    peak: f32,
    channels: usize,
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
            meter: Meter::new(channels, sample_rate)?,
            mono: Resample::new(sample_rate, SAMPLE_RATE)?,
            mean: Vec::new(),
            peak: 0.0,
            channels,
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
        self.meter.push(chunk)?;
        mean(chunk, &mut self.mean);
        self.frames += frames;
        self.mono.push(&self.mean)
    }

    /// Normalises what was pushed.
    ///
    /// The gain comes from the mono signal itself, first brought to a peak of 1, so
    /// that neither the volume nor the number of channels changes what the judges hear.
    ///
    /// # Errors
    /// [`AnalysisError::Empty`], [`AnalysisError::TooShort`],
    /// [`AnalysisError::Silent`] or [`AnalysisError::Cancelling`].
    pub fn finish(self) -> Result<Signal, AnalysisError> {
        let duration_s = self.frames as f64 / f64::from(self.sample_rate);
        if self.frames == 0 {
            return Err(AnalysisError::Empty);
        }
        if duration_s < MIN_SECONDS {
            return Err(AnalysisError::TooShort {
                seconds: duration_s,
                minimum: MIN_SECONDS,
            });
        }
        refuse_silent_peak(self.peak)?;
        let loudness = self.meter.finish(self.peak)?;
        let mut samples = self.mono.finish()?;
        let mono_peak = samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
        refuse_silent_peak(mono_peak).map_err(|_| AnalysisError::Cancelling)?;
        scale(&mut samples, 1.0 / mono_peak);
        let sounding = anchor::sounding(&samples);
        let sounding_s = sounding.len() as f64 / f64::from(SAMPLE_RATE);
        if sounding_s < MIN_SECONDS {
            return Err(AnalysisError::TooShort {
                seconds: sounding_s,
                minimum: MIN_SECONDS,
            });
        }
        let start = sounding.start + anchor::find(&samples[sounding.clone()]) % GRID;
        samples.truncate(sounding.end);
        samples.drain(..start);
        let Some(level) = integrated(&samples, SAMPLE_RATE)? else {
            return Err(silent(loudness.peak_dbfs));
        };
        scale(
            &mut samples,
            10_f64.powf((TARGET_LUFS - level) / 20.0) as f32,
        );
        Ok(Signal {
            samples,
            start_s: start as f64 / f64::from(SAMPLE_RATE),
            loudness,
            duration_s,
            sounding_s,
        })
    }

    /// Checks the chunk's shape and samples, keeps the peak, returns its length.
    fn check(&mut self, chunk: &[&[f32]]) -> Result<usize, AnalysisError> {
        if chunk.len() != self.channels {
            return Err(AnalysisError::UnsupportedChannels {
                channels: chunk.len(),
                maximum: self.channels,
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
            if let Some(index) = samples.iter().position(|s| !s.is_finite()) {
                return Err(AnalysisError::NotFinite {
                    channel,
                    index: self.frames + index,
                });
            }
            self.peak = samples.iter().fold(self.peak, |peak, s| peak.max(s.abs()));
        }
        Ok(expected)
    }
}

fn scale(samples: &mut [f32], gain: f32) {
    for sample in samples {
        *sample *= gain;
    }
}

//! One pass over a signal that gives the judges what they look at.

use ndarray::{Array2, s};

use crate::audio::{Signal, Silence};
use crate::error::AnalysisError;
use crate::features::{Collector, Heard};
use crate::spectrum::chroma::{self, Chroma};
use crate::spectrum::{HOP_LENGTH, LogMel, N_MELS, Pitches, pitch};

/// What a file may be shorter or longer than its head says and still be whole: seconds, and
/// a share, for lengths that are guessed from the bit rate.
const PADDING_S: f64 = 1.0;
const PADDING: f64 = 0.02;

/// A signal on its way to log-mel frames and musical features; page and trainer both
/// measure with it.
pub struct Measurement {
    signal: Signal,
    mel: LogMel,
    chroma: Chroma,
    pitches: Pitches,
    collector: Collector,
    log_mel: Array2<f32>,
    read: usize,
}

/// What was measured of a whole song.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Log-mel frames `[frames, 96]`, time first; see [`crate::spectrum::mel`].
    pub log_mel: Array2<f32>,
    /// Features and descriptors.
    pub heard: Heard,
}

impl Measurement {
    /// Prepares the measurement; nothing is computed yet.
    #[must_use]
    pub fn new(signal: Signal) -> Self {
        let mel = LogMel::new();
        let log_mel = Array2::zeros((mel.frames(signal.samples.len()), N_MELS));
        Self {
            signal,
            mel,
            chroma: Chroma::new(),
            pitches: Pitches::new(),
            collector: Collector::new(),
            log_mel,
            read: 0,
        }
    }

    /// All of it at once.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of(signal: Signal) -> Result<Measured, AnalysisError> {
        let mut measurement = Self::new(signal);
        measurement.read(measurement.frames())?;
        let heard = measurement.conclude()?;
        Ok(Measured {
            log_mel: measurement.log_mel,
            heard,
        })
    }

    /// Number of log-mel frames of the whole signal.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.log_mel.nrows()
    }

    /// Number of frames that were read so far.
    #[must_use]
    pub const fn frames_read(&self) -> usize {
        self.read
    }

    /// The samples that are measured; see [`Signal::samples`].
    #[must_use]
    pub fn samples(&self) -> &[f32] {
        &self.signal.samples
    }

    /// Duration of the signal in seconds.
    #[must_use]
    pub const fn duration_s(&self) -> f64 {
        self.signal.duration_s
    }

    /// Duration in seconds that the file's head says, where it is farther from what was
    /// decoded than encoders' padding.
    #[must_use]
    pub fn listed_s(&self) -> Option<f64> {
        let heard_s = self.signal.duration_s;
        let is_other = |listed: &f64| (listed - heard_s).abs() > PADDING_S + PADDING * heard_s;
        self.signal.listed_s.filter(is_other)
    }

    /// Time of the first frame in the song, in seconds.
    #[must_use]
    pub const fn start_s(&self) -> f64 {
        self.signal.start_s
    }

    /// The silent stretches among the samples.
    #[must_use]
    pub const fn silence(&self) -> &Silence {
        &self.signal.silence
    }

    /// The log-mel frames, `[frames, 96]`; zeros from [`Self::frames_read`] on.
    #[must_use]
    pub const fn log_mel(&self) -> &Array2<f32> {
        &self.log_mel
    }

    /// Reads the next `count` frames, or as many as are left. Those in silent stretches
    /// become log-mel frames and count for nothing else.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn read(&mut self, count: usize) -> Result<(), AnalysisError> {
        let end = (self.read + count).min(self.frames());
        let samples = &self.signal.samples;
        for index in self.read..end {
            let power = self
                .mel
                .frame(samples, index, self.log_mel.row_mut(index))?;
            if self.signal.silence.holds(index * HOP_LENGTH) {
                continue;
            }
            self.collector.push_frame(self.log_mel.row(index), power);
            if (index * HOP_LENGTH).is_multiple_of(chroma::HOP_LENGTH) {
                let index = index * HOP_LENGTH / chroma::HOP_LENGTH;
                self.collector
                    .push_chroma(self.chroma.frame(samples, index)?);
            }
            if (index * HOP_LENGTH).is_multiple_of(pitch::HOP_LENGTH) {
                let index = index * HOP_LENGTH / pitch::HOP_LENGTH;
                self.pitches.push_frame(samples, index)?;
            }
        }
        self.read = end;
        Ok(())
    }

    /// What was heard in the frames that were read; to be called once, at the end.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if a Fourier transform refuses.
    pub fn conclude(&mut self) -> Result<Heard, AnalysisError> {
        let pitches = std::mem::take(&mut self.pitches).profile();
        let frames = self.log_mel.slice(s![..self.read, ..]);
        std::mem::take(&mut self.collector).finish(&self.signal, frames, pitches.as_ref())
    }
}

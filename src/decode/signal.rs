//! From a file to what the judges hear of it.

use std::mem;

use symphonia::core::io::MediaSource;

use super::Decoder;
use super::tags::Head;
use crate::audio::{Intake, Signal};
use crate::error::AnalysisError;

/// A file that is decoded and taken in, portion by portion: of what was decoded only the signal
/// is kept, 64 kB for each second of the song.
pub struct SignalReader {
    decoder: Decoder,
    intake: Option<Intake>,
    /// Samples of each channel that were taken in.
    frames: usize,
    /// In Hz, from the first sound on.
    sample_rate: u32,
}

impl SignalReader {
    /// Reads the file's head. The extension, where the name has one, is a hint only.
    ///
    /// # Errors
    /// Those of [`Decoder::open`].
    pub fn open(
        source: Box<dyn MediaSource>,
        extension: Option<&str>,
    ) -> Result<Self, AnalysisError> {
        Ok(Self {
            decoder: Decoder::open(source, extension)?,
            intake: None,
            frames: 0,
            sample_rate: 0,
        })
    }

    /// What the file says and shows of its song, as far as its head was read.
    pub fn head(&mut self) -> Head {
        self.decoder.head()
    }

    /// As [`Decoder::listed_seconds`].
    #[must_use]
    pub fn listed_seconds(&self) -> Option<f64> {
        self.decoder.listed_seconds()
    }

    /// Duration in seconds of what was taken in.
    #[must_use]
    pub fn heard_seconds(&self) -> f64 {
        self.frames as f64 / f64::from(self.sample_rate.max(1))
    }

    /// Takes in packets until they hold `frames` samples of each channel; whether there may be
    /// more.
    ///
    /// # Errors
    /// Those of [`Decoder::next_chunk`], [`Intake::new`] and [`Intake::push`].
    pub fn read(&mut self, frames: usize) -> Result<bool, AnalysisError> {
        let until = self.frames.saturating_add(frames);
        while self.frames < until {
            let Some(chunk) = self.decoder.next_chunk()? else {
                return Ok(false);
            };
            self.sample_rate = chunk.sample_rate;
            let channels: Vec<&[f32]> = chunk.channels.iter().map(Vec::as_slice).collect();
            self.frames += channels[0].len();
            let intake = match &mut self.intake {
                Some(intake) => intake,
                none => none.insert(Intake::new(chunk.sample_rate, channels.len())?),
            };
            intake.push(&channels)?;
        }
        Ok(true)
    }

    /// What the judges hear of the sound that was taken in.
    ///
    /// # Errors
    /// [`AnalysisError::Empty`] where there was none, and those of [`Intake::finish`].
    pub fn finish(mut self) -> Result<Signal, AnalysisError> {
        let intake = mem::take(&mut self.intake).ok_or(AnalysisError::Empty)?;
        let mut signal = intake.finish()?;
        signal.listed_s = self.decoder.listed_seconds();
        Ok(signal)
    }
}

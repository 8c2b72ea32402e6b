//! The last seconds of a sound that goes on.

use std::collections::VecDeque;

use super::{Intake, Signal, pcm};
use crate::error::AnalysisError;

/// Keeps the last seconds of what is pushed, and nothing older.
pub struct Ring {
    /// `[channel][sample]`, all of one length.
    channels: Vec<VecDeque<f32>>,
    sample_rate: u32,
    /// Most samples of a channel.
    most: usize,
}

impl Ring {
    /// For so many seconds of `channels` channels at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`AnalysisError::UnsupportedRate`] or [`AnalysisError::UnsupportedChannels`].
    pub fn new(sample_rate: u32, channels: usize, seconds: u32) -> Result<Self, AnalysisError> {
        pcm::check_format(sample_rate, channels)?;
        let most = sample_rate as usize * seconds as usize;
        Ok(Self {
            channels: vec![VecDeque::new(); channels],
            sample_rate,
            most,
        })
    }

    /// Whether it is for that sound.
    #[must_use]
    pub fn is_for(&self, sample_rate: u32, channels: usize) -> bool {
        self.sample_rate == sample_rate && self.channels.len() == channels
    }

    /// Takes the next chunk: one slice a channel, all of one length, full scale ±1.
    ///
    /// # Errors
    /// [`AnalysisError::UnsupportedChannels`] or [`AnalysisError::UnequalChannels`] where the
    /// chunk has another shape.
    pub fn push(&mut self, chunk: &[impl AsRef<[f32]>]) -> Result<(), AnalysisError> {
        if chunk.len() != self.channels.len() {
            return Err(AnalysisError::UnsupportedChannels {
                channels: chunk.len(),
                maximum: self.channels.len(),
            });
        }
        let expected = chunk[0].as_ref().len();
        for (channel, samples) in chunk.iter().enumerate() {
            let got = samples.as_ref().len();
            if got != expected {
                return Err(AnalysisError::UnequalChannels {
                    channel,
                    got,
                    expected,
                });
            }
        }
        for (kept, samples) in self.channels.iter_mut().zip(chunk) {
            let samples = samples.as_ref();
            let new = &samples[samples.len().saturating_sub(self.most)..];
            let old = (kept.len() + new.len()).saturating_sub(self.most);
            kept.drain(..old);
            kept.extend(new);
        }
        Ok(())
    }

    /// How much is kept, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.channels[0].len() as f64 / f64::from(self.sample_rate)
    }

    /// What is kept as the judges hear it: as the same samples of a file.
    ///
    /// # Errors
    /// As [`Signal::from_pcm`].
    pub fn signal(&mut self) -> Result<Signal, AnalysisError> {
        let mut intake = Intake::new(self.sample_rate, self.channels.len())?;
        let kept = self.channels.iter_mut().map(VecDeque::make_contiguous);
        let kept: Vec<&[f32]> = kept.map(|samples| &*samples).collect();
        intake.push(&kept)?;
        intake.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::Pcm;

    const RATE: u32 = 8_000;

    /// Two channels that are never the same twice.
    fn sound(seconds: u32) -> Vec<Vec<f32>> {
        let wave = |turn: f32| {
            (0..seconds * RATE).map(move |n| {
                let loudness = 0.2 + 0.1 * (n as f32 / RATE as f32).sin();
                loudness * (n as f32 * turn).sin()
            })
        };
        vec![wave(0.31).collect(), wave(0.12).collect()]
    }

    /// A ring of 5 s that has heard all of that in blocks of so many samples.
    fn heard(sound: &[Vec<f32>], block: usize) -> Ring {
        let mut ring = Ring::new(RATE, sound.len(), 5).unwrap();
        for start in (0..sound[0].len()).step_by(block) {
            let end = (start + block).min(sound[0].len());
            let chunk: Vec<_> = sound.iter().map(|samples| &samples[start..end]).collect();
            ring.push(&chunk).unwrap();
        }
        ring
    }

    #[test]
    fn the_last_seconds_are_heard_as_those_of_a_file() {
        let sound = sound(13);
        let last = sound
            .iter()
            .map(|samples| samples[8 * RATE as usize..].to_vec());
        let file = Pcm::new(last.collect(), RATE).unwrap();
        let file = Signal::from_pcm(&file).unwrap();
        // The last block is longer than the ring.
        for block in [128, 6_143, 3 * RATE as usize, 13 * RATE as usize] {
            let mut ring = heard(&sound, block);
            assert!((ring.seconds() - 5.0).abs() < 1e-9);
            assert_eq!(ring.signal().unwrap(), file, "{block}");
        }
    }

    #[test]
    fn nothing_older_is_kept() {
        let ring = heard(&sound(60), 1_000);
        let kept: Vec<_> = ring.channels.iter().map(VecDeque::len).collect();
        assert_eq!(kept, [5 * RATE as usize; 2]);
    }

    #[test]
    fn little_is_judged_as_a_short_file() {
        let mut ring = heard(&sound(2), 1_000);
        let refused = ring.signal().unwrap_err();
        assert!(
            matches!(refused, AnalysisError::TooShort { .. }),
            "{refused}"
        );
    }

    #[test]
    fn chunks_of_another_shape_are_refused() {
        let mut ring = Ring::new(RATE, 2, 5).unwrap();
        assert!(ring.push(&[vec![0.0]]).is_err());
        assert!(ring.push(&[vec![0.0], vec![0.0, 0.1]]).is_err());
        assert!(ring.is_for(RATE, 2) && !ring.is_for(RATE, 1) && !ring.is_for(44_100, 2));
        assert!(Ring::new(1, 2, 5).is_err());
    }
}

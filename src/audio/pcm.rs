//! Decoded sound: channels of samples at one rate.

use crate::error::AnalysisError;

/// Lowest supported sample rate in Hz (telephone).
pub const MIN_RATE: u32 = 8_000;
/// Highest supported sample rate in Hz.
pub const MAX_RATE: u32 = 384_000;
/// Most supported channels (7.1.4 surround has 12).
pub const MAX_CHANNELS: usize = 32;

/// Decoded sound of any supported rate and channel count.
#[derive(Debug, Clone, PartialEq)]
pub struct Pcm {
    channels: Vec<Vec<f32>>,
    sample_rate: u32,
    listed_s: Option<f64>,
}

impl Pcm {
    /// Takes `channels` (`[channel][sample]`, full scale is ±1) at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`AnalysisError::UnsupportedRate`], [`AnalysisError::UnsupportedChannels`],
    /// [`AnalysisError::UnequalChannels`] or [`AnalysisError::Empty`].
    pub fn new(channels: Vec<Vec<f32>>, sample_rate: u32) -> Result<Self, AnalysisError> {
        check_format(sample_rate, channels.len())?;
        let expected = channels[0].len();
        if let Some((channel, samples)) = channels
            .iter()
            .enumerate()
            .find(|(_, samples)| samples.len() != expected)
        {
            return Err(AnalysisError::UnequalChannels {
                channel,
                got: samples.len(),
                expected,
            });
        }
        if expected == 0 {
            return Err(AnalysisError::Empty);
        }
        Ok(Self {
            channels,
            sample_rate,
            listed_s: None,
        })
    }

    /// The same sound, of whose file the head says that duration in seconds.
    #[must_use]
    pub const fn listed(mut self, seconds: Option<f64>) -> Self {
        self.listed_s = seconds;
        self
    }

    /// Duration in seconds that the file's head says.
    #[must_use]
    pub const fn listed_s(&self) -> Option<f64> {
        self.listed_s
    }

    /// The channels, `[channel][sample]`, all of one length.
    #[must_use]
    pub fn channels(&self) -> &[Vec<f32>] {
        &self.channels
    }

    /// Sample rate in Hz.
    #[must_use]
    pub const fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Duration in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.channels[0].len() as f64 / f64::from(self.sample_rate)
    }
}

/// Refuses rates and channel counts that no song has.
pub(super) fn check_format(sample_rate: u32, channels: usize) -> Result<(), AnalysisError> {
    if channels == 0 || channels > MAX_CHANNELS {
        return Err(AnalysisError::UnsupportedChannels {
            channels,
            maximum: MAX_CHANNELS,
        });
    }
    if !(MIN_RATE..=MAX_RATE).contains(&sample_rate) {
        return Err(AnalysisError::UnsupportedRate {
            rate: sample_rate,
            minimum: MIN_RATE,
            maximum: MAX_RATE,
        });
    }
    Ok(())
}

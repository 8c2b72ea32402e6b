//! Why a song got no verdict.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ModelError;
use crate::text::{Language, Text, capital, song, trouble};

/// Why a song got no verdict. [`AnalysisError::kind`] is stable and machine readable;
/// the `Display` text says what was expected, what came, and what to do, as
/// [`AnalysisError::say`] does in other languages.
#[derive(Debug, Clone, PartialEq, Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[error("{}", self.say(Language::English))]
pub enum AnalysisError {
    /// There are no samples at all.
    Empty,
    /// No decoder here knows the file, or it breaks off before any sound.
    Undecodable {
        /// What the decoder said.
        detail: String,
    },
    /// Too much of the file is broken.
    Damaged {
        /// Share of the sound that could be read, in [0, 1].
        share: f64,
    },
    /// The file plays, but has no sound track.
    NoAudio,
    /// Shorter than [`crate::audio::MIN_SECONDS`].
    TooShort {
        /// Duration of the sound in seconds.
        seconds: f64,
        /// The least duration in seconds.
        minimum: f64,
    },
    /// Longer than the page can hold in memory.
    TooLong {
        /// Duration of the sound in minutes.
        minutes: f64,
        /// The greatest duration in minutes.
        maximum: f64,
    },
    /// Nothing rises above the noise of a 16-bit recording.
    Silent {
        /// Level that is reached for a second in all, in dB relative to full scale.
        #[serde(alias = "peak_dbfs")]
        level_dbfs: f64,
        /// The least level in dB relative to full scale.
        minimum_dbfs: f64,
    },
    /// A sample is NaN or infinite.
    NotFinite {
        /// Channel, counted from 0.
        channel: usize,
        /// Sample, counted from 0.
        index: usize,
    },
    /// The sample rate is out of the supported range.
    UnsupportedRate {
        /// Sample rate in Hz.
        rate: u32,
        /// The least rate in Hz.
        minimum: u32,
        /// The greatest rate in Hz.
        maximum: u32,
    },
    /// The number of channels is out of the supported range.
    UnsupportedChannels {
        /// Number of channels.
        channels: usize,
        /// The greatest number of channels.
        maximum: usize,
    },
    /// The channels differ in length.
    UnequalChannels {
        /// Channel, counted from 0.
        channel: usize,
        /// Its samples.
        got: usize,
        /// The first channel's samples.
        expected: usize,
    },
    /// Somebody asked to stop; never shown as an error.
    Cancelled,
    /// A step of ours failed; the song is not to blame.
    Internal {
        /// The step.
        step: String,
        /// What it said.
        detail: String,
    },
    /// A judge could not run.
    #[error(transparent)]
    #[serde(rename = "model")]
    Model {
        /// What was wrong with the model.
        #[from]
        source: ModelError,
    },
}

impl AnalysisError {
    /// A short stable name, as in the JSON result (`"too-short"`).
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Undecodable { .. } => "undecodable",
            Self::Damaged { .. } => "damaged",
            Self::NoAudio => "no-audio",
            Self::TooShort { .. } => "too-short",
            Self::TooLong { .. } => "too-long",
            Self::Silent { .. } => "silent",
            Self::NotFinite { .. } => "not-finite",
            Self::UnsupportedRate { .. } => "unsupported-rate",
            Self::UnsupportedChannels { .. } => "unsupported-channels",
            Self::UnequalChannels { .. } => "unequal-channels",
            Self::Cancelled => "cancelled",
            Self::Internal { .. } => "internal",
            Self::Model { .. } => "model",
        }
    }

    /// Why there is no verdict and what to do, without a capital letter or a full stop.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        let say = |text: Text, values: &[(&str, &str)]| text.fill(language, values);
        match self {
            Self::Empty => say(trouble::EMPTY, &[]),
            Self::Undecodable { detail } => say(
                trouble::UNDECODABLE,
                &[("detail", &trouble::detail(language, detail))],
            ),
            Self::Damaged { share } => say(
                trouble::DAMAGED,
                &[("percent", &format!("{:.0}", 100.0 * share))],
            ),
            Self::NoAudio => say(trouble::NO_AUDIO, &[]),
            Self::TooShort { seconds, minimum } => say(
                trouble::TOO_SHORT,
                &[
                    ("seconds", &format!("{seconds:.2}")),
                    ("minimum", &format!("{minimum:.0}")),
                ],
            ),
            Self::TooLong { minutes, maximum } => say(
                trouble::TOO_LONG,
                &[
                    ("minutes", &format!("{minutes:.0}")),
                    ("maximum", &format!("{maximum:.0}")),
                ],
            ),
            Self::Silent {
                level_dbfs,
                minimum_dbfs,
            } => say(
                trouble::SILENT,
                &[
                    ("level", &format!("{level_dbfs:.0}")),
                    ("minimum", &format!("{minimum_dbfs:.0}")),
                ],
            ),
            Self::NotFinite { channel, index } => say(
                trouble::NOT_FINITE,
                &[
                    ("channel", &channel.to_string()),
                    ("index", &index.to_string()),
                ],
            ),
            Self::UnsupportedRate {
                rate,
                minimum,
                maximum,
            } => say(
                trouble::UNSUPPORTED_RATE,
                &[
                    ("rate", &rate.to_string()),
                    ("minimum", &minimum.to_string()),
                    ("maximum", &maximum.to_string()),
                ],
            ),
            Self::UnsupportedChannels { channels, maximum } => say(
                trouble::UNSUPPORTED_CHANNELS,
                &[
                    ("channels", &channels.to_string()),
                    ("maximum", &maximum.to_string()),
                ],
            ),
            Self::UnequalChannels {
                channel,
                got,
                expected,
            } => say(
                trouble::UNEQUAL_CHANNELS,
                &[
                    ("channel", &channel.to_string()),
                    ("got", &got.to_string()),
                    ("expected", &expected.to_string()),
                ],
            ),
            Self::Cancelled => say(trouble::CANCELLED, &[]),
            Self::Internal { step, detail } => say(
                trouble::INTERNAL,
                &[
                    ("step", &trouble::detail(language, step)),
                    ("detail", &trouble::detail(language, detail)),
                ],
            ),
            Self::Model { source } => source.say(language),
        }
    }

    /// The same as a sentence of its own.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let text = capital(&self.say(language));
        trouble::SENTENCE.fill(language, &[("text", &text)])
    }

    /// The same with the song's name.
    #[must_use]
    pub fn of_song(&self, language: Language, name: &str) -> String {
        let error = self.say(language);
        song::SONG_NO_VERDICT.fill(language, &[("name", name), ("error", &error)])
    }

    /// An [`AnalysisError::Internal`] of that step.
    pub(crate) fn internal(step: &str, detail: &impl ToString) -> Self {
        Self::Internal {
            step: step.to_owned(),
            detail: detail.to_string(),
        }
    }
}

//! What can go wrong between a song and its verdict, in words a listener can act on.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{Language, trouble};

/// Why a song got no verdict. [`AnalysisError::kind`] is stable and machine readable;
/// the `Display` text says what was expected, what came, and what to do, as
/// [`trouble::analysis`] does in other languages.
#[derive(Debug, Clone, PartialEq, Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[error("{}", trouble::analysis(Language::English, self))]
pub enum AnalysisError {
    /// There are no samples at all.
    Empty,
    /// No decoder here knows the file, or it breaks off before any sound.
    Undecodable {
        /// What the decoder said.
        detail: String,
    },
    /// The file plays, but has no sound track.
    NoAudio,
    /// Shorter than [`crate::analysis::MIN_SECONDS`].
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
        /// Sample peak in dB relative to full scale.
        peak_dbfs: f64,
        /// The least peak in dB relative to full scale.
        minimum_dbfs: f64,
    },
    /// There is sound on the channels, but their mean cancels out.
    Cancelling,
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
            Self::NoAudio => "no-audio",
            Self::TooShort { .. } => "too-short",
            Self::TooLong { .. } => "too-long",
            Self::Silent { .. } => "silent",
            Self::Cancelling => "cancelling",
            Self::NotFinite { .. } => "not-finite",
            Self::UnsupportedRate { .. } => "unsupported-rate",
            Self::UnsupportedChannels { .. } => "unsupported-channels",
            Self::UnequalChannels { .. } => "unequal-channels",
            Self::Cancelled => "cancelled",
            Self::Internal { .. } => "internal",
            Self::Model { .. } => "model",
        }
    }

    /// An [`AnalysisError::Internal`] of that step.
    pub(crate) fn internal(step: &str, detail: &impl ToString) -> Self {
        Self::Internal {
            step: step.to_owned(),
            detail: detail.to_string(),
        }
    }
}

/// Why a model file is refused. Every text names the file.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[error("{}", trouble::model(Language::English, self))]
pub enum ModelError {
    /// The file is not there.
    Missing {
        /// File name.
        name: String,
        /// What the loader said.
        detail: String,
    },
    /// The size differs from the card's.
    Size {
        /// File name.
        name: String,
        /// Bytes that came.
        got: u64,
        /// Bytes on the card.
        expected: u64,
    },
    /// The contents differ from the card's SHA-256.
    Hash {
        /// File name.
        name: String,
        /// SHA-256 that came, in hexadecimal.
        got: String,
        /// SHA-256 on the card, in hexadecimal.
        expected: String,
    },
    /// The card asks for another front end than this library has.
    FrontEnd {
        /// File name.
        name: String,
        /// Name of the parameter.
        field: String,
        /// Value on the card.
        got: String,
        /// Value in the library.
        expected: String,
    },
    /// The file can't be read as what it claims to be.
    Invalid {
        /// File name.
        name: String,
        /// What the reader said.
        detail: String,
    },
    /// The model loaded but failed on a song.
    Run {
        /// File name.
        name: String,
        /// What the engine said.
        detail: String,
    },
}

//! What page and worker say to each other.
//!
//! A message is a JavaScript array: first the JSON text of a [`ToWorker`] or
//! [`FromWorker`], then the samples or pixels that belong to it, as transferables, or the
//! file; behind a refusal or failure its English text, for scripts that only pass it on.
//! Every message about a song carries its [`Job`]; messages of another job are ignored.

use serde::{Deserialize, Serialize};

use crate::analysis::{Judgement, Stage};
use crate::card::{EnsembleCard, NetworkCard, VerdictRule};
use crate::error::{AnalysisError, ModelError};
use crate::regressor::FeaturesCard;
use crate::report::{ModelIds, Moment, Report};
use crate::tags::Tags;

/// Number of a song in the queue; never used twice.
pub type Job = u32;

/// Longest song that a worker decodes, in minutes: it takes 0.65 GB an hour, of at most 4.
pub const MAX_READ_MINUTES: f64 = 240.0;

/// What is heard live is judged by its last seconds: so many.
pub const LIVE_SECONDS: u32 = 30;
/// And not before so many: the network's window.
pub const LIVE_LEAST_SECONDS: u32 = 10;

/// From the page to the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ToWorker {
    /// Judge a song; one `Float32Array` per channel follows, and its `File` may, for its tags.
    Analyse {
        /// The song.
        job: Job,
        /// Sample rate of the channels in Hz.
        sample_rate: u32,
        /// Whether no other song is judged meanwhile, so that all cores are free.
        #[serde(default = "alone")]
        alone: bool,
    },
    /// Decode and judge a song; its `File` follows.
    Read {
        /// The song.
        job: Job,
        /// About how long it is, in seconds.
        seconds: f64,
        /// As of [`Self::Analyse`].
        #[serde(default = "alone")]
        alone: bool,
    },
    /// Judge what is heard live: the next of it, one `Float32Array` per channel, follows.
    Live {
        /// Sample rate of the channels in Hz.
        sample_rate: u32,
    },
    /// Stop that song.
    Cancel {
        /// The song.
        job: Job,
    },
}

/// Scripts that judge one song at a time need not say so.
const fn alone() -> bool {
    true
}

/// From the worker to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FromWorker {
    /// The handshake: the models are loaded, songs may come. What is sent earlier is lost.
    Ready {
        /// What is known of them.
        cards: Box<Cards>,
    },
    /// The models can't be used.
    Refused {
        /// Why not.
        error: ModelError,
    },
    /// Work goes on.
    Progress {
        /// The song.
        job: Job,
        /// What is being done.
        stage: Step,
        /// Share of the whole work that is done, in [0, 1].
        fraction: f32,
    },
    /// More of the mood along the song, following what was sent before.
    Segment {
        /// The song.
        job: Job,
        /// The new moments.
        moments: Vec<Moment>,
    },
    /// What the song is, which [`Self::Done`] will say again: its reasons are still looked for.
    Judged {
        /// The song.
        job: Job,
        /// What it is.
        judgement: Judgement,
        /// The mood along all of the song, in place of what was sent before.
        moments: Vec<Moment>,
    },
    /// The song is judged, and why; the spectrogram's pixels follow as a `Uint8Array`, and then the
    /// file's cover, where it has one.
    Done {
        /// The song.
        job: Job,
        /// The verdict.
        report: Box<Report>,
        /// What the file says of the song, where the worker has read it.
        tags: Tags,
        /// Shape of the pixels.
        picture: PictureSize,
        /// Where the time went.
        timing: Timing,
        /// Size of the WebAssembly memories of the worker and its helpers in bytes.
        wasm_bytes: u64,
    },
    /// The worker can't decode the file; if the browser can, the song may come again.
    Unread {
        /// The song.
        job: Job,
    },
    /// What was heard live of late is judged.
    Live {
        /// What it is, or why that can't be told.
        judgement: Result<Judgement, AnalysisError>,
        /// What the judgement took, in milliseconds of wall clock.
        took_ms: f64,
    },
    /// The song got no verdict; [`AnalysisError::Cancelled`] answers a cancel.
    Failed {
        /// The song; `None` where the worker died outside a song.
        job: Option<Job>,
        /// Why not.
        error: AnalysisError,
    },
}

impl FromWorker {
    /// What went wrong, in English.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        match self {
            Self::Refused { error } => Some(error.to_string()),
            Self::Failed { error, .. } => Some(error.to_string()),
            _ => None,
        }
    }
}

/// The cards of the loaded models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cards {
    /// Of the network.
    pub network: NetworkCard,
    /// Of the ensemble.
    pub ensemble: EnsembleCard,
    /// Of the regressor that estimates track features.
    pub features: FeaturesCard,
}

impl Cards {
    /// How the judges of that report were joined; `None` where its network is not loaded.
    #[must_use]
    pub fn rule_of(&self, report: &Report) -> Option<VerdictRule> {
        let loaded = self.network.stamp.sha256 == report.models.network;
        loaded.then_some(self.network.verdict)
    }

    /// Which models these are, as a report names them.
    #[must_use]
    pub fn ids(&self) -> ModelIds {
        ModelIds {
            network: self.network.stamp.sha256.clone(),
            ensemble: self.ensemble.stamp.sha256.clone(),
            features: self.features.stamp.sha256.clone(),
        }
    }
}

/// A part of the work in the worker, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Loudness, mono, resampling.
    Intake,
    /// Spectrogram.
    Spectrum,
    /// First judge.
    Network,
    /// Musical features, and second judge.
    Features,
    /// Why.
    Reasons,
}

impl From<Stage> for Step {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Spectrum => Self::Spectrum,
            Stage::Network => Self::Network,
            Stage::Features => Self::Features,
            Stage::Reasons => Self::Reasons,
        }
    }
}

/// Shape of a spectrogram picture: `columns * rows` bytes, column by column, each from
/// the lowest band, 0 (silent) to 255 (loud).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSize {
    /// Time steps.
    pub columns: usize,
    /// Bands.
    pub rows: usize,
}

/// Where the time of a song went, in milliseconds of wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Timing {
    /// Reading and decoding (in the page; a worker's is part of the intake).
    pub decode_ms: f64,
    /// Loudness, mono, resampling.
    pub intake_ms: f64,
    /// Spectrogram.
    pub spectrum_ms: f64,
    /// First judge.
    pub network_ms: f64,
    /// Musical features, and second judge.
    pub features_ms: f64,
    /// Why.
    pub reasons_ms: f64,
    /// All of it, from the start of decoding to the report, without waiting in the queue.
    pub total_ms: f64,
    /// The same to the verdict, whose reasons follow.
    #[serde(default)]
    pub judged_ms: f64,
    /// Further workers that ran the network.
    #[serde(default)]
    pub helpers: usize,
}

impl Timing {
    /// Adds time to a step.
    pub fn add(&mut self, step: Step, milliseconds: f64) {
        let part = match step {
            Step::Intake => &mut self.intake_ms,
            Step::Spectrum => &mut self.spectrum_ms,
            Step::Network => &mut self.network_ms,
            Step::Features => &mut self.features_ms,
            Step::Reasons => &mut self.reasons_ms,
        };
        *part += milliseconds;
        self.total_ms += milliseconds;
    }

    /// Puts the decoding, which the worker knows nothing of, in front.
    #[must_use]
    pub fn with_decoding(self, decode_ms: f64) -> Self {
        Self {
            decode_ms,
            total_ms: self.total_ms + decode_ms,
            judged_ms: self.judged_ms + decode_ms,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_survive_the_way_through_json() {
        let errors = [
            AnalysisError::Cancelled,
            AnalysisError::TooShort {
                seconds: 2.0,
                minimum: 3.0,
            },
            AnalysisError::from(ModelError::Size {
                name: "mood.onnx".into(),
                got: 1,
                expected: 2,
            }),
        ];
        for error in errors {
            let sent = FromWorker::Failed {
                job: Some(7),
                error,
            };
            let text = serde_json::to_string(&sent).unwrap();
            assert_eq!(serde_json::from_str::<FromWorker>(&text).unwrap(), sent);
        }
    }

    #[test]
    fn every_step_counts_towards_the_total() {
        let mut timing = Timing::default();
        let steps = [
            Step::Intake,
            Step::Spectrum,
            Step::Network,
            Step::Features,
            Step::Reasons,
        ];
        for step in steps {
            timing.add(step, 2.0);
        }
        timing.judged_ms = 8.0;
        let timing = timing.with_decoding(5.0);
        assert!((timing.total_ms - 15.0).abs() < 1e-9);
        assert!((timing.judged_ms - 13.0).abs() < 1e-9);
    }
}

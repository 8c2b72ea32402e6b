//! The result of one song, the same from the page, the command line and the tests.

pub mod csv;
pub mod listing;
pub mod rekordbox;

use serde::{Deserialize, Serialize};

use crate::error::AnalysisError;
use crate::explain::{Contribution, Decision, Evidence};
use crate::features::{Sound, TrackFeatures};
use crate::kind::Kind;
use crate::mood::{Affect, Binary, Mood, MoodProbabilities, ThreeClass};
use crate::tags::Tags;

pub use crate::judges::ModelIds;

/// Everything that is known of one song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Duration of the song in seconds, as it was decoded.
    pub duration_s: f64,
    /// Duration in seconds that the file's head says, where that is another, as of a file
    /// that breaks off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_s: Option<f64>,
    /// What it is; only music has a mood.
    #[serde(default)]
    pub kind: Kind,
    /// The likeliest mood of the whole song; read together with `kind` and `unsure`.
    pub mood: Mood,
    /// Whether `mood` is not to be relied on: the joint probabilities are too flat, as where
    /// the judges pull apart, or it is no music.
    pub unsure: bool,
    /// Probabilities of the whole song, both judges joined.
    pub moods: MoodProbabilities,
    /// The binary view of `moods`.
    pub binary: Binary,
    /// The 3-class view of `moods`.
    pub three_class: ThreeClass,
    /// Arousal and valence of the whole song, each in [-1, 1]: [`MoodProbabilities::affect`].
    #[serde(flatten)]
    pub affect: Affect,
    /// What each judge says alone.
    pub judges: JudgeVerdicts,
    /// 1 where network and ensemble give the same probabilities, 0 where they share nothing.
    pub agreement: f32,
    /// How unlike the songs that the ensemble was trained on it is, in [0, 1]; with it grows
    /// the say of the network, where the rule has it so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub novelty: Option<f32>,
    /// The 13 track features; `null` where not measured.
    pub features: TrackFeatures,
    /// What else was measured of the sound.
    pub sound: Sound,
    /// The mood along the song, one moment per [`crate::network::STEP_SECONDS`]; the mean of
    /// its logarithms over the moments that sound is that of `moods`.
    pub timeline: Vec<Moment>,
    /// Why, in plain sentences.
    pub reasons: Vec<String>,
    /// What each factor did to the ensemble's probability of `mood`, strongest first.
    pub contributions: Vec<Contribution>,
    /// Where the network's evidence for `mood` lies.
    pub evidence: Evidence,
    /// Which models spoke.
    pub models: ModelIds,
}

impl Report {
    /// The mood that can be relied on; `None` where the verdict is unsure, or it is no music.
    #[must_use]
    pub fn sure_mood(&self) -> Option<Mood> {
        (self.kind.is_music() && !self.unsure).then_some(self.mood)
    }

    /// What was decided, and by whom.
    #[must_use]
    pub fn decision(&self) -> Decision {
        let [_, (second, _)] = self.moods.top_two();
        Decision {
            kind: self.kind,
            mood: self.mood,
            second,
            unsure: self.unsure,
            by_features: self.judges.ensemble.moods.top().0,
            by_ear: self.judges.network.moods.top().0,
            novelty: self.novelty,
        }
    }
}

/// What each judge says alone of the whole song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeVerdicts {
    /// The network, from spectrograms.
    pub network: JudgeVerdict,
    /// The stacked ensemble, from musical features.
    pub ensemble: JudgeVerdict,
}

/// One judge's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeVerdict {
    /// Probabilities of the whole song.
    pub moods: MoodProbabilities,
}

/// The mood of one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Start of the moment in seconds from the start of the song.
    pub t_s: f64,
    /// What it is; only music has a mood.
    #[serde(default)]
    pub kind: Kind,
    /// Probabilities of this moment, both judges joined: the softmax of their mean logarithms
    /// over the moments that sound is the song's. All alike where it is silent.
    pub moods: MoodProbabilities,
    /// Where `moods` place the moment on the plane, each in [-1, 1].
    #[serde(flatten)]
    pub affect: Affect,
}

/// One song of a batch: a report or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Name of the file.
    pub file: String,
    /// What came out.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What the visitor hears, where she has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Mood>,
    /// What the file says of the song.
    #[serde(default, skip_serializing_if = "no_tags")]
    pub tags: Box<Tags>,
}

fn no_tags(tags: &Tags) -> bool {
    tags.is_empty()
}

/// A verdict or an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Outcome {
    /// The song was judged.
    Ok {
        /// The result.
        report: Box<Report>,
    },
    /// The song was not judged.
    Error {
        /// Why not.
        error: ErrorText,
    },
}

/// An error as it stands in the JSON result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorText {
    /// Stable name, as [`AnalysisError::kind`].
    pub kind: String,
    /// Words for a person.
    pub message: String,
}

impl From<&AnalysisError> for ErrorText {
    fn from(error: &AnalysisError) -> Self {
        Self {
            kind: error.kind().to_owned(),
            message: error.to_string(),
        }
    }
}

impl Entry {
    /// The entry of that file and result.
    #[must_use]
    pub fn new(file: impl Into<String>, result: Result<Report, AnalysisError>) -> Self {
        let outcome = match result {
            Ok(report) => Outcome::Ok {
                report: Box::new(report),
            },
            Err(error) => Outcome::Error {
                error: ErrorText::from(&error),
            },
        };
        Self {
            file: file.into(),
            outcome,
            said: None,
            tags: Box::default(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;

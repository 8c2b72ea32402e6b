//! The result of one song, the same from the page, the command line and the tests.

use serde::{Deserialize, Serialize};

use crate::error::AnalysisError;
use crate::explain::{Contribution, Evidence};
use crate::features::{Sound, TrackFeatures};
use crate::mood::{Affect, Binary, Mood, MoodProbabilities, ThreeClass};

/// Everything that is known of one song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Duration of the song in seconds.
    pub duration_s: f64,
    /// The likeliest mood of the whole song; read together with `unsure`.
    pub mood: Mood,
    /// Whether the joint probabilities are too flat, as where the judges pull apart, to
    /// be relied on.
    pub unsure: bool,
    /// Probabilities of the whole song, both judges joined.
    pub moods: MoodProbabilities,
    /// The binary view of `moods`.
    pub binary: Binary,
    /// The 3-class view of `moods`.
    pub three_class: ThreeClass,
    /// Arousal and valence of the whole song, each in [-1, 1].
    #[serde(flatten)]
    pub affect: Affect,
    /// What each judge says alone.
    pub judges: JudgeVerdicts,
    /// 1 where both judges give the same probabilities, 0 where they share nothing.
    pub agreement: f32,
    /// The 13 track features; `null` where not measured.
    pub features: TrackFeatures,
    /// What else was measured of the sound.
    pub sound: Sound,
    /// The mood along the song, one moment per [`crate::network::STEP_SECONDS`].
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

/// What each judge says alone of the whole song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeVerdicts {
    /// The conv + bidirectional LSTM network, from the spectrogram.
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
    /// Probabilities of this moment.
    pub moods: MoodProbabilities,
    /// Arousal and valence of this moment, each in [-1, 1].
    #[serde(flatten)]
    pub affect: Affect,
}

/// SHA-256 of the model files that gave the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModelIds {
    /// Of the network.
    pub network: String,
    /// Of the ensemble.
    pub ensemble: String,
    /// Of the regressor that estimates track features.
    #[serde(default)]
    pub features: String,
}

/// One song of a batch: a report or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Name of the file.
    pub file: String,
    /// What came out.
    #[serde(flatten)]
    pub outcome: Outcome,
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
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::explain::{Factor, Impression, Word};

    /// A calm song of 3:33 whose judges agree.
    pub fn report() -> Report {
        let moods = MoodProbabilities::from_weights([0.1, 0.7, 0.15, 0.05]);
        let affect = Affect {
            arousal: -0.4,
            valence: 0.2,
        };
        let verdict = || JudgeVerdict { moods };
        let impression = Impression {
            word: Word::Slow,
            figure: "72".to_owned(),
        };
        Report {
            duration_s: 213.4,
            mood: Mood::Calm,
            unsure: false,
            moods,
            binary: moods.binary(),
            three_class: moods.three_class(),
            affect,
            judges: JudgeVerdicts {
                network: verdict(),
                ensemble: verdict(),
            },
            agreement: 1.0,
            features: TrackFeatures::default(),
            sound: Sound::default(),
            timeline: [0.0, 1.0, 2.0]
                .map(|t_s| Moment { t_s, moods, affect })
                .to_vec(),
            reasons: vec!["Slow (72 BPM): that speaks for calm.".to_owned()],
            contributions: vec![Contribution {
                factor: Factor::Tempo,
                heard: "slow (72 BPM)".to_owned(),
                impression,
                shapley: 0.2,
                pull: 0.1,
            }],
            evidence: Evidence::default(),
            models: ModelIds::default(),
        }
    }

    /// The types of the JavaScript module.
    const TYPES: &str = include_str!("../static/undertone.d.ts");

    /// All names of members in a JSON value.
    fn names(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, value) in members {
                    found.push(name.clone());
                    names(value, found);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| names(item, found)),
            _ => {}
        }
    }

    #[test]
    fn the_types_of_the_module_name_all_that_a_report_holds() {
        let mut report = report();
        report.evidence.bands = vec![crate::explain::BandEvidence {
            low_hz: 0.0,
            high_hz: 200.0,
            drop: 0.1,
        }];
        let mut found = Vec::new();
        names(&serde_json::to_value(report).unwrap(), &mut found);
        assert!(found.len() > 50);
        for name in found
            .iter()
            .filter(|name| Mood::ALL.iter().all(|mood| mood.name() != name.as_str()))
        {
            let declared = [format!(" {name}: "), format!(" {name}?: ")];
            assert!(
                declared.iter().any(|d| TYPES.contains(d.as_str())),
                "{name}"
            );
        }
        for mood in Mood::ALL {
            assert!(TYPES.contains(&format!("\"{mood}\"")));
        }
    }

    #[test]
    fn a_report_survives_the_way_through_json() {
        let report = report();
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
        assert!(text.contains(r#""word":"slow","figure":"72""#), "{text}");
    }
}

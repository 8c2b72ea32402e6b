//! Model cards: the JSON file beside each model file.
//!
//! A card says what the model was trained on, under which licence, how well it did
//! and where it fails; and what a program must check before it runs the model: size,
//! SHA-256 and front end. Written only by the trainer.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::ModelError;
use crate::front_end;
use crate::mood::{Mood, MoodProbabilities};

/// What the labels of a data set or model mean. Worlds must not be mixed silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelSpace {
    /// Listeners' ratings of perceived emotion, as quadrants.
    #[default]
    PerceivedQuadrant,
    /// Names of playlists that a song was found in.
    PlaylistMood,
    /// Another model's scores of track features, in [0, 1].
    TeacherScores,
    /// Listeners' ratings of perceived arousal and valence, both in [-1, 1].
    PerceivedAffect,
    /// Clusters of mood words of their own, which are no quadrants.
    MoodCluster,
    /// What listeners felt themselves, not what they heard in the music.
    InducedFeeling,
    /// What a sound is ([`crate::Kind`]), which is no mood.
    SoundKind,
}

impl LabelSpace {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::PerceivedQuadrant,
        Self::PlaylistMood,
        Self::TeacherScores,
        Self::PerceivedAffect,
        Self::MoodCluster,
        Self::InducedFeeling,
        Self::SoundKind,
    ];

    /// The name, as in cards and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PerceivedQuadrant => "perceived-quadrant",
            Self::PlaylistMood => "playlist-mood",
            Self::TeacherScores => "teacher-scores",
            Self::PerceivedAffect => "perceived-affect",
            Self::MoodCluster => "mood-cluster",
            Self::InducedFeeling => "induced-feeling",
            Self::SoundKind => "sound-kind",
        }
    }

    /// The label space of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|space| space.name() == name)
    }

    /// Whether its labels are the four moods.
    #[must_use]
    pub const fn has_moods(self) -> bool {
        matches!(self, Self::PerceivedQuadrant | Self::PlaylistMood)
    }
}

/// The part of a card that a program checks before it trusts the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// File name, beside the card.
    pub file: String,
    /// SHA-256 of the file, in lower-case hexadecimal.
    pub sha256: String,
    /// Size of the file in bytes.
    pub bytes: u64,
}

impl FileStamp {
    /// The stamp of these bytes.
    #[must_use]
    pub fn of(file: &str, bytes: &[u8]) -> Self {
        Self {
            file: file.to_owned(),
            sha256: sha256_hex(bytes),
            bytes: bytes.len() as u64,
        }
    }

    /// Checks size, then hash.
    ///
    /// # Errors
    /// [`ModelError::Size`] or [`ModelError::Hash`], with the file's name.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), ModelError> {
        self.check(Self::of(&self.file, bytes))
    }

    /// The same of the stamp that the file has.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn check(&self, got: Self) -> Result<(), ModelError> {
        if got.bytes != self.bytes {
            return Err(ModelError::Size {
                name: self.file.clone(),
                got: got.bytes,
                expected: self.bytes,
            });
        }
        if got.sha256 != self.sha256 {
            return Err(ModelError::Hash {
                name: self.file.clone(),
                got: got.sha256,
                expected: self.sha256.clone(),
            });
        }
        Ok(())
    }
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The front end that a network was trained on; see [`crate::network::MelDb`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontEnd {
    /// Sample rate in Hz.
    pub sample_rate: u32,
    /// FFT length in samples.
    pub n_fft: usize,
    /// Hop in samples.
    pub hop_length: usize,
    /// Bands of HTK's mel scale.
    pub n_mels: usize,
    /// Seconds of one network window.
    pub window_s: f64,
    /// Seconds of one output step.
    pub step_s: f64,
    /// Loudness that the signal is brought to, in LUFS.
    pub target_lufs: f64,
}

impl FrontEnd {
    /// What this library computes.
    #[must_use]
    pub fn current() -> Self {
        Self {
            sample_rate: front_end::SAMPLE_RATE,
            n_fft: front_end::N_FFT,
            hop_length: front_end::NETWORK_HOP_LENGTH,
            n_mels: front_end::NETWORK_N_MELS,
            window_s: front_end::WINDOW_STEPS as f64 * front_end::STEP_SECONDS,
            step_s: front_end::STEP_SECONDS,
            target_lufs: front_end::TARGET_LUFS,
        }
    }

    /// Compares with [`FrontEnd::current`] and names the first difference.
    ///
    /// # Errors
    /// [`ModelError::FrontEnd`].
    pub fn check(&self, name: &str) -> Result<(), ModelError> {
        let fields = |of: &Self| {
            [
                ("sample_rate", f64::from(of.sample_rate)),
                ("n_fft", of.n_fft as f64),
                ("hop_length", of.hop_length as f64),
                ("n_mels", of.n_mels as f64),
                ("window_s", of.window_s),
                ("step_s", of.step_s),
                ("target_lufs", of.target_lufs),
            ]
        };
        let mut pairs = fields(self).into_iter().zip(fields(&Self::current()));
        match pairs.find(|(got, expected)| got.1.to_bits() != expected.1.to_bits()) {
            None => Ok(()),
            Some(((field, got), (_, expected))) => Err(ModelError::FrontEnd {
                name: name.to_owned(),
                field: field.to_owned(),
                got: got.to_string(),
                expected: expected.to_string(),
            }),
        }
    }
}

/// One corpus that a model was trained or measured on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataSource {
    /// Name of the corpus.
    pub name: String,
    /// Songs or clips in the training split.
    pub train: usize,
    /// Songs or clips in the validation split.
    pub validation: usize,
    /// Licence of the corpus.
    pub licence: String,
    /// What the labels are and where they come from.
    pub labels: String,
}

/// A measured result: macro-averaged F1 with a 95 % bootstrap interval over groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What was measured on (`"validation"`, `"validation/emopia"`).
    pub split: String,
    /// Number of songs or clips.
    pub n: usize,
    /// Number of groups that were drawn as one.
    pub groups: usize,
    /// Macro-averaged F1 over the four moods, in [0, 1].
    pub macro_f1: f64,
    /// 95 % interval of `macro_f1`.
    pub macro_f1_interval: [f64; 2],
    /// Share of right answers, in [0, 1].
    pub accuracy: f64,
    /// Rows: true mood, columns: answered mood, in the order of [`Mood::ALL`].
    pub confusion: [[usize; Mood::COUNT]; Mood::COUNT],
}

/// The parts that every card has; empty by default, as on a card that only serves to load a
/// file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct About {
    /// One line: what the model is.
    pub title: String,
    /// Licence of the weights.
    pub licence: String,
    /// What its labels mean.
    pub label_space: LabelSpace,
    /// What it was trained and validated on.
    pub data: Vec<DataSource>,
    /// How well it did.
    pub metrics: Vec<Metric>,
    /// Where it fails and what the numbers do not show.
    pub limits: Vec<String>,
    /// The command that made it, with the seed.
    pub made_by: String,
}

/// `mood.json`, the card of `mood.onnx`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkCard {
    /// What must match before the file is run.
    #[serde(flatten)]
    pub stamp: FileStamp,
    /// The front end that it was trained on.
    pub front_end: FrontEnd,
    /// Most windows of one song that it hears, spread over the song; without this number it
    /// hears every second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_windows: Option<u32>,
    /// Logits are divided by this before the softmax.
    pub temperature: f32,
    /// How it is joined with the ensemble.
    pub verdict: VerdictRule,
    /// Number of trained parameters.
    pub parameters: usize,
    /// What a reader should know.
    pub about: About,
}

impl NetworkCard {
    /// Most windows of one song that it hears; `usize::MAX` for all.
    #[must_use]
    pub fn most_windows(&self) -> usize {
        self.most_windows.map_or(usize::MAX, |most| most as usize)
    }
}

/// `ensemble.json`, the card of `ensemble.bin`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnsembleCard {
    /// What must match before the file is run.
    #[serde(flatten)]
    pub stamp: FileStamp,
    /// Names of the inputs, in order; see [`crate::features::Descriptors::NAMES`].
    pub inputs: Vec<String>,
    /// What a reader should know.
    pub about: About,
}

/// How the judges' probabilities become one verdict; fitted on validation groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VerdictRule {
    /// Share of the network in the blend with the ensemble, in [0, 1]; the rest is the
    /// ensemble's.
    pub network_weight: f32,
    /// What the blend's logarithms are divided by: the mean of two judges is more cautious
    /// than it is right, so it is mostly below 1.
    pub temperature: f32,
    /// Up to this top probability of the tempered blend the verdict is "unsure"; at least
    /// 0.5, so that arousal and valence of a sure verdict lie in its quadrant.
    pub unsure_below: f32,
    /// Up to this mean probability of music a song is none; see [`crate::kind::Kind::of`].
    pub music_at_least: f32,
    /// What changes on unfamiliar music; without it nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfamiliar: Option<Unfamiliar>,
}

/// How far the network's share and the temperature go on songs unlike those that the
/// ensemble was trained on: there it errs, and is no less sure of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Unfamiliar {
    /// Distance from the training songs ([`crate::judges::FeatureJudge::distance`]) at which
    /// share and temperature are half way.
    pub distance: f32,
    /// Share of the network far beyond that, in [0, 1].
    pub network_weight: f32,
    /// Temperature far beyond that.
    pub temperature: f32,
}

/// Slope of [`Unfamiliar::novelty`] over the logarithm of the distance.
const NOVELTY_SLOPE: i32 = 9;

impl Unfamiliar {
    /// How unfamiliar a song at that distance is, in [0, 1]: the log-logistic distribution
    /// around [`Self::distance`].
    #[must_use]
    pub fn novelty(&self, distance: f32) -> f32 {
        let ratio = self.distance / distance.max(f32::MIN_POSITIVE);
        (1.0 + ratio.powi(NOVELTY_SLOPE)).recip()
    }
}

impl VerdictRule {
    /// The verdict of both judges on a song at that distance from the training songs.
    #[must_use]
    pub fn join(
        &self,
        network: MoodProbabilities,
        ensemble: MoodProbabilities,
        distance: f32,
    ) -> MoodProbabilities {
        let (weight, temperature) = self.at(distance);
        network.blend(ensemble, weight).tempered(temperature)
    }

    /// Whether these joint probabilities are too flat to be relied on.
    #[must_use]
    pub fn is_unsure(&self, moods: MoodProbabilities) -> bool {
        moods.top().1 <= self.unsure_below
    }

    /// Share of the network and temperature at that distance.
    fn at(&self, distance: f32) -> (f32, f32) {
        let near = (self.network_weight, self.temperature);
        self.unfamiliar.map_or(near, |far| {
            let novelty = far.novelty(distance);
            let between = |near, far| near + novelty * (far - near);
            (
                between(near.0, far.network_weight),
                between(near.1, far.temperature),
            )
        })
    }

    /// Checks that every number lies in its range.
    ///
    /// # Errors
    /// What lies outside, and the range.
    pub fn check(&self) -> Result<(), String> {
        let share = |name, value| (name, value, 0.0, 1.0);
        let temperature = |name, value| (name, value, f32::MIN_POSITIVE, f32::MAX);
        let far = self.unfamiliar.map(|far| {
            [
                share("unfamiliar.network_weight", far.network_weight),
                temperature("unfamiliar.temperature", far.temperature),
                temperature("unfamiliar.distance", far.distance),
            ]
        });
        let near = [
            share("network_weight", self.network_weight),
            share("music_at_least", self.music_at_least),
            temperature("temperature", self.temperature),
            ("unsure_below", self.unsure_below, 0.5, 1.0),
        ];
        let mut all = near.into_iter().chain(far.into_iter().flatten());
        // Written so that what is not a number lies outside.
        let outside = all.find(|(_, value, least, most)| !(least..=most).contains(&value));
        outside.map_or(Ok(()), |(name, value, least, most)| {
            Err(format!(
                "verdict.{name} is {value}, not from {least} to {most}"
            ))
        })
    }
}

/// Reads a card.
///
/// # Errors
/// [`ModelError::Invalid`] with the card's name and what is wrong with it.
pub fn parse<'de, T: Deserialize<'de>>(name: &str, json: &'de [u8]) -> Result<T, ModelError> {
    serde_json::from_slice(json).map_err(|error| ModelError::Invalid {
        name: name.to_owned(),
        detail: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: VerdictRule = VerdictRule {
        network_weight: 0.2,
        temperature: 1.0,
        unsure_below: 0.5,
        music_at_least: 0.3,
        unfamiliar: Some(Unfamiliar {
            distance: 4.0,
            network_weight: 0.8,
            temperature: 1.0,
        }),
    };

    #[test]
    fn the_networks_say_grows_with_the_distance() {
        let says = |mood: Mood| {
            let mut weights = [0.0; Mood::COUNT];
            weights[mood.index()] = 1.0;
            MoodProbabilities::from_weights(weights)
        };
        let share = |distance| {
            let joined = RULE.join(says(Mood::Happy), says(Mood::Calm), distance);
            joined.get(Mood::Happy)
        };
        for (distance, expected) in [(0.0, 0.2), (4.0, 0.5), (40.0, 0.8), (f32::INFINITY, 0.8)] {
            assert!((share(distance) - expected).abs() < 1e-4, "{distance}");
        }
    }

    #[test]
    fn a_rule_that_could_contradict_the_plane_is_refused() {
        assert_eq!(RULE.check(), Ok(()));
        let daring = VerdictRule {
            unsure_below: 0.49,
            ..RULE
        };
        let error = daring.check().unwrap_err();
        assert!(error.contains("unsure_below is 0.49"), "{error}");
        let odd = VerdictRule {
            temperature: f32::NAN,
            ..RULE
        };
        assert!(odd.check().is_err());
    }

    #[test]
    fn a_sure_verdict_has_its_quadrant() {
        // All shares in steps of 1/40, and tempered.
        for [a, b, c] in (0..=40)
            .flat_map(|a| (0..=40 - a).flat_map(move |b| (0..=40 - a - b).map(move |c| [a, b, c])))
        {
            let weights = [a, b, c, 40 - a - b - c].map(|share| share as f32);
            for temperature in [0.4, 1.0, 1.7] {
                let moods = MoodProbabilities::from_weights(weights).tempered(temperature);
                if RULE.is_unsure(moods) {
                    continue;
                }
                let (affect, corner) = (moods.affect(), moods.top().0.affect());
                assert!(affect.arousal * corner.arousal > 0.0, "{moods:?}");
                assert!(affect.valence * corner.valence > 0.0, "{moods:?}");
            }
        }
    }
}

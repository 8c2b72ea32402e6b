//! What was measured of a song: names, values with units, and what they mean.

#[cfg(test)]
mod tests;

use super::{clock, number};
use crate::features::{KEY_NAMES, Sound, TrackFeatures};
use crate::regressor::FeaturesCard;
use crate::text::{Language, Text, features as say};

/// Beats a minute below which some tap twice as fast, and from which some tap half as fast:
/// the double and the half then lie where most people tap, around 120 (Moelants 2002,
/// "Preferred tempo reconsidered").
const SLOW_BPM: f64 = 90.0;
const QUICK_BPM: f64 = 140.0;

/// A measured thing: its name, its value and a line on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Stable name, for scripts and tests.
    pub id: &'static str,
    /// Name on the page.
    pub title: &'static str,
    /// Value with its unit.
    pub value: String,
    /// What the value means, where that must be said, or why there is none.
    pub note: String,
    /// Whether there is no value.
    pub missing: bool,
}

/// A feature from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Name as in [`TrackFeatures::NAMES`].
    pub id: &'static str,
    /// Name on the page.
    pub title: Text,
    /// What it tells.
    pub meaning: Text,
    /// The value, if it was measured.
    pub value: Option<f64>,
    /// Mean absolute error of the value, where it is known.
    pub error: Option<f64>,
}

impl Scale {
    /// `"0.62 ± 0.12"`, or that there is no value.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match (self.value, self.error) {
            (Some(value), Some(error)) => {
                format!("{}\u{a0}±\u{a0}{}", number(value, 2), number(error, 2))
            }
            (Some(value), None) => number(value, 2),
            (None, _) => say::NOT_MEASURED.of(language).to_owned(),
        }
    }

    /// Why there is no value, its model being the only thing that could tell it; empty
    /// where there is one.
    #[must_use]
    pub const fn excuse(&self, language: Language) -> &'static str {
        match self.value {
            Some(_) => "",
            None => say::NO_MODEL.of(language),
        }
    }

    /// Where the bar ends and where its error begins and ends, in [0, 1].
    #[must_use]
    pub fn marks(&self) -> Option<ScaleMarks> {
        let value = self.value?.clamp(0.0, 1.0);
        let error = self.error.map(|error| {
            let (low, high) = ((value - error).max(0.0), (value + error).min(1.0));
            [low, high.max(low)]
        });
        Some(ScaleMarks { value, error })
    }
}

/// A bar from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaleMarks {
    /// Where it ends.
    pub value: f64,
    /// Where its error begins and ends.
    pub error: Option<[f64; 2]>,
}

/// What a musician asks first: key, tempo, bars, loudness, duration.
#[must_use]
pub fn headlines(language: Language, features: &TrackFeatures, sound: &Sound) -> [Fact; 5] {
    let facts = Facts(language);
    let loudness_note = [
        ("range", &*number(sound.loudness_range_lu, 1)),
        ("peak", &number(sound.true_peak_dbtp, 1)),
    ];
    [
        facts.key(features, sound),
        facts.measured(
            "tempo",
            say::TEMPO,
            features.tempo.map(|bpm| facts.with(say::BPM, bpm, 0)),
            facts.tempo_note(features.tempo, sound.tempo_confidence),
            say::NO_BEAT,
        ),
        facts.measured(
            "time_signature",
            say::TIME_SIGNATURE,
            features
                .time_signature
                .map(|beats| facts.with(say::BEATS_A_BAR, beats, 0)),
            String::new(),
            say::NO_METRE,
        ),
        facts.measured(
            "loudness",
            say::LOUDNESS,
            features.loudness.map(|lufs| facts.with(say::LUFS, lufs, 1)),
            say::LOUDNESS_NOTE.fill(language, &loudness_note),
            say::TOO_QUIET,
        ),
        facts.measured(
            "duration_ms",
            say::DURATION,
            features.duration_ms.map(|ms| clock(ms / 1000.0)),
            say::DURATION_NOTE.of(language).to_owned(),
            say::NOTHING_SOUNDS,
        ),
    ]
}

/// The rest of what was measured of the sound.
#[must_use]
pub fn details(language: Language, sound: &Sound) -> [Fact; 6] {
    let facts = Facts(language);
    let beats = sound.beats_s.len();
    let centroid = facts.with(say::HERTZ, sound.spectral_centroid_hz, 0);
    let onsets = facts.with(say::A_SECOND, sound.onset_rate_hz, 1);
    let regularity = facts.with(say::OF_ONE, sound.pulse_clarity, 2);
    let dynamics = facts.with(say::DECIBEL, sound.dynamic_range_db, 0);
    [
        facts.fact(
            "brightness",
            say::BRIGHTNESS,
            centroid,
            say::BRIGHTNESS_NOTE,
        ),
        facts.fact("onsets", say::ONSETS, onsets, say::ONSETS_NOTE),
        facts.fact(
            "regularity",
            say::REGULARITY,
            regularity,
            say::REGULARITY_NOTE,
        ),
        facts.measured(
            "beats",
            say::BEATS,
            (beats > 0).then(|| beats.to_string()),
            say::BEATS_NOTE.of(language).to_owned(),
            say::NO_BEAT,
        ),
        facts.fact(
            "tuning",
            say::TUNING,
            cents(language, sound.tuning_cents),
            say::TUNING_NOTE,
        ),
        facts.fact("dynamics", say::DYNAMICS, dynamics, say::DYNAMICS_NOTE),
    ]
}

/// The features from 0 to 1, with the errors that the card of their estimates gives.
#[must_use]
pub fn scales(features: &TrackFeatures, card: Option<&FeaturesCard>) -> [Scale; 7] {
    [
        (
            "danceability",
            say::DANCEABILITY,
            say::DANCEABILITY_NOTE,
            features.danceability,
        ),
        ("energy", say::ENERGY, say::ENERGY_NOTE, features.energy),
        (
            "valence",
            say::POSITIVENESS,
            say::POSITIVENESS_NOTE,
            features.valence,
        ),
        (
            "acousticness",
            say::ACOUSTICNESS,
            say::ACOUSTICNESS_NOTE,
            features.acousticness,
        ),
        (
            "instrumentalness",
            say::INSTRUMENTALNESS,
            say::INSTRUMENTALNESS_NOTE,
            features.instrumentalness,
        ),
        (
            "speechiness",
            say::SPEECHINESS,
            say::SPEECHINESS_NOTE,
            features.speechiness,
        ),
        (
            "liveness",
            say::LIVENESS,
            say::LIVENESS_NOTE,
            features.liveness,
        ),
    ]
    .map(|(id, title, meaning, value)| Scale {
        id,
        title,
        meaning,
        value,
        error: value.and_then(|_| card?.error_of(id)),
    })
}

/// Makes facts in a language.
struct Facts(Language);

impl Facts {
    /// A figure with its unit.
    fn with(&self, unit: Text, value: f64, decimals: usize) -> String {
        unit.fill(self.0, &[("value", &number(value, decimals))])
    }

    /// A fact that is always known.
    fn fact(&self, id: &'static str, title: Text, value: String, note: Text) -> Fact {
        Fact {
            id,
            title: title.of(self.0),
            value,
            note: note.of(self.0).to_owned(),
            missing: false,
        }
    }

    /// A fact that may be missing, and then says why.
    fn measured(
        &self,
        id: &'static str,
        title: Text,
        value: Option<String>,
        note: String,
        excuse: Text,
    ) -> Fact {
        match value {
            Some(value) => Fact {
                note,
                ..self.fact(id, title, value, excuse)
            },
            None => Fact {
                missing: true,
                ..self.fact(id, title, say::NOT_MEASURED.of(self.0).to_owned(), excuse)
            },
        }
    }

    /// How sure the tempo is, and how else one may tap along: twice as fast to a slow beat,
    /// half as fast to a quick one.
    fn tempo_note(&self, bpm: Option<f64>, confidence: f64) -> String {
        let note = self.with(say::CONFIDENCE, confidence, 2);
        let (text, other) = match bpm {
            Some(bpm) if bpm < SLOW_BPM => (say::TEMPO_DOUBLE, 2.0 * bpm),
            Some(bpm) if bpm >= QUICK_BPM => (say::TEMPO_HALF, bpm / 2.0),
            _ => return note,
        };
        let values = [("note", &*note), ("bpm", &number(other, 0))];
        text.fill(self.0, &values)
    }

    /// The key by its name: `"A minor"`, or that its mode is open, as the reasons say.
    fn key(&self, features: &TrackFeatures, sound: &Sound) -> Fact {
        let tonic = features
            .key
            .filter(|key| *key >= 0.0)
            .and_then(|key| KEY_NAMES.get(key as usize));
        let Some(tonic) = tonic else {
            let value = say::NO_KEY.of(self.0).to_owned();
            return self.fact("key", say::KEY, value, say::NO_KEY_NOTE);
        };
        let named = |text: Text| text.fill(self.0, &[("tonic", tonic)]);
        let value = match features.mode {
            Some(mode) if mode >= 0.5 => named(say::KEY_MAJOR),
            Some(_) => named(say::KEY_MINOR),
            None => (*tonic).to_owned(),
        };
        let (value, note) = if sound.mode_open {
            let note = say::KEY_NEAREST.fill(self.0, &[("key", &value)]);
            (say::KEY_OPEN.of(self.0).to_owned(), note)
        } else {
            (value, self.with(say::CONFIDENCE, sound.key_confidence, 2))
        };
        Fact {
            note,
            ..self.fact("key", say::KEY, value, say::NO_KEY_NOTE)
        }
    }
}

/// A tuning with its sign: `"+12 cents"`.
fn cents(language: Language, cents: f64) -> String {
    let text = number(cents, 0);
    let sign = if text.starts_with('−') || text == "0" {
        ""
    } else {
        "+"
    };
    let unit = if matches!(text.as_str(), "1" | "−1") {
        say::ONE_CENT
    } else {
        say::CENTS
    };
    unit.fill(language, &[("value", &format!("{sign}{text}"))])
}

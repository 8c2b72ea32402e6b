//! What was measured of a song: names, values with units, and what they mean.

#[cfg(test)]
mod tests;

use super::{clock, number};
use crate::features::{KEY_NAMES, Sound, TrackFeatures};
use crate::regressor::FeaturesCard;

/// Stands where a value is not known.
pub const NOT_MEASURED: &str = "not measured";
/// Why an estimated feature is not known: its model is the only thing that could tell.
const NO_MODEL: &str = "this version has no model for it";

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
}

/// A feature from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Name as in [`TrackFeatures::NAMES`].
    pub id: &'static str,
    /// Name on the page.
    pub title: &'static str,
    /// What it tells.
    pub meaning: &'static str,
    /// The value, if it was measured.
    pub value: Option<f64>,
    /// Mean absolute error of the value, where it is known.
    pub error: Option<f64>,
}

impl Scale {
    /// `"0.62 ± 0.12"`, or that there is no value.
    #[must_use]
    pub fn text(&self) -> String {
        match (self.value, self.error) {
            (Some(value), Some(error)) => {
                format!("{}\u{a0}±\u{a0}{}", number(value, 2), number(error, 2))
            }
            (Some(value), None) => number(value, 2),
            (None, _) => NOT_MEASURED.to_owned(),
        }
    }

    /// Why there is no value; empty where there is one.
    #[must_use]
    pub const fn excuse(&self) -> &'static str {
        match self.value {
            Some(_) => "",
            None => NO_MODEL,
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
pub fn headlines(features: &TrackFeatures, sound: &Sound) -> [Fact; 5] {
    [
        key(features, sound),
        measured(
            "tempo",
            "Tempo",
            features.tempo.map(|bpm| format!("{} BPM", number(bpm, 0))),
            format!("confidence {}", number(sound.tempo_confidence, 2)),
            "no steady beat was found",
        ),
        measured(
            "time_signature",
            "Time signature",
            features
                .time_signature
                .map(|beats| format!("{} beats a bar", number(beats, 0))),
            String::new(),
            "needs beats that group clearly",
        ),
        measured(
            "loudness",
            "Loudness",
            features
                .loudness
                .map(|lufs| format!("{} LUFS", number(lufs, 1))),
            format!(
                "range {}\u{a0}LU, true peak {}\u{a0}dBTP",
                number(sound.loudness_range_lu, 1),
                number(sound.true_peak_dbtp, 1)
            ),
            "too quiet to be measured",
        ),
        measured(
            "duration_ms",
            "Duration",
            features.duration_ms.map(|ms| clock(ms / 1000.0)),
            "without the silence before and after".to_owned(),
            "nothing sounds",
        ),
    ]
}

/// The rest of what was measured of the sound.
#[must_use]
pub fn details(sound: &Sound) -> [Fact; 6] {
    let fact = |id, title, value, note: &str| Fact {
        id,
        title,
        value,
        note: note.to_owned(),
    };
    let beats = sound.beats_s.len();
    [
        fact(
            "brightness",
            "Brightness",
            format!("{} Hz", number(sound.spectral_centroid_hz, 0)),
            "centre of the spectrum",
        ),
        fact(
            "onsets",
            "Onsets",
            format!("{} a second", number(sound.onset_rate_hz, 1)),
            "notes and strokes that begin",
        ),
        fact(
            "regularity",
            "Rhythm regularity",
            format!("{} of 1", number(sound.pulse_clarity, 2)),
            "how much repeats at the beat",
        ),
        measured(
            "beats",
            "Beats",
            (beats > 0).then(|| beats.to_string()),
            "in the whole song".to_owned(),
            "no steady beat was found",
        ),
        fact(
            "tuning",
            "Tuning",
            cents(sound.tuning_cents),
            "against A4 = 440 Hz",
        ),
        fact(
            "dynamics",
            "Dynamics",
            format!("{} dB", number(sound.dynamic_range_db, 0)),
            "from quiet to loud passages",
        ),
    ]
}

/// The features from 0 to 1, with the errors that the card of their estimates gives.
#[must_use]
pub fn scales(features: &TrackFeatures, card: Option<&FeaturesCard>) -> [Scale; 7] {
    [
        (
            "danceability",
            "Danceability",
            "how well one could dance to it",
            features.danceability,
        ),
        ("energy", "Energy", "how intense it sounds", features.energy),
        (
            "valence",
            "Valence",
            "how positive it sounds",
            features.valence,
        ),
        (
            "acousticness",
            "Acousticness",
            "how likely played without electronics",
            features.acousticness,
        ),
        (
            "instrumentalness",
            "Instrumentalness",
            "how likely nobody sings",
            features.instrumentalness,
        ),
        (
            "speechiness",
            "Speechiness",
            "how much of it is spoken",
            features.speechiness,
        ),
        (
            "liveness",
            "Liveness",
            "how likely there is an audience",
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

/// A fact that may be missing, and then says why.
fn measured(
    id: &'static str,
    title: &'static str,
    value: Option<String>,
    note: String,
    excuse: &str,
) -> Fact {
    let (value, note) = match value {
        Some(value) => (value, note),
        None => (NOT_MEASURED.to_owned(), excuse.to_owned()),
    };
    Fact {
        id,
        title,
        value,
        note,
    }
}

/// The key by its name: `"A minor"`.
fn key(features: &TrackFeatures, sound: &Sound) -> Fact {
    let tonic = features
        .key
        .filter(|key| *key >= 0.0)
        .and_then(|key| KEY_NAMES.get(key as usize));
    let mode = features.mode.map(|mode| match mode {
        mode if mode >= 0.5 => " major",
        _ => " minor",
    });
    let (value, note) = match tonic {
        Some(tonic) => (
            format!("{tonic}{}", mode.unwrap_or_default()),
            format!("confidence {}", number(sound.key_confidence, 2)),
        ),
        None => (
            "no clear key".to_owned(),
            "no note stands out as its centre".to_owned(),
        ),
    };
    Fact {
        id: "key",
        title: "Key",
        value,
        note,
    }
}

/// A tuning with its sign: `"+12 cents"`.
fn cents(cents: f64) -> String {
    let text = number(cents, 0);
    let sign = if text.starts_with('−') || text == "0" {
        ""
    } else {
        "+"
    };
    let unit = if matches!(text.as_str(), "1" | "−1") {
        "cent"
    } else {
        "cents"
    };
    format!("{sign}{text} {unit}")
}

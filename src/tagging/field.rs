//! The tags that are written, and what a verdict says for them.

use serde::{Deserialize, Serialize};

use crate::features::TrackFeatures;
use crate::kind::Kind;
use crate::mood::{Mood, MoodProbabilities};
use crate::report::Report;

/// Begins our comments; others are never touched.
pub const OURS: &str = "Undertone: ";

/// Ground keys as `ID3v2` writes them (TKEY), major and minor, from C upwards.
const KEYS: [[&str; 2]; 12] = [
    ["C", "Cm"],
    ["Db", "C#m"],
    ["D", "Dm"],
    ["Eb", "Ebm"],
    ["E", "Em"],
    ["F", "Fm"],
    ["F#", "F#m"],
    ["G", "Gm"],
    ["Ab", "G#m"],
    ["A", "Am"],
    ["Bb", "Bbm"],
    ["B", "Bm"],
];

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// TMOO, MOOD, or the atom MOOD of iTunes; only of songs that are not unsure.
    Mood,
    /// TBPM, BPM or tmpo, in whole beats a minute.
    Bpm,
    /// TKEY, INITIALKEY, or that atom of iTunes.
    Key,
    /// How certain the mood is.
    Comment,
}

impl Field {
    /// Number of fields.
    pub const COUNT: usize = 4;
    /// All of them, in the order of arrays that are indexed by field.
    pub const ALL: [Self; Self::COUNT] = [Self::Mood, Self::Bpm, Self::Key, Self::Comment];
}

/// What is known of a song that tags may tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told<'a> {
    /// What it is; only music gets tags.
    pub kind: Kind,
    /// The mood of the verdict.
    pub mood: Mood,
    /// Whether that is in doubt.
    pub unsure: bool,
    /// Probabilities of the whole song.
    pub moods: MoodProbabilities,
    /// What was measured.
    pub features: &'a TrackFeatures,
    /// The mood that a listener hears, where she has said so; it counts before the verdict.
    pub said: Option<Mood>,
}

impl<'a> Told<'a> {
    /// What a report says, and what the listener said of it.
    #[must_use]
    pub const fn of(report: &'a Report, said: Option<Mood>) -> Self {
        Self {
            kind: report.kind,
            mood: report.mood,
            unsure: report.unsure,
            moods: report.moods,
            features: &report.features,
            said,
        }
    }

    /// What is written into that field; `None` where it was not measured, is not certain, or
    /// it is no music.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<String> {
        if !self.kind.is_music() {
            return None;
        }
        match field {
            Field::Mood => {
                let sure = (!self.unsure).then_some(self.mood);
                self.said.or(sure).map(|mood| mood.to_string())
            }
            Field::Bpm => self.features.tempo.map(|bpm| format!("{bpm:.0}")),
            Field::Key => key(self.features.key?, self.features.mode?),
            Field::Comment => Some(format!("{OURS}{}", self.certainty())),
        }
    }

    fn certainty(&self) -> String {
        if let Some(mood) = self.said {
            return format!("{mood} (by ear)");
        }
        let (mood, probability) = self.moods.top();
        let percent = probability * 100.0;
        let unsure = if self.unsure { "unsure, perhaps " } else { "" };
        format!("{unsure}{mood} ({percent:.0} %)")
    }
}

/// `key` from 0 for C, `mode` 1 for major.
fn key(key: f64, mode: f64) -> Option<String> {
    let known = key.fract() == 0.0 && (0.0..12.0).contains(&key);
    let names = known.then(|| KEYS[key as usize])?;
    Some(names[usize::from(mode < 0.5)].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features() -> TrackFeatures {
        TrackFeatures {
            tempo: Some(119.6),
            key: Some(2.0),
            mode: Some(0.0),
            ..TrackFeatures::default()
        }
    }

    fn told(features: &TrackFeatures) -> Told<'_> {
        Told {
            kind: Kind::Music,
            mood: Mood::Calm,
            unsure: false,
            moods: MoodProbabilities::from_weights([0.1, 0.57, 0.23, 0.1]),
            features,
            said: None,
        }
    }

    fn texts(told: Told<'_>) -> [Option<String>; Field::COUNT] {
        Field::ALL.map(|field| told.text(field))
    }

    #[test]
    fn a_verdict_becomes_four_tags() {
        let features = features();
        let expected = ["calm", "120", "Dm", "Undertone: calm (57 %)"];
        let expected = expected.map(|text| Some(text.to_owned()));
        assert_eq!(texts(told(&features)), expected);
        let unsure = Told {
            unsure: true,
            features: &TrackFeatures::default(),
            ..told(&features)
        };
        let comment = "Undertone: unsure, perhaps calm (57 %)".to_owned();
        assert_eq!(texts(unsure), [None, None, None, Some(comment)]);
    }

    #[test]
    fn what_a_listener_said_counts_first() {
        let features = features();
        let said = Told {
            unsure: true,
            said: Some(Mood::Sad),
            ..told(&features)
        };
        assert_eq!(said.text(Field::Mood).unwrap(), "sad");
        let comment = said.text(Field::Comment).unwrap();
        assert_eq!(comment, "Undertone: sad (by ear)");
        let speech = Told {
            kind: Kind::Speech,
            ..said
        };
        assert_eq!(texts(speech), [None, None, None, None]);
    }

    #[test]
    fn keys_are_those_of_id3() {
        assert_eq!(key(9.0, 0.0).unwrap(), "Am");
        assert_eq!(key(6.0, 1.0).unwrap(), "F#");
        for unknown in [-1.0, 12.0, 0.5] {
            assert_eq!(key(unknown, 1.0), None);
        }
    }
}

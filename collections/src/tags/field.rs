//! The tags that are written, and what a report says for them.

use lofty::tag::{ItemKey, Tag};
use serde::{Deserialize, Serialize};
use undertone::Report;

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
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Mood, Self::Bpm, Self::Key, Self::Comment];

    /// The names that formats know it by; the first that one knows is written.
    const fn keys(self) -> &'static [ItemKey] {
        match self {
            Self::Mood => &[ItemKey::Mood],
            Self::Bpm => &[ItemKey::IntegerBpm, ItemKey::Bpm],
            Self::Key => &[ItemKey::InitialKey],
            Self::Comment => &[ItemKey::Comment],
        }
    }

    /// What the file has.
    #[must_use]
    pub fn read(self, tag: &Tag) -> Option<String> {
        let mut texts = self.keys().iter().flat_map(|key| tag.get_strings(*key));
        texts.next().map(str::to_owned)
    }

    /// Puts a text in its place, or takes it away; whether the format knows the field.
    pub fn write(self, tag: &mut Tag, text: Option<&str>) -> bool {
        for key in self.keys() {
            tag.remove_key(*key);
        }
        let Some(text) = text else {
            return true;
        };
        let mut keys = self.keys().iter();
        keys.any(|key| tag.insert_text(*key, text.to_owned()))
    }

    /// What a report says; `None` where it was not measured, is not certain, or it is no music.
    #[must_use]
    pub fn of(self, report: &Report) -> Option<String> {
        if !report.kind.is_music() {
            return None;
        }
        match self {
            Self::Mood => report.sure_mood().map(|mood| mood.to_string()),
            Self::Bpm => report.features.tempo.map(|bpm| format!("{bpm:.0}")),
            Self::Key => key(report.features.key?, report.features.mode?),
            Self::Comment => {
                let (mood, probability) = report.moods.top();
                let percent = probability * 100.0;
                let unsure = if report.unsure {
                    "unsure, perhaps "
                } else {
                    ""
                };
                Some(format!("{OURS}{unsure}{mood} ({percent:.0} %)"))
            }
        }
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
    use lofty::tag::TagType;

    use super::*;
    use crate::results::record::tests::record;

    #[test]
    fn a_report_becomes_four_tags() {
        let mut report = record("a").report().unwrap().clone();
        report.unsure = false;
        report.features.tempo = Some(119.6);
        let of = |report: &Report| Field::ALL.map(|field| field.of(report));
        let expected = ["calm", "120", "Dm", "Undertone: calm (57 %)"];
        assert_eq!(of(&report), expected.map(|text| Some(text.to_owned())));
        report.unsure = true;
        report.features.tempo = None;
        report.features.mode = None;
        let comment = "Undertone: unsure, perhaps calm (57 %)".to_owned();
        assert_eq!(of(&report), [None, None, None, Some(comment)]);
    }

    #[test]
    fn keys_are_those_of_id3() {
        assert_eq!(key(9.0, 0.0).unwrap(), "Am");
        assert_eq!(key(6.0, 1.0).unwrap(), "F#");
        for unknown in [-1.0, 12.0, 0.5] {
            assert_eq!(key(unknown, 1.0), None);
        }
    }

    #[test]
    fn every_format_knows_every_field() {
        for kind in [TagType::Id3v2, TagType::VorbisComments, TagType::Mp4Ilst] {
            let mut tag = Tag::new(kind);
            for field in Field::ALL {
                assert_eq!(field.read(&tag), None);
                assert!(field.write(&mut tag, Some("100")), "{kind:?} {field:?}");
                assert_eq!(field.read(&tag).unwrap(), "100");
                assert!(field.write(&mut tag, None));
                assert_eq!(field.read(&tag), None);
            }
        }
    }
}

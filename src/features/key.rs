//! Musical keys as musicians, tags and DJs write them.

use super::TrackFeatures;

/// Note names by pitch class, as key tags write them (`ID3v2.4`, `TKEY`, but with flats).
const NOTES: [&str; 12] = [
    "C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B",
];

/// A major or minor key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Pitch class: 0 is C, 11 is B.
    tonic: u8,
    minor: bool,
}

impl Key {
    /// The key of measured values: a pitch class, and a mode of 1 for major and 0 for minor;
    /// `None` where either is not known.
    #[must_use]
    pub fn new(key: Option<f64>, mode: Option<f64>) -> Option<Self> {
        let (key, mode) = (key?, mode?);
        (0.0..12.0).contains(&key).then_some(Self {
            tonic: key as u8,
            minor: mode < 0.5,
        })
    }

    /// The key that was measured.
    #[must_use]
    pub fn of(features: &TrackFeatures) -> Option<Self> {
        Self::new(features.key, features.mode)
    }

    /// Reads `"Am"`, `"F# minor"`, `"Db"`, `"8A"` and the like; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::from_camelot(text).or_else(|| Self::from_name(text))
    }

    fn from_name(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        let letter = letters.next()?.to_ascii_uppercase();
        let natural = NOTES.iter().position(|note| *note == letter.to_string())?;
        let rest = letters.as_str();
        let (step, rest) = match rest.chars().next() {
            Some('#' | '♯') => (1, rest.strip_prefix(['#', '♯'])?),
            Some('b' | '♭') => (11, rest.strip_prefix(['b', '♭'])?),
            _ => (0, rest),
        };
        let minor = match rest.trim().to_lowercase().as_str() {
            "" | "maj" | "major" => false,
            "m" | "min" | "minor" => true,
            // A capital M alone is major.
            _ => return None,
        };
        let minor = minor && rest.trim() != "M";
        Some(Self {
            tonic: ((natural + step) % 12) as u8,
            minor,
        })
    }

    fn from_camelot(text: &str) -> Option<Self> {
        let (number, letter) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let minor = match letter {
            "A" | "a" => true,
            "B" | "b" => false,
            _ => return None,
        };
        let number: u8 = number.parse().ok()?;
        let keys = (0..12).map(|tonic| Self { tonic, minor });
        let mut fitting = keys.filter(|key| key.hour() == number);
        fitting.next()
    }

    /// Its short name: `"Am"`, `"Db"`.
    #[must_use]
    pub fn name(self) -> String {
        let minor = if self.minor { "m" } else { "" };
        format!("{}{minor}", NOTES[usize::from(self.tonic)])
    }

    /// Its place on the wheel that DJs mix by: `"8A"` is A minor, `"8B"` C major. Neighbours on
    /// the wheel share all notes but one.
    #[must_use]
    pub fn camelot(self) -> String {
        format!("{}{}", self.hour(), if self.minor { 'A' } else { 'B' })
    }

    /// Its order on the wheel: `"1A"` is 0, `"1B"` 1, `"12B"` 23.
    #[must_use]
    pub const fn place(self) -> u8 {
        2 * (self.hour() - 1) + if self.minor { 0 } else { 1 }
    }

    /// Its number on the wheel, from 1 to 12: a fifth up is one on.
    const fn hour(self) -> u8 {
        let major = if self.minor {
            self.tonic + 3
        } else {
            self.tonic
        };
        (7 * major + 7) % 12 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wheel_turns_by_fifths() {
        let camelot = |key, mode| Key::new(Some(key), Some(mode)).unwrap().camelot();
        let majors = [0.0, 7.0, 2.0, 9.0, 4.0, 11.0, 6.0, 1.0, 8.0, 3.0, 10.0, 5.0];
        let hours = majors.map(|key| camelot(key, 1.0));
        let expected = [
            "8B", "9B", "10B", "11B", "12B", "1B", "2B", "3B", "4B", "5B", "6B", "7B",
        ];
        assert_eq!(hours, expected);
        assert_eq!(camelot(9.0, 0.0), "8A");
        assert_eq!(camelot(8.0, 0.0), "1A");
        assert_eq!(Key::parse("1A").unwrap().place(), 0);
        assert_eq!(Key::parse("12B").unwrap().place(), 23);
    }

    #[test]
    fn every_key_is_read_as_it_is_written() {
        for tonic in 0..12 {
            for mode in [0.0, 1.0] {
                let key = Key::new(Some(f64::from(tonic)), Some(mode));
                let written = key.unwrap();
                assert_eq!(Key::parse(&written.name()), key);
                assert_eq!(Key::parse(&written.camelot()), key);
            }
        }
    }

    #[test]
    fn keys_of_tags_are_read() {
        let name = |text: &str| Key::parse(text).map(Key::name);
        for (text, expected) in [
            ("A minor", "Am"),
            ("F#m", "Gbm"),
            ("C♯ min", "Dbm"),
            ("Bb", "Bb"),
            ("Cb major", "B"),
            ("CM", "C"),
            (" 08A ", "Am"),
            ("b", "B"),
        ] {
            assert_eq!(name(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "H", "8C", "13A", "0B", "A lot", "Off", "歌"] {
            assert_eq!(name(text), None, "{text}");
        }
        assert_eq!(Key::new(Some(-1.0), Some(1.0)), None);
        assert_eq!(Key::new(Some(2.0), None), None);
    }
}

//! What a sound is: music, or something that has no mood.

use serde::{Deserialize, Serialize};

/// What a song, or a moment of it, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Music, sung or played.
    #[default]
    Music,
    /// People who talk.
    Speech,
    /// Noise: hiss, rain, traffic, a machine.
    Noise,
    /// A steady tone: hum, a test signal.
    Tone,
    /// Nothing that could be heard.
    Silence,
}

impl Kind {
    /// Number of kinds that a network tells apart.
    pub const HEARD_COUNT: usize = 4;
    /// What a network tells apart, in the order of its answers.
    pub const HEARD: [Self; Self::HEARD_COUNT] =
        [Self::Music, Self::Speech, Self::Noise, Self::Tone];

    /// The lower-case English name, as in files and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Music => "music",
            Self::Speech => "speech",
            Self::Noise => "noise",
            Self::Tone => "tone",
            Self::Silence => "silence",
        }
    }

    /// The kind of these probabilities, in the order of [`Kind::HEARD`]: music from
    /// `music_at_least` on, below it the likeliest of the rest.
    #[must_use]
    pub fn of(shares: [f32; Self::HEARD_COUNT], music_at_least: f32) -> Self {
        let kinds = Self::HEARD.into_iter().zip(shares);
        let rest = kinds.skip(1).max_by(|a, b| a.1.total_cmp(&b.1));
        match rest {
            Some((kind, _)) if shares[0] < music_at_least => kind,
            _ => Self::Music,
        }
    }

    /// Whether it is music, which has a mood.
    #[must_use]
    pub fn is_music(self) -> bool {
        self == Self::Music
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_likely_enough_music_is_the_likeliest_of_the_rest() {
        assert_eq!(Kind::of([0.4, 0.1, 0.5, 0.0], 0.3), Kind::Music);
        assert_eq!(Kind::of([0.2, 0.1, 0.5, 0.2], 0.3), Kind::Noise);
        assert_eq!(Kind::of([0.2, 0.7, 0.1, 0.0], 0.3), Kind::Speech);
        assert_eq!(Kind::of([0.0, 0.0, 0.1, 0.9], 0.3), Kind::Tone);
    }

    #[test]
    fn names_are_those_of_the_json() {
        for kind in Kind::HEARD.into_iter().chain([Kind::Silence]) {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{}\"", kind.name()));
        }
    }
}

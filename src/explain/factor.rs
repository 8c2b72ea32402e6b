//! What a listener would name as a reason.

use serde::{Deserialize, Serialize};

use super::shapley::Players;

/// A group of the ensemble's inputs that a listener hears as one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// How fast the beat goes.
    Tempo,
    /// Density, attack and regularity of the onsets.
    Rhythm,
    /// Major or minor, and how clearly.
    Mode,
    /// How many pitch classes sound, and how fast they change.
    Harmony,
    /// Colour of the sound: dark or bright, noisy or pure.
    Timbre,
    /// How the level moves along the song.
    Dynamics,
}

impl Factor {
    /// All factors, in the order in which listeners name them.
    pub const ALL: [Self; 6] = [
        Self::Tempo,
        Self::Rhythm,
        Self::Mode,
        Self::Harmony,
        Self::Timbre,
        Self::Dynamics,
    ];

    /// The lower-case English name, as in files and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tempo => "tempo",
            Self::Rhythm => "rhythm",
            Self::Mode => "mode",
            Self::Harmony => "harmony",
            Self::Timbre => "timbre",
            Self::Dynamics => "dynamics",
        }
    }

    /// The factor that an input of that name belongs to; `None` for a name that this
    /// version does not know. Knows every name of [`crate::features::Descriptors::NAMES`].
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        const STARTS: [(&str, Factor); 13] = [
            ("tempo_", Factor::Tempo),
            ("onset_", Factor::Rhythm),
            ("pulse_", Factor::Rhythm),
            ("danceability_", Factor::Rhythm),
            ("majorness", Factor::Mode),
            ("key_", Factor::Mode),
            ("chroma_", Factor::Harmony),
            ("mfcc_", Factor::Timbre),
            ("spectral_", Factor::Timbre),
            ("level_", Factor::Dynamics),
            ("dynamic_", Factor::Dynamics),
            ("quiet_", Factor::Dynamics),
            ("loudness_", Factor::Dynamics),
        ];
        let start = STARTS.iter().find(|(start, _)| name.starts_with(start));
        start.map(|(_, factor)| *factor)
    }

    /// Groups inputs into players: the factors that occur, in the order of
    /// [`Self::ALL`], and which of them each input belongs to. `None` where a name is
    /// not known or there are no names.
    #[must_use]
    pub fn players(names: &[&str]) -> Option<(Vec<Self>, Players)> {
        let of_input: Vec<Self> = names
            .iter()
            .map(|name| Self::of(name))
            .collect::<Option<_>>()?;
        let mut factors = of_input.clone();
        factors.sort_unstable();
        factors.dedup();
        let position = |factor: &Self| factors.binary_search(factor).ok();
        let of_input: Option<Vec<usize>> = of_input.iter().map(position).collect();
        let players = Players::new(of_input?)?;
        Some((factors, players))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Descriptors;

    #[test]
    fn every_input_belongs_to_a_factor() {
        for name in Descriptors::NAMES {
            assert!(Factor::of(name).is_some(), "{name} has no factor");
        }
        assert_eq!(Factor::of("shoe_size"), None);
        assert!(Factor::players(&["tempo_bpm", "shoe_size"]).is_none());
    }

    #[test]
    fn names_are_those_of_the_json() {
        for factor in Factor::ALL {
            let json = serde_json::to_string(&factor).unwrap();
            assert_eq!(json, format!("\"{}\"", factor.name()));
        }
    }

    #[test]
    fn inputs_are_grouped_as_listeners_hear_them() {
        let names = [
            "mfcc_1_mean",
            "tempo_bpm",
            "danceability_dfa",
            "tempo_confidence",
        ];
        let (factors, players) = Factor::players(&names).unwrap();
        assert_eq!(factors, [Factor::Tempo, Factor::Rhythm, Factor::Timbre]);
        assert_eq!(players.of_input(), [2, 0, 1, 0]);
        assert_eq!(Factor::of("loudness_range_lu"), Some(Factor::Dynamics));
    }
}

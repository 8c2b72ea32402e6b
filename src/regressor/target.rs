//! The track features that can be learnt.

use serde::{Deserialize, Serialize};

use crate::features::TrackFeatures;

/// A track feature of [0, 1] that is learnt from scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// Intensity.
    Energy,
    /// Whether it sounds acoustic.
    Acousticness,
    /// Whether there is no voice.
    Instrumentalness,
    /// Share of speech.
    Speechiness,
    /// Whether there is an audience.
    Liveness,
    /// Musical positiveness.
    Valence,
    /// How well one could dance to it.
    Danceability,
}

impl Target {
    /// All of them, in the order of cards and model files.
    pub const ALL: [Self; 7] = [
        Self::Energy,
        Self::Acousticness,
        Self::Instrumentalness,
        Self::Speechiness,
        Self::Liveness,
        Self::Valence,
        Self::Danceability,
    ];

    /// The name in [`TrackFeatures::NAMES`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Acousticness => "acousticness",
            Self::Instrumentalness => "instrumentalness",
            Self::Speechiness => "speechiness",
            Self::Liveness => "liveness",
            Self::Valence => "valence",
            Self::Danceability => "danceability",
        }
    }

    /// The target of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Its place among the track features.
    pub(super) const fn slot(self, features: &mut TrackFeatures) -> &mut Option<f64> {
        match self {
            Self::Energy => &mut features.energy,
            Self::Acousticness => &mut features.acousticness,
            Self::Instrumentalness => &mut features.instrumentalness,
            Self::Speechiness => &mut features.speechiness,
            Self::Liveness => &mut features.liveness,
            Self::Valence => &mut features.valence,
            Self::Danceability => &mut features.danceability,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_its_own_column() {
        for target in Target::ALL {
            assert_eq!(Target::from_name(target.name()), Some(target));
            let mut features = TrackFeatures::default();
            *target.slot(&mut features) = Some(1.0);
            let column = TrackFeatures::NAMES
                .iter()
                .position(|name| *name == target.name());
            let set = features.to_array().iter().position(Option::is_some);
            assert_eq!(set, column);
        }
        assert_eq!(Target::from_name("tempo"), None);
    }
}

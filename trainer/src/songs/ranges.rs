//! What a feature's number may be, and the 13 of them from an array.

use undertone::features::TrackFeatures;

/// The range of a feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Least value.
    pub least: f64,
    /// Greatest value.
    pub most: f64,
    /// Whether only whole numbers occur.
    pub whole: bool,
}

/// The range of each feature, in the order of [`TrackFeatures::NAMES`].
///
/// From Spotify's Web API reference, "Get Track's Audio Features", and wider where its
/// own data leave the documented range: loudness is "typically" -60 to 0 dB but real
/// rows reach 1.3; a time signature is documented as 3 to 7 but 0 and 1 occur. Tempo
/// and duration have no documented end: 300 BPM is beyond any music, and one second
/// to ten hours tells milliseconds from seconds.
pub const RANGES: [Range; 13] = [
    UNIT,
    UNIT,
    Range::whole(-1.0, 11.0),
    Range::new(-100.0, 10.0),
    Range::whole(0.0, 1.0),
    UNIT,
    UNIT,
    UNIT,
    UNIT,
    UNIT,
    Range::new(0.0, 300.0),
    Range::new(1_000.0, 36_000_000.0),
    Range::whole(0.0, 7.0),
];

/// Scores that Spotify gives from 0 to 1.
const UNIT: Range = Range::new(0.0, 1.0);

/// Spotify's key of a song in which none was found.
pub const NO_KEY: f64 = -1.0;

impl Range {
    const fn new(least: f64, most: f64) -> Self {
        Self {
            least,
            most,
            whole: false,
        }
    }

    const fn whole(least: f64, most: f64) -> Self {
        Self {
            least,
            most,
            whole: true,
        }
    }

    /// Whether a feature may have that value; never for NaN.
    pub fn holds(self, value: f64) -> bool {
        (self.least..=self.most).contains(&value) && !(self.whole && value.fract() != 0.0)
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = if self.whole { "whole numbers " } else { "" };
        write!(f, "{whole}{} to {}", self.least, self.most)
    }
}

/// The features of 13 values in the order of [`TrackFeatures::NAMES`]; the key that
/// says "none found" is missing.
pub fn features_of(values: [Option<f64>; 13]) -> TrackFeatures {
    let features = TrackFeatures::from_array(values);
    TrackFeatures {
        key: features.key.filter(|key| *key > NO_KEY),
        ..features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_places() {
        let values: [Option<f64>; 13] = std::array::from_fn(|place| Some(place as f64));
        assert_eq!(features_of(values).to_array(), values);
    }

    #[test]
    fn no_key_is_a_missing_key() {
        let mut values = [None; 13];
        values[2] = Some(NO_KEY);
        assert_eq!(features_of(values).key, None);
    }

    #[test]
    fn ranges_refuse_what_no_song_has() {
        let of = |name: &str| {
            let place = TrackFeatures::NAMES.iter().position(|n| *n == name);
            RANGES[place.unwrap()]
        };
        assert!(!of("danceability").holds(7.0));
        assert!(!of("key").holds(14.0));
        assert!(!of("mode").holds(0.5));
        assert!(!of("tempo").holds(f64::NAN));
        assert!(!of("duration_ms").holds(215.0));
        assert!(of("loudness").holds(1.342));
    }
}

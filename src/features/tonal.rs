//! Key and mode from the profile of pitches.

use super::statistics::{Moments, correlation};
use crate::spectrum::chroma::PITCH_CLASSES;

/// Names of the tonics, 0 = C.
pub const KEY_NAMES: [&str; PITCH_CLASSES] = [
    "C",
    "C♯/D♭",
    "D",
    "D♯/E♭",
    "E",
    "F",
    "F♯/G♭",
    "G",
    "G♯/A♭",
    "A",
    "A♯/B♭",
    "B",
];

/// Shares of the pitch classes in pieces of known key, tonic first: Albrecht & Shanahan
/// 2013, "The use of large corpora to train a new type of key-finding algorithm". Of the
/// seven published profiles that were tried (Krumhansl & Kessler, Temperley, Kostka &
/// Payne, Aarden & Essen, Bellman & Budge, Sha'ath and these), the best on half of the
/// pieces that `trainer/benches/make_pieces.py` makes.
const MAJOR: [f64; PITCH_CLASSES] = [
    0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081,
];
const MINOR: [f64; PITCH_CLASSES] = [
    0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052,
];
/// Below this correlation with the best profile there is no key.
const LEAST_CLARITY: f64 = 0.4;
/// Below this difference of the best major and minor key's correlations (a third of the
/// corpus) the mode is called open: on pieces of known key one mode in four was wrong
/// below, one in 27 above.
const CLEAR_MODE: f64 = 0.12;
/// Below this standard deviation, relative to the mean, all notes sound alike.
const LEAST_CONTRAST: f64 = 0.05;

/// The key that the chroma fits best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tonality {
    /// Tonic, 0 = C to 11 = B.
    pub key: usize,
    /// Whether the major profile fits better than the minor.
    pub major: bool,
    /// Correlation with the best profile, in [-1, 1].
    pub clarity: f64,
    /// Best major correlation less best minor correlation, in [-2, 2].
    pub majorness: f64,
}

impl Tonality {
    /// Correlates the square root of a song's chroma `[12]`, C first, with the 24
    /// rotated profiles; `None` where no key stands out.
    #[must_use]
    pub fn of(chroma: &[f64; PITCH_CLASSES]) -> Option<Self> {
        let chroma = chroma.map(f64::sqrt);
        let moments: Moments = chroma.into_iter().collect();
        if moments.std() <= LEAST_CONTRAST * moments.mean() {
            return None;
        }
        let best = |profile: &[f64; PITCH_CLASSES]| {
            (0..PITCH_CLASSES)
                .map(|key| {
                    let rotated =
                        std::array::from_fn(|i| profile[(i + PITCH_CLASSES - key) % PITCH_CLASSES]);
                    (key, correlation(&chroma, &rotated))
                })
                .max_by(|a, b| a.1.total_cmp(&b.1))
        };
        let ((major_key, major), (minor_key, minor)) = (best(&MAJOR)?, best(&MINOR)?);
        let is_major = major >= minor;
        let clarity = major.max(minor);
        (clarity >= LEAST_CLARITY).then_some(Self {
            key: if is_major { major_key } else { minor_key },
            major: is_major,
            clarity,
            majorness: major - minor,
        })
    }

    /// Whether a major and a minor key fit about equally well.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.majorness.abs() < CLEAR_MODE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_heard_in_their_key() {
        let scale = |tonic: usize, steps: [usize; 7]| {
            let mut chroma = [0.1; PITCH_CLASSES];
            for (i, step) in steps.into_iter().enumerate() {
                chroma[(tonic + step) % PITCH_CLASSES] =
                    if i % 2 == 0 && i < 5 { 2.0 } else { 1.0 };
            }
            chroma
        };
        for tonic in 0..PITCH_CLASSES {
            let major = Tonality::of(&scale(tonic, [0, 2, 4, 5, 7, 9, 11])).unwrap();
            assert_eq!((major.key, major.major), (tonic, true));
            let minor = Tonality::of(&scale(tonic, [0, 2, 3, 5, 7, 8, 10])).unwrap();
            assert_eq!((minor.key, minor.major), (tonic, false));
        }
        assert_eq!(Tonality::of(&[1.0; PITCH_CLASSES]), None);
    }
}

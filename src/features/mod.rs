//! What a musician would name: tempo, key, brightness, dynamics.
//!
//! [`Collector`] takes the frames of a song as they are computed and ends in
//! [`Descriptors`], the ensemble's inputs, and [`TrackFeatures`], the 13 numbers of
//! the Spotify table as far as they are measured.

mod collector;
mod descriptors;
mod key;
mod rhythm;
mod sound;
mod statistics;
mod summary;
mod timbre;
mod tonal;
mod track;

pub use collector::Collector;
pub use descriptors::Descriptors;
pub use key::Key;
pub use rhythm::{Rhythm, danceability};
pub use sound::Sound;
pub use tonal::KEY_NAMES;
pub use track::TrackFeatures;

/// All that was measured of a whole song.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The ensemble's inputs.
    pub descriptors: Descriptors,
    /// The 13 track features as far as formulas give them.
    pub features: TrackFeatures,
    /// What else was measured.
    pub sound: Sound,
}

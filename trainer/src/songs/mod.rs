//! The study's table of songs: labels, the 13 track features, and where the sound is.

pub mod song;

//! Axes and shapes of what is drawn along a song.

pub mod axis;
pub mod strip;

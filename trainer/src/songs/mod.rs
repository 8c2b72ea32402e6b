//! The study's table of songs: labels, the 13 track features, and where the sound is.

mod artist;
pub mod clean;
mod columns;
pub mod import;
mod labels;
pub mod overview;
mod ranges;
mod reading;
mod sheet;
pub mod song;
pub mod spotify;
pub mod table;
pub mod task;

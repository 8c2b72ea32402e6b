//! The one table of songs: labels, the 13 track features, and where the sound is; from
//! whatever people have, for the judges of the page and for the study.

mod arranged;
mod artist;
pub mod clean;
mod columns;
mod corpora;
mod dialect;
mod emopia;
mod folder;
mod groups;
pub mod import;
mod labels;
mod music;
mod numbers;
pub mod overview;
mod page;
mod ranges;
pub mod reading;
pub mod scale;
pub mod sheet;
pub mod song;
pub mod split;
pub mod spotify;
pub mod table;
pub mod task;

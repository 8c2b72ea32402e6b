//! Judges collections of songs, as the page would, and takes the verdicts into tags, playlists and
//! tables: the program `undertone`. The trainer has the same commands, and shares the ways to read
//! and write files.

#[macro_use]
pub mod console;

#[cfg(test)]
mod broken;
pub mod cli;
pub mod decode;
pub mod files;
pub mod models;
mod panics;
pub mod playlists;
pub mod predict;
pub mod results;
pub mod tags;
pub mod watch;

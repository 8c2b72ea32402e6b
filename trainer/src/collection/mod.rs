//! From results into people's tools: tags in the files, playlists, and a watch over a folder.

pub mod playlists;
pub mod tags;
pub mod watch;

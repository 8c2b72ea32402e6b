//! What is asked to be judged.

use std::path::PathBuf;

use serde_json::Value;

use crate::results::Record;

/// A song to judge.
#[derive(Debug)]
pub struct Song {
    /// As its record names it; the ending is a hint at the format.
    pub name: String,
    /// Where its sound is.
    pub sound: Sound,
}

/// Where a song's sound is.
#[derive(Debug)]
pub enum Sound {
    /// In a file.
    File(PathBuf),
    /// Here: the contents of a file.
    Bytes(Vec<u8>),
}

impl From<PathBuf> for Song {
    fn from(path: PathBuf) -> Self {
        Self {
            name: path.to_string_lossy().into_owned(),
            sound: Sound::File(path),
        }
    }
}

/// A song that somebody asks for.
#[derive(Debug)]
pub struct Asked {
    /// A name of the request, for its answer.
    pub id: Option<Value>,
    /// The song, or why there is none.
    pub song: Result<Song, Record>,
}

impl<S: Into<Song>> From<Result<S, Record>> for Asked {
    fn from(song: Result<S, Record>) -> Self {
        let song = song.map(S::into);
        Self { id: None, song }
    }
}

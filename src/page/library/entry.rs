//! A song of the library with what search and order need of it, made once.

use super::natural::natural_key;
use super::song::LibrarySong;

/// A song, and its texts as they are searched and sorted.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The song.
    pub song: LibrarySong,
    /// All its texts, in small letters.
    pub text: String,
    /// Keys that sort as people count: by title and file, by artist, by album, by folder.
    pub title: String,
    /// Artist, album and track; empty without an artist.
    pub artist: String,
    /// Album and track; empty without an album.
    pub album: String,
    /// Folder; empty for a file that came alone.
    pub folder: String,
}

impl Entry {
    /// Makes them.
    #[must_use]
    pub fn new(song: LibrarySong) -> Self {
        let (origin, tags) = (&song.kept.origin, &song.kept.tags);
        let texts = [
            &origin.name,
            &origin.path,
            &tags.title,
            &tags.artist,
            &tags.album,
        ];
        let track = format!("{:06}", tags.track.unwrap_or_default());
        let joined = |texts: &[&str]| {
            let keys: Vec<_> = texts.iter().map(|text| natural_key(text)).collect();
            keys.join("\u{1}")
        };
        let unless_empty = |text: &str, key: String| match text {
            "" => String::new(),
            _ => key,
        };
        Self {
            text: texts.map(String::as_str).join("\n").to_lowercase(),
            title: joined(&[song.kept.title(), &origin.name]),
            artist: unless_empty(&tags.artist, joined(&[&tags.artist, &tags.album, &track])),
            album: unless_empty(&tags.album, joined(&[&tags.album, &track])),
            folder: joined(&[song.folder()]),
            song,
        }
    }
}

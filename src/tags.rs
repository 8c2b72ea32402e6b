//! What a file says of its song: title, artist, album and the like.

use serde::{Deserialize, Serialize};

/// The tags of a file; what it does not say is empty or `None`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tags {
    /// Title of the song.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Who plays it; several with `", "` between them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub artist: String,
    /// Title of the album.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub album: String,
    /// Number on the album, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<u32>,
    /// Year of the recording, or else of the release, from 1 to 9999.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// Beats per minute, above 0 and below 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bpm: Option<f64>,
    /// Key, as it is written there: `"Am"`, `"8A"`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
}

impl Tags {
    /// Whether the file says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// `"Artist - Title"`, as playlists write it; `None` without a title.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        match (self.artist.as_str(), self.title.as_str()) {
            (_, "") => None,
            ("", title) => Some(title.to_owned()),
            (artist, title) => Some(format!("{artist} - {title}")),
        }
    }
}

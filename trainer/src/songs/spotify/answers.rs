//! The parts of Spotify's answers that are used (Web API reference, "Get Playlist
//! Items" and "Get Several Tracks' Audio Features").

use serde::{Deserialize, Deserializer, Serialize};
use undertone::features::TrackFeatures;

/// A page of a playlist.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// At most 50 entries.
    pub items: Vec<Entry>,
    /// Address of the next page; none on the last.
    pub next: Option<String>,
}

/// An entry of a playlist.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// Whether it is a file on somebody's machine.
    #[serde(default)]
    is_local: bool,
    /// The track, under its name since February 2026; none where it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    item: Option<Track>,
    /// The track under its name before, which some apps still get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    track: Option<Track>,
}

impl Entry {
    /// The track, where the entry is one that Spotify itself holds.
    pub fn into_track(self) -> Option<Track> {
        let track = self.item.or(self.track)?;
        let is_song = track.kind.as_deref().is_none_or(|kind| kind == "track");
        (!self.is_local && is_song && track.has_id()).then_some(track)
    }
}

/// A track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Base-62 id; none for local files.
    id: Option<String>,
    /// Title.
    name: Option<String>,
    /// `track` or `episode`.
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    artists: Vec<Artist>,
    /// Duration in milliseconds.
    pub duration_ms: Option<f64>,
    /// Address of an mp3 of 30 s, without a query: Spotify puts the client's id there.
    #[serde(default, deserialize_with = "without_query")]
    pub preview_url: Option<String>,
}

fn without_query<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    let mut address = Option::<String>::deserialize(input)?;
    if let Some(address) = &mut address {
        let end = address.find(['?', '#']).unwrap_or(address.len());
        address.truncate(end);
    }
    Ok(address)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Artist {
    name: Option<String>,
}

impl Track {
    /// The id; only letters and digits, so that it can name a file.
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or("")
    }

    fn has_id(&self) -> bool {
        !self.id().is_empty() && self.id().bytes().all(|byte| byte.is_ascii_alphanumeric())
    }

    /// The title; empty where unknown.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or("")
    }

    /// Names of the artists, the main one first.
    pub fn artists(&self) -> Vec<&str> {
        let names = self.artists.iter().filter_map(|a| a.name.as_deref());
        names.filter(|name| !name.is_empty()).collect()
    }
}

/// A batch of track features, in the order asked for.
#[derive(Debug, Deserialize)]
pub struct FeaturesAnswer {
    /// None for a track that Spotify has no features of.
    pub audio_features: Vec<Option<TrackFeatures>>,
}

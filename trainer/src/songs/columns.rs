//! Columns under the names that tables give them.

use undertone::features::TrackFeatures;

/// A column's own name and the others that it goes by, all in lower case with `_`
/// between words.
pub struct Column {
    /// Name in the table of songs.
    pub name: &'static str,
    /// Other names, the most telling first.
    aliases: &'static [&'static str],
}

/// The sound file.
pub const PATH: Column = Column::new("path", &["file", "filename", "file_path"]);
/// Spotify's id, a `spotify:track:` URI, or an address of open.spotify.com.
pub const ID: Column = Column::new("id", &["track_id", "spotify_id", "uri", "track_uri"]);
/// The mood. Which of these holds it is told by its words, not by its name.
pub const MOOD: Column = Column::new("mood", &["mood_string", "label", "class", "target"]);
/// Listeners' valence, under the name that is never Spotify's feature.
pub const LABEL_VALENCE: Column = Column::new("label_valence", &[]);
/// Listeners' arousal.
pub const AROUSAL: Column = Column::new("arousal", &["label_arousal"]);
/// A label that is no mood.
pub const LABEL: Column = Column::new("label", &["cluster", "feeling"]);
/// What a visitor of the page said.
pub const SAID: Column = Column::new("said", &[]);
/// Where the label comes from.
pub const LABEL_KIND: Column = Column::new("label_kind", &[]);
/// What the label means.
pub const LABEL_SPACE: Column = Column::new("label_space", &[]);
/// How much the label counts.
pub const WEIGHT: Column = Column::new("weight", &[]);
/// Where the song comes from.
pub const CORPUS: Column = Column::new("corpus", &[]);
/// Artist or artists.
pub const ARTIST: Column = Column::new("artist", &["artists", "artist_name", "artist_names"]);
/// Title.
pub const TITLE: Column = Column::new("title", &["track", "track_name", "name", "song_name"]);
/// Group of a split.
pub const GROUP: Column = Column::new("group", &[]);
/// Side of the split.
pub const SPLIT: Column = Column::new("split", &[]);
/// Number of the fold.
pub const FOLD: Column = Column::new("fold", &[]);
/// Licence of the sound or of the table.
pub const LICENCE: Column = Column::new("licence", &["license"]);
/// Address of the preview.
pub const PREVIEW_URL: Column = Column::new("preview_url", &["preview", "track_preview_url"]);
/// Positive or negative.
pub const BINARY: Column = Column::new("binary", &[]);

/// Spotify's feature of that name, which is one of the listeners' two numbers as well.
pub const VALENCE: &str = "valence";
/// Names of the features under which no label goes: what the page writes before all 13, and
/// the table of songs before `valence`.
const PREFIXED: [&str; TrackFeatures::NAMES.len()] = [
    "track_danceability",
    "track_energy",
    "track_key",
    "track_loudness",
    "track_mode",
    "track_speechiness",
    "track_acousticness",
    "track_instrumentalness",
    "track_liveness",
    "track_valence",
    "track_tempo",
    "track_duration_ms",
    "track_time_signature",
];

impl Column {
    const fn new(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases }
    }

    /// The column of a track feature, by its place in [`TrackFeatures::NAMES`].
    ///
    /// In the table of songs `valence` is the listeners', so Spotify's has a prefix there.
    pub fn feature(place: usize) -> Self {
        let (name, prefixed) = (TrackFeatures::NAMES[place], &PREFIXED[place..=place]);
        match name {
            VALENCE => Self::new(PREFIXED[place], &[]),
            "duration_ms" => Self::new(name, &["track_duration_ms", "duration", "length"]),
            _ => Self::new(name, prefixed),
        }
    }

    /// All names, the column's own first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_a_name_of_its_own() {
        for (name, prefixed) in TrackFeatures::NAMES.iter().zip(PREFIXED) {
            assert_eq!(prefixed, format!("track_{name}"));
        }
    }
}

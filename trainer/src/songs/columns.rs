//! Columns under the names that tables give them.

use undertone::features::TrackFeatures;

/// A column's own name and the others that it goes by, all in lower case with `_`
/// between words.
pub struct Column {
    /// Name in the study's table.
    pub name: &'static str,
    /// Other names, the most telling first.
    pub aliases: &'static [&'static str],
}

/// Spotify's id, a `spotify:track:` URI, or an address of open.spotify.com.
pub const ID: Column = Column::new("id", &["track_id", "spotify_id", "uri", "track_uri"]);
/// Artist or artists.
pub const ARTIST: Column = Column::new("artist", &["artists", "artist_name", "artist_names"]);
/// Title.
pub const TRACK: Column = Column::new("track", &["track_name", "title", "name", "song_name"]);
/// Address of the preview.
pub const PREVIEW_URL: Column = Column::new("preview_url", &["preview", "track_preview_url"]);
/// The sound file.
pub const PATH: Column = Column::new("path", &["file", "filename", "file_path"]);
/// Group of a split.
pub const GROUP: Column = Column::new("group", &[]);
/// Where the song comes from.
pub const CORPUS: Column = Column::new("corpus", &[]);
/// Licence of the sound or of the table.
pub const LICENCE: Column = Column::new("licence", &["license"]);
/// What the label means.
pub const LABEL_SPACE: Column = Column::new("label_space", &[]);
/// Positive or negative.
pub const BINARY: Column = Column::new("binary", &[]);
/// The label. Which of these holds it is told by its words, not by its name.
pub const MOOD: Column = Column::new("mood", &["mood_string", "label", "class", "target"]);

/// Names under which a track feature may go beside its own.
const FEATURE_ALIASES: [(&str, &[&str]); 1] = [("duration_ms", &["duration", "length"])];

impl Column {
    const fn new(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases }
    }

    /// The column of a track feature, by its place in [`TrackFeatures::NAMES`].
    pub fn feature(place: usize) -> Self {
        let name = TrackFeatures::NAMES[place];
        let aliases = FEATURE_ALIASES
            .iter()
            .find(|(feature, _)| *feature == name)
            .map_or::<&[&str], _>(&[], |(_, aliases)| aliases);
        Self { name, aliases }
    }

    /// All names, the column's own first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

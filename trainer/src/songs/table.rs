//! The study's table on disk: one CSV line a song.
//!
//! Columns: `id`, the 13 of [`TrackFeatures::NAMES`], `artist`, `track`, `preview_url`,
//! `binary` (positive or negative, derived from the mood), `mood`, `path`, `group`,
//! `corpus`, `licence`, `label_space`. An empty field is a missing value.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use undertone::features::TrackFeatures;

use super::columns::{
    ARTIST, BINARY, CORPUS, GROUP, ID, LABEL_SPACE, LICENCE, MOOD, PATH, PREVIEW_URL, TRACK,
};
use super::reading;
use super::song::Song;
use crate::console::Hint;
use crate::files;
use crate::songs::task::Task;

/// File name of the table in a folder.
pub const SONGS: &str = "songs.csv";

/// Reads the study's table; relative paths are taken from its folder.
///
/// # Errors
/// When the file is no such table, with the line and column of what is wrong.
pub fn read_songs(path: &Path) -> Result<Vec<Song>> {
    let reading = reading::read(path)?;
    if reading.unlabelled > 0 {
        return Err(anyhow!(
            "{}: {} songs have no mood",
            path.display(),
            reading.unlabelled
        ))
        .hint("`trainer import` leaves such songs out");
    }
    Ok(reading.songs)
}

/// Writes the study's table, whole or not at all; sounds below its folder are written
/// relative to it, so that the folder can be moved.
///
/// # Errors
/// When the file can't be written, or a path is no UTF-8.
pub fn write_songs<'a>(path: &Path, songs: impl IntoIterator<Item = &'a Song>) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let folder = std::path::absolute(folder.join("."))
        .with_context(|| format!("the folder of {} can't be found", path.display()))?;
    files::write_whole(path, |out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(header())?;
        for song in songs {
            writer.write_record(record(song, &folder)?)?;
        }
        Ok(writer.flush()?)
    })
}

/// Names of the columns, in their order.
fn header() -> impl Iterator<Item = &'static str> {
    let last = [
        ARTIST,
        TRACK,
        PREVIEW_URL,
        BINARY,
        MOOD,
        PATH,
        GROUP,
        CORPUS,
        LICENCE,
        LABEL_SPACE,
    ];
    std::iter::once(ID.name)
        .chain(TrackFeatures::NAMES)
        .chain(last.map(|column| column.name))
}

/// The fields of a song in the order of [`header`].
fn record(song: &Song, folder: &Path) -> Result<Vec<String>> {
    let features = song.features.to_array();
    let binary = Task::Binary.classes()[Task::Binary.class_of(song.mood)];
    let mut fields = vec![song.id.clone()];
    fields.extend(features.map(|value| value.map_or_else(String::new, |v| v.to_string())));
    fields.extend([
        song.artist.clone(),
        song.track.clone(),
        song.preview_url.clone().unwrap_or_default(),
        binary.to_owned(),
        song.mood.name().to_owned(),
        song.path
            .as_deref()
            .map_or_else(|| Ok(String::new()), |path| inside(path, folder))?,
        song.group.clone(),
        song.corpus.clone(),
        song.licence.clone(),
        reading::label_space_name(song.label_space).to_owned(),
    ]);
    Ok(fields)
}

/// The path from `folder` where it is below it, else as it stands.
fn inside(path: &Path, folder: &Path) -> Result<String> {
    let path =
        std::path::absolute(path).with_context(|| format!("{} can't be found", path.display()))?;
    let path = path.strip_prefix(folder).unwrap_or(&path);
    let Some(text) = path.to_str() else {
        bail!("the path {} is no UTF-8", path.display());
    };
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use undertone::Mood;
    use undertone::card::LabelSpace;

    fn song(path: Option<PathBuf>) -> Song {
        Song {
            id: "a".to_owned(),
            features: TrackFeatures {
                valence: Some(0.1 + 0.2),
                duration_ms: Some(215_000.0),
                ..TrackFeatures::default()
            },
            artist: "Ann, \"the\" One".to_owned(),
            track: String::new(),
            preview_url: None,
            path,
            mood: Mood::Calm,
            label_space: LabelSpace::PlaylistMood,
            corpus: "invented".to_owned(),
            licence: "CC0-1.0".to_owned(),
            group: "ann".to_owned(),
        }
    }

    #[test]
    fn songs_read_back_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/songs.csv");
        let songs = vec![
            song(None),
            song(Some(folder.path().join("sub/previews/a.mp3"))),
            song(Some(PathBuf::from("/elsewhere/b.mp3"))),
        ];
        write_songs(&path, &songs).unwrap();
        assert_eq!(read_songs(&path).unwrap(), songs);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(",negative,calm,previews/a.mp3,ann,invented,CC0-1.0,playlist-mood"));
    }

    #[test]
    fn a_song_without_a_mood_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, "path,mood\na.ogg,sad\nb.ogg,\n").unwrap();
        let error = read_songs(&path).unwrap_err();
        assert!(
            error.to_string().contains("1 songs have no mood"),
            "{error}"
        );
    }
}

//! The table of songs on disk: one CSV line a song, `songs.csv`.
//!
//! Columns: `path, id, mood, valence, arousal, label, said, label_kind, label_space, weight,
//! corpus, artist, title, group, split, fold, licence, preview_url` and the 13 track
//! features. An empty field is a missing value.
//!
//! `valence` and `arousal` are the listeners', in [-1, 1]. Spotify's feature of the same name,
//! in [0, 1], is `track_valence` here; in any table without a column `arousal`, it may be
//! called `valence`.

use std::collections::{BTreeMap, HashSet};
use std::fmt::{Display, Write as _};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use undertone::Mood;
use undertone::features::TrackFeatures;

use super::columns::{
    AROUSAL, ARTIST, CORPUS, Column, FOLD, GROUP, ID, LABEL, LABEL_KIND, LABEL_SPACE, LICENCE,
    MOOD, PATH, PREVIEW_URL, SAID, SPLIT, TITLE, VALENCE, WEIGHT,
};
use super::reading;
use super::song::{Song, Split};
use super::split;
use collections::console::Hint;
use collections::files;

/// File name of the table in a folder.
pub const SONGS: &str = "songs.csv";
/// File name of the table that earlier versions wrote.
const MANIFEST: &str = "corpus.csv";

/// Reads the table of songs; relative paths are taken from its folder. A table of another
/// program that is not split is split as `trainer import` does by default.
///
/// # Errors
/// When there is no such table, with the line and column of what is wrong.
pub fn read_songs(path: &Path) -> Result<Vec<Song>> {
    let manifest = path.with_file_name(MANIFEST);
    if !path.is_file() && manifest.is_file() {
        return Err(anyhow!("there is no table {}", path.display())).hint(format!(
            "{0} is of an earlier version: `trainer import --data {0} --out {1}` reads it",
            manifest.display(),
            path.display()
        ));
    }
    if !path.is_file() {
        return Err(anyhow!("there is no table {}", path.display()))
            .hint("make it with `trainer import --data`");
    }
    let mut songs = reading::read(path, &reading::Options::default())?.songs;
    split::assign(&mut songs, split::DEFAULT_SEED);
    Ok(songs)
}

/// Refuses a table in which two songs have one id, by which measurements are kept.
///
/// # Errors
/// When there are such songs.
pub fn refuse_twice(songs: &[Song]) -> Result<()> {
    let mut ids = HashSet::new();
    for song in songs {
        if !ids.insert(song.id.as_str()) {
            return Err(anyhow!("the id {} comes twice in the table", song.id))
                .hint("`trainer clean` takes duplicates out");
        }
    }
    Ok(())
}

/// The songs whose moods the judges and the study learn: those of one label space. Others
/// have no mood, and are left out.
///
/// # Errors
/// When the moods mean different things, or there are none.
pub fn with_moods(songs: &[Song]) -> Result<Vec<&Song>> {
    let moods: Vec<&Song> = songs.iter().filter(|song| song.mood.is_some()).collect();
    let Some(first) = moods.first() else {
        return Err(anyhow!("no song of the table has a mood"))
            .hint("moods are sad, calm, happy and energetic; arousal and valence alone are none");
    };
    let space = first.label_space;
    match moods.iter().find(|song| song.label_space != space) {
        None => Ok(moods),
        Some(other) => Err(anyhow!(
            "the moods of the table mean different things: {} is {}, {} is {}",
            first.id,
            space.name(),
            other.id,
            other.label_space.name()
        ))
        .hint("import them into tables of their own; one judge learns one of them"),
    }
}

/// The moods that no song has.
pub fn absent_moods(songs: &[&Song]) -> Vec<&'static str> {
    let absent = |mood: &Mood| songs.iter().all(|song| song.mood != Some(*mood));
    Mood::ALL
        .into_iter()
        .filter(absent)
        .map(Mood::name)
        .collect()
}

/// Writes the table, whole or not at all; sounds below its folder are written relative to it,
/// so that the folder can be moved.
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
        let mut record = Record::default();
        for song in songs {
            record.fill(song, &folder)?;
            writer.write_record(&record.fields)?;
        }
        Ok(writer.flush()?)
    })
}

/// A song as the table holds it: the fields that are not empty, by the names of their columns.
///
/// # Errors
/// When its path is no UTF-8.
pub fn fields(song: &Song) -> Result<BTreeMap<&'static str, String>> {
    let mut record = Record::default();
    record.fill(song, Path::new(""))?;
    let fields = header().zip(record.fields.iter().map(str::to_owned));
    Ok(fields.filter(|(_, text)| !text.is_empty()).collect())
}

/// Names of the columns, in their order.
fn header() -> impl Iterator<Item = &'static str> {
    let first = [PATH, ID, MOOD].map(|column| column.name);
    let rest = [
        AROUSAL,
        LABEL,
        SAID,
        LABEL_KIND,
        LABEL_SPACE,
        WEIGHT,
        CORPUS,
        ARTIST,
        TITLE,
        GROUP,
        SPLIT,
        FOLD,
        LICENCE,
        PREVIEW_URL,
    ];
    let features = (0..TrackFeatures::NAMES.len()).map(Column::feature);
    let first = first.into_iter().chain([VALENCE]);
    first.chain(rest.into_iter().chain(features).map(|column| column.name))
}

/// One line, written over and over.
#[derive(Default)]
struct Record {
    fields: csv::StringRecord,
    number: String,
}

impl Record {
    /// The fields of a song in the order of [`header`].
    fn fill(&mut self, song: &Song, folder: &Path) -> Result<()> {
        self.fields.clear();
        match song.path.as_deref() {
            Some(path) => self.push_path(path, folder)?,
            None => self.fields.push_field(""),
        }
        self.fields.push_field(&song.id);
        self.fields.push_field(song.mood.map_or("", Mood::name));
        self.push(song.affect.map(|affect| affect.valence));
        self.push(song.affect.map(|affect| affect.arousal));
        self.fields.push_field(&song.label);
        self.fields.push_field(song.said.map_or("", Mood::name));
        self.fields.push_field(&song.label_kind);
        self.fields.push_field(song.label_space.name());
        self.push(Some(song.weight));
        for name in [&*song.corpus, &song.artist, &song.title, &song.group] {
            self.fields.push_field(name);
        }
        self.fields.push_field(song.split.map_or("", Split::name));
        self.push(song.fold);
        self.fields.push_field(&song.licence);
        self.fields
            .push_field(song.preview_url.as_deref().unwrap_or_default());
        for value in song.features.to_array() {
            self.push(value);
        }
        Ok(())
    }

    fn push(&mut self, value: Option<impl Display>) {
        self.number.clear();
        if let Some(value) = value {
            // Writing to a String can't fail.
            let _ = write!(self.number, "{value}");
        }
        self.fields.push_field(&self.number);
    }

    /// The path from `folder` where it is below it, else as it stands.
    fn push_path(&mut self, path: &Path, folder: &Path) -> Result<()> {
        let path = std::path::absolute(path)
            .with_context(|| format!("{} can't be found", path.display()))?;
        let path = path.strip_prefix(folder).unwrap_or(&path);
        let Some(text) = path.to_str() else {
            bail!("the path {} is no UTF-8", path.display());
        };
        self.fields.push_field(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use undertone::Affect;
    use undertone::card::LabelSpace;

    fn song(path: Option<PathBuf>) -> Song {
        Song {
            id: "a".to_owned(),
            features: TrackFeatures {
                valence: Some(0.1 + 0.2),
                duration_ms: Some(215_000.0),
                ..TrackFeatures::default()
            },
            artist: "Ann, \"the\" One".into(),
            path,
            mood: Some(Mood::Calm),
            label_kind: "composer".into(),
            label_space: LabelSpace::PlaylistMood,
            weight: 0.5,
            corpus: "invented".into(),
            licence: "CC0-1.0".into(),
            group: "ann".into(),
            split: Some(Split::Train),
            fold: Some(3),
            ..Song::default()
        }
    }

    #[test]
    fn songs_read_back_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/songs.csv");
        let said = Song {
            said: Some(Mood::Calm),
            ..song(Some(folder.path().join("sub/previews/a.mp3")))
        };
        let rated = Song {
            mood: None,
            affect: Some(Affect {
                arousal: -0.475,
                valence: 0.1,
            }),
            label_space: LabelSpace::PerceivedAffect,
            ..song(Some(PathBuf::from("/elsewhere/b.mp3")))
        };
        let clustered = Song {
            mood: None,
            label: "c5".into(),
            corpus: "emotify".into(),
            affect: rated.affect,
            label_space: LabelSpace::MoodCluster,
            ..song(None)
        };
        let unlabelled = Song {
            mood: None,
            ..song(None)
        };
        let mut songs = vec![song(None), said, rated, clustered, unlabelled];
        songs[1].hear(Mood::Calm);
        write_songs(&path, &songs).unwrap();
        assert_eq!(read_songs(&path).unwrap(), songs);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("previews/a.mp3,a,calm,,,,calm,said,perceived-quadrant,1,"));
    }

    #[test]
    fn moods_of_two_meanings_are_not_pooled() {
        let other = Song {
            label_space: LabelSpace::PerceivedQuadrant,
            ..song(None)
        };
        let error = with_moods(&[song(None), other.clone()])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("a is playlist-mood, a is perceived-quadrant"),
            "{error}"
        );
        let unlabelled = Song {
            mood: None,
            ..other
        };
        let songs = [song(None), unlabelled];
        let moods = with_moods(&songs).unwrap();
        assert_eq!(moods.len(), 1);
        assert_eq!(absent_moods(&moods), ["sad", "happy", "energetic"]);
    }
}

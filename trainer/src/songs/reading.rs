//! From any table of songs to [`Song`]s: columns by name, numbers by range.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use undertone::Mood;
use undertone::card::LabelSpace;
use undertone::features::TrackFeatures;

use super::artist::group_of;
use super::columns::{
    ARTIST, BINARY, CORPUS, Column, GROUP, ID, LABEL_SPACE, LICENCE, PATH, PREVIEW_URL, TRACK,
};
use super::labels::{MOODS_HINT, mood, mood_place};
use super::ranges::{RANGES, Range, features_of};
use super::sheet::{Line, Sheet};
use super::song::Song;
use crate::console::Hint;
use crate::songs::task::Task;

/// Licence of a song whose table says nothing.
const UNKNOWN: &str = "unknown";

/// Words for a number that is not there, in lower case, as pandas, R and SQL write them.
const MISSING: [&str; 6] = ["", "nan", "na", "n/a", "null", "none"];

/// What a table holds.
#[derive(Debug)]
pub struct Reading {
    /// The labelled songs, in the table's order.
    pub songs: Vec<Song>,
    /// The line of each song in the file, from 1 (the header's).
    pub lines: Vec<u64>,
    /// Which of id, artist and track the table has no column for.
    pub unnamed: Vec<&'static str>,
    /// Features of which no song has a value, in the order of [`TrackFeatures::NAMES`].
    pub lacking: Vec<&'static str>,
    /// Lines without a mood, which are left out.
    pub unlabelled: usize,
}

/// Reads a table of songs.
///
/// # Errors
/// When the file is no such table, with file, line and column of what is wrong.
pub fn read(path: &Path) -> Result<Reading> {
    let sheet = Sheet::read(path)?;
    let places = Places::of(&sheet)?;
    let (labelled, unlabelled): (Vec<_>, Vec<_>) = sheet
        .lines()
        .partition(|line| !line.at(Some(places.mood)).is_empty());
    let lines = labelled.iter().map(Line::number).collect();
    let songs: Vec<Song> = labelled
        .into_iter()
        .map(|line| places.song(line))
        .collect::<Result<_>>()?;
    Ok(Reading {
        lacking: lacking(&songs),
        unnamed: [ID, ARTIST, TRACK]
            .iter()
            .filter(|column| sheet.place(column).is_none())
            .map(|column| column.name)
            .collect(),
        songs,
        lines,
        unlabelled: unlabelled.len(),
    })
}

/// Features of which no song has a value.
fn lacking(songs: &[Song]) -> Vec<&'static str> {
    let mut absent = [true; TrackFeatures::NAMES.len()];
    for song in songs {
        for (absent, value) in absent.iter_mut().zip(song.features.to_array()) {
            *absent &= value.is_none();
        }
    }
    let names = TrackFeatures::NAMES.into_iter().zip(absent);
    names
        .filter_map(|(name, absent)| absent.then_some(name))
        .collect()
}

/// Where the columns of one table stand.
struct Places {
    table: PathBuf,
    mood: usize,
    id: Option<usize>,
    artist: Option<usize>,
    track: Option<usize>,
    preview_url: Option<usize>,
    path: Option<usize>,
    group: Option<usize>,
    corpus: Option<usize>,
    licence: Option<usize>,
    label_space: Option<usize>,
    binary: Option<usize>,
    features: [Option<usize>; 13],
}

impl Places {
    fn of(sheet: &Sheet) -> Result<Self> {
        let places = Self {
            table: sheet.path().to_owned(),
            mood: mood_place(sheet)?,
            id: sheet.place(&ID),
            artist: sheet.place(&ARTIST),
            track: sheet.place(&TRACK),
            preview_url: sheet.place(&PREVIEW_URL),
            path: sheet.place(&PATH),
            group: sheet.place(&GROUP),
            corpus: sheet.place(&CORPUS),
            licence: sheet.place(&LICENCE),
            label_space: sheet.place(&LABEL_SPACE),
            binary: sheet.place(&BINARY),
            features: std::array::from_fn(|feature| sheet.place(&Column::feature(feature))),
        };
        if places.path.is_none() && places.features.iter().all(Option::is_none) {
            return Err(anyhow!(
                "{} has neither sound nor features; it has: {}",
                sheet.path().display(),
                sheet.names().join(", ")
            ))
            .hint(format!(
                "add a column path, or some of: {}",
                TrackFeatures::NAMES.join(", ")
            ));
        }
        Ok(places)
    }

    fn song(&self, line: Line<'_>) -> Result<Song> {
        let mood = mood(line, self.mood)?;
        self.check_binary(line, mood)?;
        let corpus = match line.at(self.corpus) {
            "" => self.table.file_stem().unwrap_or_default().to_string_lossy(),
            corpus => corpus.into(),
        };
        let artist = line.at(self.artist);
        let id = self.id(line, &corpus);
        Ok(Song {
            features: self.features(line)?,
            artist: artist.to_owned(),
            track: line.at(self.track).to_owned(),
            preview_url: filled(line.at(self.preview_url)).map(str::to_owned),
            path: filled(line.at(self.path)).map(|file| beside(&self.table, file)),
            mood,
            licence: filled(line.at(self.licence)).unwrap_or(UNKNOWN).to_owned(),
            label_space: self.label_space(line)?,
            group: filled(line.at(self.group)).map_or_else(|| group_of(artist, &id), str::to_owned),
            corpus: corpus.into_owned(),
            id,
        })
    }

    /// The id as Spotify gives it, else the file, else the line.
    fn id(&self, line: Line<'_>, corpus: &str) -> String {
        filled(line.at(self.id))
            .map(bare_id)
            .or_else(|| filled(line.at(self.path)))
            .map_or_else(|| format!("{corpus}/line {}", line.number()), str::to_owned)
    }

    fn features(&self, line: Line<'_>) -> Result<TrackFeatures> {
        let mut values = [None; 13];
        for (feature, value) in values.iter_mut().enumerate() {
            let name = TrackFeatures::NAMES[feature];
            *value = number(line, self.features[feature], name, RANGES[feature])?;
        }
        Ok(features_of(values))
    }

    /// As the table says; else a list of sounds was sorted by ear, and a table of
    /// features by playlists, as Spotify's are.
    fn label_space(&self, line: Line<'_>) -> Result<LabelSpace> {
        match line.at(self.label_space) {
            "" if self.path.is_some() => Ok(LabelSpace::PerceivedQuadrant),
            "" => Ok(LabelSpace::PlaylistMood),
            word => label_space(word)
                .ok_or_else(|| anyhow!("{}: unknown label_space {word:?}", line.place()))
                .hint("label spaces are perceived-quadrant and playlist-mood"),
        }
    }

    /// The binary label follows from the mood; one that says otherwise is a mistake.
    fn check_binary(&self, line: Line<'_>, mood: Mood) -> Result<()> {
        let word = line.at(self.binary).to_lowercase();
        let classes = Task::Binary.classes();
        let expected = classes[Task::Binary.class_of(mood)];
        if classes.contains(&word.as_str()) && word != expected {
            return Err(anyhow!(
                "{}: {mood} is {expected}, not {word}",
                line.place()
            ))
            .hint(MOODS_HINT);
        }
        Ok(())
    }
}

/// A number of a feature; `None` where it is missing.
fn number(line: Line<'_>, place: Option<usize>, name: &str, range: Range) -> Result<Option<f64>> {
    let word = line.at(place);
    if MISSING.contains(&word.to_ascii_lowercase().as_str()) {
        return Ok(None);
    }
    let column = place.map_or(0, |place| place + 1);
    let spot = || format!("{}, column {column} ({name})", line.place());
    let Ok(value) = word.parse::<f64>() else {
        return Err(anyhow!("{}: {word:?} is not a number", spot()))
            .hint("numbers are written as 0.5; a missing one is left empty");
    };
    if !range.holds(value) {
        return Err(anyhow!("{}: {value} is out of range", spot()))
            .hint(format!("{name} is in {range}, in Spotify's units"));
    }
    Ok(Some(value))
}

/// The label space of that name, as cards write it.
fn label_space(word: &str) -> Option<LabelSpace> {
    [LabelSpace::PerceivedQuadrant, LabelSpace::PlaylistMood]
        .into_iter()
        .find(|space| label_space_name(*space) == word)
}

/// The name of a label space, as cards write it.
#[must_use]
pub const fn label_space_name(space: LabelSpace) -> &'static str {
    match space {
        LabelSpace::PerceivedQuadrant => "perceived-quadrant",
        LabelSpace::PlaylistMood => "playlist-mood",
        LabelSpace::TeacherScores => "teacher-scores",
    }
}

/// `ID` of `spotify:track:ID` and of `https://open.spotify.com/track/ID?si=…`, where a
/// language may stand before `track`; any other word as it is.
fn bare_id(word: &str) -> &str {
    let of_address = || {
        let place = word.strip_prefix("https://open.spotify.com")?;
        let (_, id) = place.split_once("/track/")?;
        id.split('?').next()
    };
    word.strip_prefix("spotify:track:")
        .or_else(of_address)
        .unwrap_or(word)
}

fn filled(word: &str) -> Option<&str> {
    Some(word).filter(|word| !word.is_empty())
}

/// `file` as it stands if it is absolute, else from the folder of `table`.
fn beside(table: &Path, file: &str) -> PathBuf {
    let joined = table.parent().unwrap_or(Path::new(".")).join(file);
    std::path::absolute(&joined).unwrap_or(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_spotifys_ids_are_cut_out() {
        for word in [
            "spotify:track:a1",
            "https://open.spotify.com/track/a1?si=0",
            "https://open.spotify.com/intl-de/track/a1",
            "a1",
        ] {
            assert_eq!(bare_id(word), "a1");
        }
        for word in ["why?", "album/track/01", "https://x.org/track/1?a", "a:b"] {
            assert_eq!(bare_id(word), word);
        }
    }
}

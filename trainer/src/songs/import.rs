//! Labelled songs from wherever they lie, as the study's table.

use std::path::Path;

use anyhow::{Result, anyhow};
use undertone::Mood;
use undertone::card::LabelSpace;
use undertone::features::TrackFeatures;

use super::reading::{self, Reading};
use super::song::Song;
use super::table::{SONGS, write_songs};
use crate::console::{self, Hint};
use crate::corpus;

/// Missing sounds that are named one by one.
const SHOWN: usize = 10;

/// Reads `data` and writes it as the study's table.
///
/// # Errors
/// When `data` can't be read as labelled songs, or `out` can't be written.
pub fn run(data: &Path, out: &Path) -> Result<()> {
    let songs = read(data)?;
    write_songs(out, &songs)?;
    console::note(&format!("{}; wrote {}", census(&songs), out.display()));
    Ok(())
}

/// Reads labelled songs: a folder with one sub-folder a mood or with a `songs.csv`, a
/// list of sounds (`path,mood`), or a table of track features. What is missing is said
/// on stderr.
///
/// # Errors
/// When `data` is none of these, with file, line and column of what is wrong.
pub fn read(data: &Path) -> Result<Vec<Song>> {
    let crawled = data.join(SONGS);
    if crawled.is_file() {
        return from_table(&crawled);
    }
    if data.is_dir() {
        return from_folder(data);
    }
    if !data.exists() {
        return Err(anyhow!("there is nothing at {}", data.display()))
            .hint("name a folder with sub-folders sad, calm, happy and energetic, or a CSV table");
    }
    from_table(data)
}

fn from_folder(root: &Path) -> Result<Vec<Song>> {
    let songs: Vec<Song> = corpus::read_folder(root)?.into_iter().map(song).collect();
    say_without_features(root);
    Ok(songs)
}

/// A recording of a sorted folder; its album or its contents are its group.
fn song(labelled: corpus::Labelled) -> Song {
    let track = labelled.path.file_stem().unwrap_or_default();
    Song {
        track: track.to_string_lossy().into_owned(),
        id: labelled.id,
        features: TrackFeatures::default(),
        artist: String::new(),
        preview_url: None,
        path: Some(labelled.path),
        mood: labelled.label,
        label_space: LabelSpace::PerceivedQuadrant,
        corpus: labelled.corpus,
        licence: labelled.licence,
        group: labelled.group,
    }
}

fn from_table(path: &Path) -> Result<Vec<Song>> {
    let reading = reading::read(path)?;
    refuse_missing(&reading, path)?;
    say_lacking(&reading, path);
    if reading.unlabelled > 0 {
        console::note(&format!(
            "{} songs of {} have no mood and are left out",
            reading.unlabelled,
            name(path)
        ));
    }
    Ok(reading.songs)
}

/// Lists sounds that a table names but that are not there.
fn refuse_missing(reading: &Reading, table: &Path) -> Result<()> {
    let sounds: Vec<(u64, &Path)> = reading
        .lines
        .iter()
        .zip(&reading.songs)
        .filter_map(|(line, song)| Some((*line, song.path.as_deref()?)))
        .collect();
    let missing: Vec<String> = sounds
        .iter()
        .filter(|(_, path)| !path.is_file())
        .map(|(line, path)| format!("\n  line {line}: {}", path.display()))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let more = match missing.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    Err(anyhow!(
        "{}: {} of {} sounds are missing:{}{more}",
        table.display(),
        missing.len(),
        sounds.len(),
        missing[..missing.len().min(SHOWN)].concat(),
    ))
    .hint("a path is taken from the table's folder; correct it, or take out its line")
}

/// Says which columns are absent or empty. A duration alone makes no features.
fn say_lacking(reading: &Reading, path: &Path) {
    let given = TrackFeatures::NAMES.iter();
    let mut given = given.filter(|name| !reading.lacking.contains(name));
    let bare = given.all(|name| *name == "duration_ms");
    let mut lacking = reading.unnamed.clone();
    if bare {
        say_without_features(path);
    } else {
        lacking.extend(&reading.lacking);
    }
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        console::note(&format!("{} lacks: {lacking}", name(path)));
    }
}

fn say_without_features(path: &Path) {
    console::note(&format!(
        "{} gives no features; they are measured from the sound",
        name(path)
    ));
}

/// The last part of a path.
fn name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// `686 songs: sad 197, calm 195, happy 140, energetic 154`.
#[must_use]
pub fn census(songs: &[Song]) -> String {
    let count = |mood: Mood| songs.iter().filter(|song| song.mood == mood).count();
    let moods = Mood::ALL.map(|mood| format!("{mood} {}", count(mood)));
    format!("{} songs: {}", songs.len(), moods.join(", "))
}

//! From labelled music to what the systems look at.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use undertone::features::{Descriptors, TrackFeatures};

use super::features::FeatureTable;
use crate::measured::cache;
use crate::measured::vectors::{self, Recipe};
use crate::songs::clean::{self, Need, Step};
use crate::songs::overview::Overview;
use crate::songs::song::Song;
use collections::console::Hint;
use collections::files;

/// The study's songs with everything that was measured of them, by position.
#[derive(Debug)]
pub struct Gathered {
    /// The songs.
    pub songs: Vec<Song>,
    /// Features: those of the source, or descriptors of the sound.
    pub table: FeatureTable,
    /// Files of the spectrograms; none where the songs have no sound.
    pub spectrograms: Vec<PathBuf>,
    /// The songs in figures.
    pub overview: Overview,
}

/// Where things are found and kept.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of caches.
    pub work: PathBuf,
    /// Folder of this study's stages.
    pub folder: PathBuf,
    /// Instruments for MIDI files.
    pub soundfont: PathBuf,
    /// Whether spectrograms are wanted.
    pub spectrograms: bool,
}

/// Cleans songs, counts them, and measures what is not in the cache.
///
/// The stages stay in the folder: the tables of every step of the cleaning,
/// `overview.json`, and the spectrograms as `<mood>_vectors/<id>.npy`. A song that can't
/// be measured is said and left out, so that all systems see the same songs.
///
/// # Errors
/// Where no song is left, or the folder can't be written to.
pub fn gather(songs: Vec<Song>, options: &Options) -> Result<Gathered> {
    let audible = songs.iter().any(|song| song.path.is_some());
    let need = if audible { Need::Audio } else { Need::Features };
    let cleaned = clean::clean(songs, need, &options.work.join("fingerprints"))?;
    cleaned.write(&options.folder)?;
    note!("{}", cleaned.to_text());
    if audible {
        // Tables of features may lack much; a sound that can't be read is a surprise.
        for gap in cleaned
            .dropped()
            .filter(|dropped| dropped.step == Step::Gap)
        {
            note!("left out: {}: {}", gap.song.id, gap.reason);
        }
    }
    let kept = cleaned.into_kept();
    let mut gathered = if audible {
        from_sound(kept, options)?
    } else {
        Gathered {
            table: from_table(&kept),
            spectrograms: Vec::new(),
            overview: Overview::of(&kept),
            songs: kept,
        }
    };
    if gathered.songs.is_empty() {
        return Err(anyhow!("no song is left after cleaning"))
            .hint("dropped.csv and conflicts.csv say why each one was taken out");
    }
    gathered.overview = Overview::of(&gathered.songs);
    let json = options.folder.join("overview.json");
    files::write_json(&json, &gathered.overview)?;
    Ok(gathered)
}

/// The table of songs whose features the source gives.
pub fn from_table(songs: &[Song]) -> FeatureTable {
    let row = |song: &Song| {
        let values = song.features.to_array();
        values.map(|value| value.unwrap_or(f64::NAN)).to_vec()
    };
    table(
        &TrackFeatures::NAMES,
        songs,
        songs.iter().map(row).collect(),
    )
}

fn table(names: &[&str], songs: &[Song], x: Vec<Vec<f64>>) -> FeatureTable {
    FeatureTable {
        names: names.iter().map(|&name| name.to_owned()).collect(),
        x,
        y: songs.iter().filter_map(|song| song.mood).collect(),
        group: songs.iter().map(|song| song.group.to_string()).collect(),
    }
}

fn from_sound(songs: Vec<Song>, options: &Options) -> Result<Gathered> {
    let descriptors = descriptors(&songs, options)?;
    let spectrograms = spectrograms(&songs, options)?;
    let mut kept = Vec::new();
    let mut rows = Vec::new();
    let mut files = Vec::new();
    for (index, (song, row)) in songs.into_iter().zip(descriptors).enumerate() {
        let file = spectrograms.as_ref().map(|files| files[index].clone());
        // Without the one or the other, the song is none of the study's.
        let (Some(row), None | Some(Some(_))) = (row, &file) else {
            continue;
        };
        kept.push(song);
        rows.push(row);
        files.extend(file.flatten());
    }
    // Where the source gives features of nearly all songs, they are the study's own.
    let given = from_table(&kept);
    let known = given.x.iter().flatten().filter(|value| !value.is_nan());
    let measured = known.count() * 2 < kept.len() * TrackFeatures::NAMES.len();
    Ok(Gathered {
        table: if measured {
            table(&Descriptors::NAMES, &kept, rows)
        } else {
            given
        },
        spectrograms: files,
        overview: Overview::of(&kept),
        songs: kept,
    })
}

/// The descriptors of every song; `None` where it can't be measured.
fn descriptors(songs: &[Song], options: &Options) -> Result<Vec<Option<Vec<f64>>>> {
    let paths: Vec<&Path> = songs
        .iter()
        .map(|song| song.path.as_deref().unwrap_or(Path::new("")))
        .collect();
    let measuring = cache::Options {
        soundfont: options.soundfont.clone(),
        jobs: None,
    };
    let measured =
        cache::descriptors(&options.work, &paths, &measuring).context("measuring the songs")?;
    let row = |(song, row): (&Song, Result<Vec<f64>>)| match row {
        Ok(row) => Some(row),
        Err(error) => {
            note!("left out: {}: {error:#}", song.id);
            None
        }
    };
    Ok(songs.iter().zip(measured).map(row).collect())
}

/// The spectrogram's file of every song, `None` where it can't be made; `None` for all
/// where none is wanted.
fn spectrograms(songs: &[Song], options: &Options) -> Result<Option<Vec<Option<PathBuf>>>> {
    if !options.spectrograms {
        return Ok(None);
    }
    let (recipe, folder) = (Recipe::default(), &options.folder);
    let built = vectors::build(songs, &recipe, folder, &options.work, &options.soundfont)?;
    built.note();
    Ok(Some(built.paths))
}

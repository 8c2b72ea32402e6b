//! Makes the vectors of a table that are not there yet.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, anyhow, ensure};
use indicatif::ParallelProgressIterator;
use ndarray::Array2;
use rayon::prelude::*;
use undertone::Mood;

use super::made::{Entry, Made};
use super::name;
use super::recipe::Recipe;
use super::vector::vector;
use crate::measured::cache::Sounds;
use crate::npy;
use crate::songs::song::Song;
use crate::sound::hashes;
use collections::console::{self, Batch, Hint};

/// What came of it.
#[derive(Debug, Default, PartialEq)]
pub struct Built {
    /// The vector's file of every song in the order of the table; `None` where it failed.
    pub paths: Vec<Option<PathBuf>>,
    /// How many vectors were made now and before; the songs without one by id, and why.
    pub batch: Batch,
    /// Songs that were too short, and how many seconds of zeros follow them.
    pub padded: Vec<(String, f64)>,
    /// Vectors of the same recipe in the folder that are of no song of the table.
    pub others: usize,
}

/// A song's file and what its vector depends on.
struct Source {
    sha256: String,
    key: String,
}

/// Makes `folder/MOOD_vectors/ID.npy` (`[bins, frames]`, f32, C order) for every song,
/// but for those that are there of the same recipe and the same sound. Vectors of other
/// tables stay where they are of that recipe; those that are out of date are removed.
///
/// The folder `work` keeps rendered MIDI and content hashes; MIDI files are played by the
/// instruments of `soundfont`.
///
/// A song that can't be read is listed and does not stop the others. An interrupted run
/// leaves whole files, which the next one takes up.
///
/// # Errors
/// When the recipe is refused, two songs have one id, there is no synthesizer for MIDI
/// files, or a file can't be written.
pub fn build(
    songs: &[Song],
    recipe: &Recipe,
    folder: &Path,
    work: &Path,
    soundfont: &Path,
) -> Result<Built> {
    recipe.check()?;
    let names = names(songs)?;
    let paths = songs.iter().filter_map(|song| song.path.as_deref());
    let sounds = Sounds::open(work, paths, soundfont)?;
    let sources = identify(songs, recipe, &sounds)?;
    let keys = sources.iter().map(|source| {
        let source = source.as_ref().ok()?;
        Some(source.key.as_str())
    });
    let wanted = names.iter().map(String::as_str).zip(keys).collect();
    let made = Made::open(folder, *recipe, &wanted)?;
    let others = made.others(&wanted);
    let maker = Maker {
        recipe,
        sounds: &sounds,
        folder,
        made: Mutex::new(made),
    };
    let outcomes: Vec<Outcome> = songs
        .par_iter()
        .zip(names.par_iter().zip(&sources))
        .progress_with(console::progress(songs.len(), "vectors"))
        .map(|(song, (name, source))| maker.ensure(song, name, source))
        .collect::<Result<_>>()?;
    maker.lock().save()?;
    let mut built = Built {
        others,
        ..Built::default()
    };
    for ((song, name), outcome) in songs.iter().zip(&names).zip(&outcomes) {
        built.paths.push(outcome.is_ok().then(|| folder.join(name)));
        if let Ok((_, padded_s)) = outcome
            && *padded_s > 0.0
        {
            built.padded.push((song.id.clone(), *padded_s));
        }
    }
    let is_new = outcomes
        .into_iter()
        .map(|one| one.map(|(is_new, _)| is_new));
    built.batch = Batch::of(songs.iter().map(|song| &song.id).zip(is_new));
    Ok(built)
}

/// Reads a vector `[bins, frames]`.
///
/// # Errors
/// When the file is missing, damaged, or of another shape than the recipe's.
pub fn read(path: &Path, recipe: &Recipe) -> Result<Array2<f32>> {
    let values = npy::read(path)?;
    ensure!(
        values.shape() == recipe.shape(),
        "the vector {} has the shape {:?}, expected {:?}; delete it",
        path.display(),
        values.shape(),
        recipe.shape()
    );
    Ok(values)
}

/// Whether a song's vector was made now, and how many seconds of zeros are in it; or why
/// it has none.
type Outcome = Result<(bool, f64)>;

impl Built {
    /// Says on stderr which songs failed, how many were too short, and how many vectors of
    /// the folder are of other tables.
    pub fn note(&self) {
        for (id, reason) in &self.batch.failed {
            note!("no vector: {id}: {reason}");
        }
        if !self.padded.is_empty() {
            note!("too short, zeros follow: {}", self.padded.len());
        }
        if self.others > 0 {
            note!(
                "vectors in the folder that are not of this table: {}",
                self.others
            );
        }
    }
}

/// Paths of all vectors within the folder.
fn names(songs: &[Song]) -> Result<Vec<String>> {
    let mut seen = HashSet::new();
    let names = songs.iter().map(|song| {
        let name = name::file(song.mood, &song.id);
        if seen.insert(name.clone()) {
            return Ok(name);
        }
        let (id, mood) = (&song.id, song.mood.map_or("unlabelled", Mood::name));
        Err(anyhow!("the id {id} comes twice among the {mood} songs"))
            .hint("take the duplicates out with `trainer clean`")
    });
    names.collect()
}

/// Hashes every file, reading only those that are new.
fn identify(songs: &[Song], recipe: &Recipe, sounds: &Sounds) -> Result<Vec<Result<Source>>> {
    let hashes = hashes(
        sounds.folder(),
        songs.iter().map(|song| song.path.as_deref()),
    )?;
    let sources = hashes.into_iter().map(|hash| {
        let (path, sha256) = hash?;
        let key = recipe.key(&sha256, sounds.synth_of(path))?;
        Ok(Source { sha256, key })
    });
    Ok(sources.collect())
}

/// What making a vector takes besides the song.
struct Maker<'a> {
    recipe: &'a Recipe,
    sounds: &'a Sounds,
    folder: &'a Path,
    made: Mutex<Made>,
}

impl Maker<'_> {
    /// Makes one vector where it is not there. The outer error is one that would meet all
    /// songs.
    fn ensure(&self, song: &Song, name: &str, source: &Result<Source>) -> Result<Outcome> {
        let source = match source {
            Ok(source) => source,
            Err(error) => return Ok(Err(anyhow!("{error:#}"))),
        };
        if let Some(entry) = self.lock().get(name) {
            return Ok(Ok((false, entry.padded_s)));
        }
        let (values, padded_s) = match self.make(song, source) {
            Ok(made) => made,
            Err(error) => return Ok(Err(error)),
        };
        let path = self.folder.join(name);
        npy::write(&path, &values)?;
        let contents = path.metadata();
        let contents = contents.with_context(|| format!("{} can't be read", path.display()))?;
        let entry = Entry {
            key: source.key.clone(),
            bytes: contents.len(),
            padded_s,
        };
        self.lock().insert(name.to_owned(), entry)?;
        Ok(Ok((true, padded_s)))
    }

    /// A song's vector, and how many seconds of zeros are in it.
    fn make(&self, song: &Song, source: &Source) -> Result<(Array2<f32>, f64)> {
        let end_s = self.recipe.end_s();
        let path = sound_of(song)?;
        let pcm = self.sounds.decode(path, &source.sha256, Some(end_s))?;
        let values = vector(&pcm, self.recipe)?;
        Ok((values, (end_s - pcm.seconds()).max(0.0)))
    }

    /// The list, even where another thread has panicked with it: it is always whole.
    fn lock(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The song's file.
fn sound_of(song: &Song) -> Result<&Path> {
    song.path.as_deref().context("the table names no sound")
}

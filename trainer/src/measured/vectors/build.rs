//! Makes the vectors of a table that are not there yet.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use ndarray::Array2;
use ndarray_npy::{ReadNpyExt, WriteNpyExt};
use rayon::prelude::*;
use undertone::Mood;

use super::made::{Entry, Made};
use super::name;
use super::recipe::Recipe;
use super::vector::vector;
use crate::console::{self, Hint};
use crate::files;
use crate::measured::cache::Sounds;
use crate::songs::song::Song;
use crate::sound::Index;

/// Where sounds come from.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder whose cache keeps rendered MIDI and content hashes.
    pub work: PathBuf,
    /// Instruments for MIDI files.
    pub soundfont: PathBuf,
}

/// What came of it.
#[derive(Debug, Default, PartialEq)]
pub struct Built {
    /// The vector's file of every song in the order of the table; `None` where it failed.
    pub paths: Vec<Option<PathBuf>>,
    /// Vectors made now.
    pub made: usize,
    /// Vectors that were there.
    pub cached: usize,
    /// Songs that were too short, and how many seconds of zeros follow them.
    pub padded: Vec<(String, f64)>,
    /// Songs without a vector, and why.
    pub failed: Vec<(String, String)>,
    /// Vectors of the same recipe in the folder that are of no song of the table.
    pub others: usize,
}

/// A song's file and what its vector depends on.
struct Source {
    sha256: String,
    key: String,
}

/// The vector's file of every song in the order of the table, `None` where there is none;
/// what had to be padded or failed is said on stderr. Otherwise as [`build`].
///
/// # Errors
/// As [`build`].
pub fn cached_vectors(
    songs: &[Song],
    recipe: &Recipe,
    folder: &Path,
    options: &Options,
) -> Result<Vec<Option<PathBuf>>> {
    let built = build(songs, recipe, folder, options)?;
    built.note();
    Ok(built.paths)
}

/// Makes `folder/MOOD_vectors/ID.npy` (`[bins, frames]`, f32, C order) for every song,
/// but for those that are there of the same recipe and the same sound. Vectors of other
/// tables stay where they are of that recipe; those that are out of date are removed.
///
/// A song that can't be read is listed and does not stop the others. An interrupted run
/// leaves whole files, which the next one takes up.
///
/// # Errors
/// When the recipe is refused, two songs have one id, there is no synthesizer for MIDI
/// files, or a file can't be written.
pub fn build(songs: &[Song], recipe: &Recipe, folder: &Path, options: &Options) -> Result<Built> {
    recipe.check()?;
    let names = names(songs)?;
    let paths = songs.iter().filter_map(|song| song.path.as_deref());
    let sounds = Sounds::open(&options.work, paths, &options.soundfont)?;
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
    let bar = console::progress(songs.len(), "vectors");
    let outcomes: Vec<Outcome> = songs
        .par_iter()
        .zip(names.par_iter().zip(&sources))
        .map(|(song, (name, source))| {
            let outcome = maker.ensure(song, name, source);
            bar.inc(1);
            outcome
        })
        .collect::<Result<_>>()?;
    bar.finish_and_clear();
    maker.lock().save()?;
    Ok(Built {
        others,
        ..Built::of(songs, &names, folder, outcomes)
    })
}

/// Reads a vector `[bins, frames]`.
///
/// # Errors
/// When the file is missing, damaged, or of another shape than the recipe's.
pub fn read(path: &Path, recipe: &Recipe) -> Result<Array2<f32>> {
    let damaged = || format!("the vector {} can't be read; delete it", path.display());
    let file = File::open(path).with_context(damaged)?;
    let values = Array2::<f32>::read_npy(BufReader::new(file)).with_context(damaged)?;
    if values.shape() != recipe.shape() {
        bail!(
            "the vector {} has the shape {:?}, expected {:?}; delete it",
            path.display(),
            values.shape(),
            recipe.shape()
        );
    }
    Ok(values)
}

/// What happened to one song.
enum Outcome {
    Made(f64),
    Cached(f64),
    Failed(String),
}

impl Built {
    fn of(songs: &[Song], names: &[String], folder: &Path, outcomes: Vec<Outcome>) -> Self {
        let mut built = Self::default();
        for ((song, name), outcome) in songs.iter().zip(names).zip(outcomes) {
            let padded_s = match outcome {
                Outcome::Made(padded_s) => {
                    built.made += 1;
                    padded_s
                }
                Outcome::Cached(padded_s) => {
                    built.cached += 1;
                    padded_s
                }
                Outcome::Failed(reason) => {
                    built.failed.push((song.id.clone(), reason));
                    built.paths.push(None);
                    continue;
                }
            };
            if padded_s > 0.0 {
                built.padded.push((song.id.clone(), padded_s));
            }
            built.paths.push(Some(folder.join(name)));
        }
        built
    }

    /// Says on stderr which songs failed, how many were too short, and how many vectors of
    /// the folder are of other tables.
    pub fn note(&self) {
        for (id, reason) in &self.failed {
            console::note(&format!("no vector: {id}: {reason}"));
        }
        if !self.padded.is_empty() {
            console::note(&format!("too short, zeros follow: {}", self.padded.len()));
        }
        if self.others > 0 {
            console::note(&format!(
                "vectors in the folder that are not of this table: {}",
                self.others
            ));
        }
    }
}

/// Paths of all vectors within the folder.
fn names(songs: &[Song]) -> Result<Vec<String>> {
    let names: Vec<_> = songs
        .iter()
        .map(|song| name::file(song.mood, &song.id))
        .collect();
    let mut seen = HashSet::new();
    let twice = songs
        .iter()
        .zip(&names)
        .find(|(_, name)| !seen.insert(*name));
    if let Some((song, _)) = twice {
        return Err(anyhow!(
            "the id {} comes twice among the {} songs",
            song.id,
            song.mood.map_or("unlabelled", Mood::name)
        ))
        .hint("take the duplicates out with `trainer clean`");
    }
    Ok(names)
}

/// Hashes every file, reading only those that are new.
fn identify(songs: &[Song], recipe: &Recipe, sounds: &Sounds) -> Result<Vec<Result<Source>>> {
    let mut index = Index::open(sounds.folder());
    let sources = songs
        .iter()
        .map(|song| {
            let path = sound_of(song)?;
            let sha256 = index.sha256(path)?;
            let key = recipe.key(&sha256, sounds.synth_of(path))?;
            Ok(Source { sha256, key })
        })
        .collect();
    index.save(sounds.folder())?;
    Ok(sources)
}

/// What making a vector takes besides the song.
struct Maker<'a> {
    recipe: &'a Recipe,
    sounds: &'a Sounds,
    folder: &'a Path,
    made: Mutex<Made>,
}

impl Maker<'_> {
    /// Makes one vector where it is not there. An error is one that would meet all songs.
    fn ensure(&self, song: &Song, name: &str, source: &Result<Source>) -> Result<Outcome> {
        let source = match source {
            Ok(source) => source,
            Err(error) => return Ok(Outcome::Failed(format!("{error:#}"))),
        };
        if let Some(entry) = self.lock().get(name) {
            return Ok(Outcome::Cached(entry.padded_s));
        }
        let (values, padded_s) = match self.make(song, source) {
            Ok(made) => made,
            Err(error) => return Ok(Outcome::Failed(format!("{error:#}"))),
        };
        let entry = Entry {
            key: source.key.clone(),
            bytes: write(&self.folder.join(name), &values)?,
            padded_s,
        };
        self.lock().insert(name.to_owned(), entry)?;
        Ok(Outcome::Made(padded_s))
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
    song.path
        .as_deref()
        .ok_or_else(|| anyhow!("the table names no sound"))
}

/// Writes a vector, whole or not at all, and returns the file's size.
fn write(path: &Path, values: &Array2<f32>) -> Result<u64> {
    files::write_whole(path, |out| Ok(values.write_npy(out)?))?;
    let contents = path.metadata();
    Ok(contents
        .with_context(|| format!("{} can't be read", path.display()))?
        .len())
}

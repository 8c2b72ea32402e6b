//! `trainer features`: measures what is not yet in the cache.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;
use undertone::features::Descriptors;
use undertone::{Measurement, Signal};

use super::key::{Keys, Recipe};
use super::sounds::Sounds;
use super::store::{Input, Measured, Store};
use crate::console::{self, Hint};
use crate::songs::song::Song;
use crate::songs::table::refuse_twice;
use crate::sound::Index;

/// How to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// Instruments for MIDI files.
    pub soundfont: PathBuf,
    /// Threads; `None` for one a core.
    pub jobs: Option<usize>,
}

impl Options {
    /// The threads.
    ///
    /// # Errors
    /// When they can't be started.
    pub fn pool(&self) -> Result<rayon::ThreadPool> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs.unwrap_or(0))
            .build()
            .context("the threads can't be started")
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Summary {
    /// Recordings measured now.
    pub measured: usize,
    /// Recordings that were in the cache.
    pub cached: usize,
    /// Recordings that could not be measured, and why.
    pub failed: Vec<(PathBuf, String)>,
}

/// What happened to one recording.
enum Done {
    Measured,
    Cached,
}

/// A recording as it lies on the disk.
#[derive(Debug)]
pub struct Found {
    /// The file.
    pub path: PathBuf,
    /// What it is; an error where it can't be read.
    pub input: Result<Input>,
}

impl Found {
    /// What it is.
    ///
    /// # Errors
    /// Where it could not be read.
    pub fn input(&self) -> Result<&Input> {
        self.input.as_ref().map_err(|error| anyhow!("{error:#}"))
    }
}

/// Every song of the table that has a sound, hashed.
///
/// # Errors
/// When two songs have one id, there is no synthesizer for MIDI files, or the cache can't be
/// written to.
pub fn find(work: &Path, songs: &[Song], options: &Options) -> Result<(Sounds, Vec<Found>)> {
    refuse_twice(songs)?;
    let files: Vec<(&str, &Path)> = songs
        .iter()
        .filter_map(|song| Some((song.id.as_str(), song.path.as_deref()?)))
        .collect();
    if files.is_empty() {
        return Err(anyhow!("no song of the table has a sound"))
            .hint("name the sounds in a column path");
    }
    if files.len() < songs.len() {
        let silent = songs.len() - files.len();
        console::note(&format!("{silent} songs of the table have no sound"));
    }
    let store = Store::open(super::folder(work))?;
    let sounds = Sounds::open(work, files.iter().map(|file| file.1), &options.soundfont)?;
    let inputs = identify(files.iter().copied(), &sounds, &store)?;
    let found = files.iter().zip(inputs).map(|((_, path), input)| Found {
        path: path.to_path_buf(),
        input,
    });
    let found = found.collect();
    Ok((sounds, found))
}

/// Measures every song of the table that has a sound and is not yet in the cache.
///
/// A recording that can't be measured is listed and does not stop the others. An
/// interrupted run loses only the recordings that it was at.
///
/// # Errors
/// As [`find`], or when the cache can't be written to.
pub fn build(work: &Path, songs: &[Song], options: &Options) -> Result<Summary> {
    let (sounds, found) = find(work, songs, options)?;
    let store = Store::open(super::folder(work))?;
    let recipe = Recipe::current()?;
    // What `load` goes by.
    store.write_inputs(found.iter().flat_map(|song| &song.input))?;

    let bar = console::progress(found.len(), "features");
    let outcomes: Vec<Result<Done>> = options.pool()?.install(|| {
        found
            .par_iter()
            .map(|song| {
                let done = song.input().and_then(|input| {
                    let keys = recipe.keys(&input.sha256, &input.synth);
                    ensure(&song.path, &input.sha256, &keys, &store, &sounds)
                });
                bar.inc(1);
                done
            })
            .collect()
    });
    bar.finish_and_clear();
    Ok(summarise(&found, outcomes))
}

/// The descriptors of these files in their order, measured where the cache lacks them;
/// a file that can't be measured is an error of its own.
///
/// # Errors
/// When there is no synthesizer for MIDI files, or the cache can't be written to.
pub fn descriptors(
    work: &Path,
    files: &[&Path],
    options: &Options,
) -> Result<Vec<Result<Vec<f64>>>> {
    let store = Store::open(super::folder(work))?;
    let sounds = Sounds::open(work, files.iter().copied(), &options.soundfont)?;
    let recipe = Recipe::current()?;
    let inputs = identify(files.iter().map(|path| ("", *path)), &sounds, &store)?;
    let bar = console::progress(files.len(), "features");
    let measured = options.pool()?.install(|| {
        files
            .par_iter()
            .zip(inputs)
            .map(|(path, input)| {
                let input = input?;
                let keys = recipe.keys(&input.sha256, &input.synth);
                ensure(path, &input.sha256, &keys, &store, &sounds)?;
                bar.inc(1);
                Ok(store.read_descriptors(&keys)?.values)
            })
            .collect()
    });
    bar.finish_and_clear();
    Ok(measured)
}

/// Hashes every file, reading only those that are new.
fn identify<'a>(
    files: impl Iterator<Item = (&'a str, &'a Path)>,
    sounds: &Sounds,
    store: &Store,
) -> Result<Vec<Result<Input>>> {
    let mut index = Index::open(store.folder());
    let inputs = files
        .map(|(id, path)| {
            Ok(Input {
                id: id.to_owned(),
                sha256: index.sha256(path)?,
                synth: sounds.synth_of(path).to_owned(),
            })
        })
        .collect();
    index.save(store.folder())?;
    Ok(inputs)
}

fn summarise(found: &[Found], outcomes: Vec<Result<Done>>) -> Summary {
    let mut summary = Summary::default();
    for (song, outcome) in found.iter().zip(outcomes) {
        match outcome {
            Ok(Done::Measured) => summary.measured += 1,
            Ok(Done::Cached) => summary.cached += 1,
            Err(error) => summary
                .failed
                .push((song.path.clone(), format!("{error:#}"))),
        }
    }
    summary
}

/// Measures what the cache lacks of one recording.
fn ensure(path: &Path, sha256: &str, keys: &Keys, store: &Store, sounds: &Sounds) -> Result<Done> {
    let (has_log_mel, has_descriptors) = (store.has_log_mel(keys), store.has_descriptors(keys));
    if has_log_mel && has_descriptors {
        return Ok(Done::Cached);
    }
    let signal = Signal::from_pcm(&sounds.decode(path, sha256, None)?)?;
    let (duration_s, loudness) = (signal.duration_s, signal.loudness);
    let song = Measurement::of(signal)?;
    if !has_log_mel {
        store.write_log_mel(keys, &song.log_mel)?;
    }
    if !has_descriptors {
        let measured = Measured {
            names: Descriptors::NAMES.map(str::to_owned).to_vec(),
            values: song.heard.descriptors.values.to_vec(),
            features: song.heard.features,
            duration_s,
            loudness,
        };
        store.write_descriptors(keys, &measured)?;
    }
    Ok(Done::Measured)
}

//! `trainer features`: measures what is not yet in the cache.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;
use undertone::features::Descriptors;
use undertone::{Measurement, Signal};

use super::sounds::Sounds;
use super::store::{Input, Measured, Store};
use crate::songs::song::Song;
use crate::songs::table::refuse_twice;
use crate::sound::hashes;
use collections::console::{self, Batch, Hint};
use collections::decode::DEFAULT_SOUNDFONT;

/// How recordings become sound and numbers.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Instruments for MIDI files
    #[arg(long, value_name = "SF2", default_value = DEFAULT_SOUNDFONT)]
    pub soundfont: PathBuf,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

impl Options {
    /// What `one` gives for every item, in their order; a bar shows how far these threads
    /// have come.
    ///
    /// # Errors
    /// When the threads can't be started.
    pub fn map<T: Sync, U: Send>(
        &self,
        what: &'static str,
        items: &[T],
        one: impl Fn(&T) -> U + Sync + Send,
    ) -> Result<Vec<U>> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs.map_or(0, usize::from))
            .build()
            .context("the threads can't be started")?;
        let bar = console::progress(items.len(), what);
        Ok(pool.install(|| items.par_iter().progress_with(bar).map(one).collect()))
    }
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
        note!("{silent} songs of the table have no sound");
    }
    identify(work, &files, &options.soundfont)
}

/// Measures every song of the table that has a sound and is not yet in the cache.
///
/// A recording that can't be measured is listed and does not stop the others. An
/// interrupted run loses only the recordings that it was at.
///
/// # Errors
/// As [`find`], or when the cache can't be written to.
pub fn build(work: &Path, songs: &[Song], options: &Options) -> Result<Batch> {
    let (sounds, found) = find(work, songs, options)?;
    let store = Store::open(work)?;
    // What `load` goes by.
    store.write_inputs(found.iter().flat_map(|song| &song.input))?;
    let outcomes = options.map("features", &found, |song| {
        let input = song.input()?;
        ensure(&song.path, &input.sha256, &input.key(), &store, &sounds)
    })?;
    let paths = found.iter().map(|song| song.path.display());
    Ok(Batch::of(paths.zip(outcomes)))
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
    let store = Store::open(work)?;
    let files: Vec<(&str, &Path)> = files.iter().map(|path| ("", *path)).collect();
    let (sounds, found) = identify(work, &files, &options.soundfont)?;
    options.map("features", &found, |song| {
        let input = song.input()?;
        let key = input.key();
        ensure(&song.path, &input.sha256, &key, &store, &sounds)?;
        Ok(store.read_descriptors(&key)?.values)
    })
}

/// Hashes every file, reading only those that are new.
fn identify(
    work: &Path,
    files: &[(&str, &Path)],
    soundfont: &Path,
) -> Result<(Sounds, Vec<Found>)> {
    let sounds = Sounds::open(work, files.iter().map(|file| file.1), soundfont)?;
    let hashes = hashes(sounds.folder(), files.iter().map(|file| Some(file.1)))?;
    let found = files.iter().zip(hashes).map(|((id, path), hash)| Found {
        path: path.to_path_buf(),
        input: hash.map(|(_, sha256)| Input {
            id: (*id).to_owned(),
            sha256,
            synth: sounds.synth_of(path).to_owned(),
        }),
    });
    let found = found.collect();
    Ok((sounds, found))
}

/// Measures what the cache lacks of one recording; whether it lacked anything.
fn ensure(path: &Path, sha256: &str, key: &str, store: &Store, sounds: &Sounds) -> Result<bool> {
    if store.has_descriptors(key) {
        return Ok(false);
    }
    let signal = Signal::from_pcm(&sounds.decode(path, sha256, None)?)?;
    let (duration_s, loudness) = (signal.duration_s, signal.loudness);
    let song = Measurement::of(signal)?;
    let measured = Measured {
        names: Descriptors::NAMES.map(str::to_owned).to_vec(),
        values: song.heard.descriptors.values.to_vec(),
        features: song.heard.features,
        duration_s,
        loudness,
    };
    store.write_descriptors(key, &measured)?;
    Ok(true)
}

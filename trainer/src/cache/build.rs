//! `trainer features`: measures what is not yet in the cache.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;
use undertone::features::Descriptors;
use undertone::{Measurement, Signal};

use super::index::Index;
use super::key::{Keys, Recipe};
use super::sounds::Sounds;
use super::store::{Input, Measured, Store};
use crate::cli::console;
use crate::corpus::{MANIFEST, Manifest, Row};

/// How to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// Instruments for MIDI files.
    pub soundfont: PathBuf,
    /// Threads; `None` for one a core.
    pub jobs: Option<usize>,
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

/// Measures every recording of the manifest that is not yet in the cache.
///
/// A recording that can't be measured is listed and does not stop the others. An
/// interrupted run loses only the recordings that it was at.
///
/// # Errors
/// When there is no manifest, no synthesizer for MIDI files, or the cache can't be
/// written to.
pub fn build(work: &Path, options: &Options) -> Result<Summary> {
    let manifest = Manifest::read(&work.join(MANIFEST))?;
    let store = Store::open(super::folder(work))?;
    let paths = manifest.rows().iter().map(|row| row.path.as_path());
    let sounds = Sounds::open(work, paths, &options.soundfont)?;
    let recipe = Recipe::current()?;
    let inputs = identify(&manifest, &sounds, &store)?;

    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs.unwrap_or(0))
        .build()
        .context("the threads can't be started")?;
    let bar = console::progress(manifest.rows().len(), "features");
    let outcomes: Vec<Result<Done>> = pool.install(|| {
        manifest
            .rows()
            .par_iter()
            .zip(inputs)
            .map(|(row, input)| {
                let done = input.and_then(|input| {
                    let keys = recipe.keys(&input.sha256, &input.synth);
                    ensure(row, &input, &keys, &store, &sounds)
                });
                bar.inc(1);
                done
            })
            .collect()
    });
    bar.finish_and_clear();
    Ok(summarise(&manifest, outcomes))
}

/// Hashes every file, reading only those that are new, and notes the hashes for
/// [`super::load`].
fn identify(manifest: &Manifest, sounds: &Sounds, store: &Store) -> Result<Vec<Result<Input>>> {
    let mut index = Index::open(store.folder());
    let inputs: Vec<Result<Input>> = manifest
        .rows()
        .iter()
        .map(|row| {
            Ok(Input {
                id: row.id.clone(),
                sha256: index.sha256(&row.path)?,
                synth: sounds.synth_of(&row.path).to_owned(),
            })
        })
        .collect();
    index.save(store.folder())?;
    store.write_inputs(inputs.iter().flatten())?;
    Ok(inputs)
}

fn summarise(manifest: &Manifest, outcomes: Vec<Result<Done>>) -> Summary {
    let mut summary = Summary::default();
    for (row, outcome) in manifest.rows().iter().zip(outcomes) {
        match outcome {
            Ok(Done::Measured) => summary.measured += 1,
            Ok(Done::Cached) => summary.cached += 1,
            Err(error) => summary
                .failed
                .push((row.path.clone(), format!("{error:#}"))),
        }
    }
    summary
}

/// Measures what the cache lacks of one recording.
fn ensure(row: &Row, input: &Input, keys: &Keys, store: &Store, sounds: &Sounds) -> Result<Done> {
    let (has_log_mel, has_descriptors) = (store.has_log_mel(keys), store.has_descriptors(keys));
    if has_log_mel && has_descriptors {
        return Ok(Done::Cached);
    }
    let signal = Signal::from_pcm(&sounds.decode(&row.path, &input.sha256, None)?)?;
    let (duration_s, loudness) = (signal.duration_s, signal.loudness);
    let song = Measurement::of(signal)?;
    if !has_log_mel {
        store.write_log_mel(keys, &song.log_mel)?;
    }
    if !has_descriptors {
        let measured = Measured {
            names: Descriptors::NAMES.map(str::to_owned).to_vec(),
            values: song.descriptors.values.to_vec(),
            duration_s,
            loudness,
        };
        store.write_descriptors(keys, &measured)?;
    }
    Ok(Done::Measured)
}

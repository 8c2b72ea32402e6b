//! `trainer features`: measures what is not yet in the cache.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;
use undertone::features::Descriptors;
use undertone::{Measurement, Pcm, Signal};

use super::index::Index;
use super::key::{Keys, Recipe};
use super::store::{Input, Measured, Store};
use crate::cli::console;
use crate::corpus::{MANIFEST, Manifest, Row};
use crate::decode::{self, Synth};

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
    let synth = synth_for(&manifest, &options.soundfont)?;
    let recipe = Recipe::current()?;
    let inputs = identify(&manifest, synth.as_ref(), &store)?;

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
                    ensure(row, &keys, &store, synth.as_ref())
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
fn identify(
    manifest: &Manifest,
    synth: Option<&Synth>,
    store: &Store,
) -> Result<Vec<Result<Input>>> {
    let mut index = Index::open(store.folder());
    let inputs: Vec<Result<Input>> = manifest
        .rows()
        .iter()
        .map(|row| {
            let synth = synth.filter(|_| decode::is_midi(&row.path));
            Ok(Input {
                id: row.id.clone(),
                sha256: index.sha256(&row.path)?,
                synth: synth.map_or_else(String::new, |synth| synth.fingerprint().to_owned()),
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

/// The synthesizer, where the manifest has MIDI files at all.
fn synth_for(manifest: &Manifest, soundfont: &Path) -> Result<Option<Synth>> {
    let any_midi = manifest.rows().iter().any(|row| decode::is_midi(&row.path));
    any_midi.then(|| Synth::open(soundfont)).transpose()
}

/// Measures what the cache lacks of one recording.
fn ensure(row: &Row, keys: &Keys, store: &Store, synth: Option<&Synth>) -> Result<Done> {
    let (has_log_mel, has_descriptors) = (store.has_log_mel(keys), store.has_descriptors(keys));
    if has_log_mel && has_descriptors {
        return Ok(Done::Cached);
    }
    let signal = Signal::from_pcm(&sound(row, keys, store, synth)?)?;
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

/// The recording's sound. Rendered MIDI is kept: it takes ten times as long as
/// decoding the result again.
fn sound(row: &Row, keys: &Keys, store: &Store, synth: Option<&Synth>) -> Result<Pcm> {
    if !decode::is_midi(&row.path) {
        return Ok(decode::decode_audio(&row.path)?);
    }
    let synth = synth.ok_or_else(|| anyhow!("there is no synthesizer"))?;
    let rendering = store.rendering(keys);
    if !rendering.is_file() {
        synth.render(&row.path, &rendering)?;
    }
    Ok(decode::decode_audio(&rendering)?)
}

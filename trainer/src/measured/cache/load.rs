//! From the cache to the learners' [`Example`]s.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use ndarray::Array2;
use rayon::prelude::*;
use undertone::features::TrackFeatures;

use super::key::Recipe;
use super::store::{Input, Store};
use crate::console::{self, Hint};
use crate::corpus::{MANIFEST, Manifest, Row, unlabelled};
use crate::measured::example::Example;

/// Loads every measured recording of the manifest, in its order.
///
/// Recordings that `trainer features` could not measure are left out with a note.
/// Memory: 24 kB a second of music.
///
/// # Errors
/// When there is no manifest, nothing was measured, or a cached file is damaged.
pub fn load(work: &Path) -> Result<Vec<Example>> {
    let manifest = Manifest::read(&work.join(MANIFEST))?;
    let store = Store::open(super::folder(work))?;
    let recipe = Recipe::current()?;
    let inputs = inputs(&store)?;
    let found: Vec<Option<Example>> = manifest
        .rows()
        .par_iter()
        .map(|row| match inputs.get(&row.id) {
            Some(input) => example(row, input, &recipe, &store),
            None => Ok(None),
        })
        .collect::<Result<_>>()?;
    let examples: Vec<Example> = found.into_iter().flatten().collect();
    tell_of_lacking(examples.len(), manifest.rows().len())?;
    Ok(examples)
}

/// The log-mel frames `[frames, 96]` of every measured recording of the unlabelled list, by
/// name, in its order.
///
/// # Errors
/// When the list or a cached file is damaged, or nothing was measured at all.
pub fn load_unlabelled(work: &Path) -> Result<Vec<(String, Array2<f32>)>> {
    let songs = unlabelled::read(work)?;
    if songs.is_empty() {
        return Ok(Vec::new());
    }
    let store = Store::open(super::folder(work))?;
    let recipe = Recipe::current()?;
    let inputs = inputs(&store)?;
    let measured = songs.into_iter().filter_map(|song| {
        let input = inputs.get(&song.id)?;
        let keys = recipe.keys(&input.sha256, &input.synth);
        store.has_log_mel(&keys).then_some((song.id, keys))
    });
    measured
        .map(|(id, keys)| Ok((id, store.read_log_mel(&keys)?)))
        .collect()
}

/// What was measured of one recording, without its frames.
pub struct Heard {
    /// SHA-256 of the file's contents.
    pub content: String,
    /// Values of [`undertone::features::Descriptors`].
    pub descriptors: Vec<f64>,
    /// The track features that formulas give.
    pub features: TrackFeatures,
}

/// Every measured recording of the manifest, in its order, without frames.
///
/// # Errors
/// When there is no manifest, nothing was measured, or a cached file is damaged.
pub fn heard(work: &Path) -> Result<Vec<(Row, Heard)>> {
    let manifest = Manifest::read(&work.join(MANIFEST))?;
    let store = Store::open(super::folder(work))?;
    let recipe = Recipe::current()?;
    let inputs = inputs(&store)?;
    let mut songs = Vec::new();
    for row in manifest.rows() {
        let Some(input) = inputs.get(&row.id) else {
            continue;
        };
        let keys = recipe.keys(&input.sha256, &input.synth);
        if !store.has_descriptors(&keys) {
            continue;
        }
        let measured = store.read_descriptors(&keys)?;
        let heard = Heard {
            content: input.sha256.clone(),
            descriptors: measured.values,
            features: measured.features,
        };
        songs.push((row.clone(), heard));
    }
    tell_of_lacking(songs.len(), manifest.rows().len())?;
    Ok(songs)
}

/// Says how many of `all` recordings are not measured.
fn tell_of_lacking(measured: usize, all: usize) -> Result<()> {
    if measured == 0 {
        return Err(anyhow!("no recording of the manifest has current features"))
            .hint("measure them with `trainer features`");
    }
    let lacking = all - measured;
    if lacking > 0 {
        console::note(&format!(
            "{lacking} of {all} recordings have no current features and are left out; \
             `trainer features` says why"
        ));
    }
    Ok(())
}

/// The recordings that were measured, by their names in the manifest.
fn inputs(store: &Store) -> Result<HashMap<String, Input>> {
    let inputs = store.read_inputs()?.into_iter();
    Ok(inputs.map(|input| (input.id.clone(), input)).collect())
}

/// One recording, or `None` where it has not been measured by the current recipe.
fn example(row: &Row, input: &Input, recipe: &Recipe, store: &Store) -> Result<Option<Example>> {
    let keys = recipe.keys(&input.sha256, &input.synth);
    if !(store.has_log_mel(&keys) && store.has_descriptors(&keys)) {
        return Ok(None);
    }
    let log_mel = store.read_log_mel(&keys)?;
    if log_mel.is_empty() {
        bail!("the cached log-mel of {} is empty", row.id);
    }
    Ok(Some(Example {
        id: row.id.clone(),
        corpus: row.corpus.clone(),
        label_kind: row.label_kind.clone(),
        group: row.group.clone(),
        split: row.split,
        mood: row.label,
        weight: row.weight,
        log_mel,
        descriptors: store.read_descriptors(&keys)?.values,
    }))
}

//! From the cache to the learners' [`Example`]s.

use std::path::Path;

use anyhow::{Result, anyhow, ensure};
use ndarray::Array2;
use rayon::prelude::*;
use undertone::features::TrackFeatures;

use super::key::Keys;
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
    let store = Store::open(work)?;
    let has_all = |keys: &Keys| store.has_log_mel(keys) && store.has_descriptors(keys);
    let known = known(manifest.rows(), &store, has_all)?;
    let examples = known.into_par_iter().map(|(row, _, keys)| {
        let log_mel = store.read_log_mel(&keys)?;
        ensure!(
            !log_mel.is_empty(),
            "the cached log-mel of {} is empty",
            row.id
        );
        Ok(Example {
            id: row.id.clone(),
            corpus: row.corpus.clone(),
            label_kind: row.label_kind.clone(),
            group: row.group.clone(),
            split: row.split,
            mood: row.label,
            weight: row.weight,
            log_mel,
            descriptors: store.read_descriptors(&keys)?.values,
        })
    });
    examples.collect()
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
    let store = Store::open(work)?;
    let inputs = store.read_inputs()?;
    let measured = songs.into_iter().filter_map(|song| {
        let input = inputs.get(&song.id)?;
        let keys = store.keys(input);
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
    let store = Store::open(work)?;
    let known = known(manifest.rows(), &store, |keys| store.has_descriptors(keys))?;
    let heard = known.into_iter().map(|(row, input, keys)| {
        let measured = store.read_descriptors(&keys)?;
        let heard = Heard {
            content: input.sha256,
            descriptors: measured.values,
            features: measured.features,
        };
        Ok((row.clone(), heard))
    });
    heard.collect()
}

/// The recordings of which the cache holds what is asked for by the current recipe, with
/// their keys; says how many it lacks.
fn known<'a>(
    rows: &'a [Row],
    store: &Store,
    has: impl Fn(&Keys) -> bool,
) -> Result<Vec<(&'a Row, Input, Keys)>> {
    let mut inputs = store.read_inputs()?;
    let known: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let input = inputs.remove(&row.id)?;
            let keys = store.keys(&input);
            has(&keys).then_some((row, input, keys))
        })
        .collect();
    if known.is_empty() {
        return Err(anyhow!("no recording of the manifest has current features"))
            .hint("measure them with `trainer features`");
    }
    let (lacking, all) = (rows.len() - known.len(), rows.len());
    if lacking > 0 {
        console::note(&format!(
            "{lacking} of {all} recordings have no current features and are left out; \
             `trainer features` says why"
        ));
    }
    Ok(known)
}

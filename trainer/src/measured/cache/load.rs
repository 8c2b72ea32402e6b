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
use crate::measured::example::{Example, Split};
use crate::songs::song::Song;
use crate::songs::table::{absent_moods, refuse_twice, with_moods, without_moods};

/// Loads every measured song that has a mood, in the table's order.
///
/// Recordings that `trainer features` could not measure are left out with a note.
/// Memory: 24 kB a second of music.
///
/// # Errors
/// When the moods of the table can't be learnt by one judge, nothing was measured, or a
/// cached file is damaged.
pub fn load(work: &Path, songs: &[Song]) -> Result<Vec<Example>> {
    let songs = sounding(songs)?;
    // A judge can't learn a mood that it never hears.
    let absent = absent_moods(&songs);
    if !absent.is_empty() {
        return Err(anyhow!("no song is labelled {}", absent.join(" or ")))
            .hint("all four moods need songs: sad, calm, happy, energetic");
    }
    let store = Store::open(super::folder(work))?;
    let recipe = Recipe::current()?;
    let inputs = inputs(&store)?;
    let found: Vec<Option<Example>> = songs
        .par_iter()
        .map(|song| match inputs.get(&song.id) {
            Some(input) => example(song, input, &recipe, &store),
            None => Ok(None),
        })
        .collect::<Result<_>>()?;
    let examples: Vec<Example> = found.into_iter().flatten().collect();
    tell_of_lacking(examples.len(), songs.len())?;
    Ok(examples)
}

/// The songs with moods that have a sound, each once.
fn sounding(songs: &[Song]) -> Result<Vec<&Song>> {
    refuse_twice(songs)?;
    let mut moods = with_moods(songs)?;
    moods.retain(|song| song.path.is_some());
    Ok(moods)
}

/// The log-mel frames `[frames, 96]` of every measured song that only a teacher has something
/// to say of, by name, in the table's order.
///
/// # Errors
/// When a cached file is damaged, or nothing was measured at all.
pub fn load_unlabelled(work: &Path, songs: &[Song]) -> Result<Vec<(String, Array2<f32>)>> {
    let mut songs = without_moods(songs).peekable();
    if songs.peek().is_none() {
        return Ok(Vec::new());
    }
    let store = Store::open(super::folder(work))?;
    let recipe = Recipe::current()?;
    let inputs = inputs(&store)?;
    let measured = songs.filter_map(|song| {
        let input = inputs.get(&song.id)?;
        let keys = recipe.keys(&input.sha256, &input.synth);
        store.has_log_mel(&keys).then(|| (song.id.clone(), keys))
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

/// Every measured song that has a mood, in the table's order, without frames.
///
/// # Errors
/// As [`load`].
pub fn heard<'a>(work: &Path, songs: &'a [Song]) -> Result<Vec<(&'a Song, Heard)>> {
    let table = sounding(songs)?;
    let store = Store::open(super::folder(work))?;
    let recipe = Recipe::current()?;
    let inputs = inputs(&store)?;
    let mut songs = Vec::new();
    for song in &table {
        let Some(input) = inputs.get(&song.id) else {
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
        songs.push((*song, heard));
    }
    tell_of_lacking(songs.len(), table.len())?;
    Ok(songs)
}

/// Says how many of `all` recordings are not measured.
fn tell_of_lacking(measured: usize, all: usize) -> Result<()> {
    if measured == 0 {
        return Err(anyhow!("no song of the table has current features"))
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

/// The recordings that were measured, by their names in the table.
fn inputs(store: &Store) -> Result<HashMap<String, Input>> {
    let inputs = store.read_inputs()?.into_iter();
    Ok(inputs.map(|input| (input.id.clone(), input)).collect())
}

/// One recording, or `None` where it has not been measured by the current recipe.
fn example(song: &Song, input: &Input, recipe: &Recipe, store: &Store) -> Result<Option<Example>> {
    let Some(mood) = song.mood else {
        return Ok(None);
    };
    let keys = recipe.keys(&input.sha256, &input.synth);
    if !(store.has_log_mel(&keys) && store.has_descriptors(&keys)) {
        return Ok(None);
    }
    let log_mel = store.read_log_mel(&keys)?;
    if log_mel.is_empty() {
        bail!("the cached log-mel of {} is empty", song.id);
    }
    Ok(Some(Example {
        id: song.id.clone(),
        corpus: song.corpus.to_string(),
        label_kind: song.label_kind.to_string(),
        group: song.group.to_string(),
        split: song.split.unwrap_or(Split::Train),
        mood,
        weight: song.weight,
        log_mel,
        descriptors: store.read_descriptors(&keys)?.values,
    }))
}

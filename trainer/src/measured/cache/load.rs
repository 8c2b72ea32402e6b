//! From the cache to the learners' [`Example`]s.

use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use ndarray::Array2;
use rayon::prelude::*;
use undertone::features::TrackFeatures;

use super::key::Keys;
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
    let store = Store::open(work)?;
    let has_all = |keys: &Keys| store.has_log_mel(keys) && store.has_descriptors(keys);
    let known = known(songs, &store, has_all)?;
    let examples = known.into_par_iter().map(|(song, _, keys)| {
        let log_mel = store.read_log_mel(&keys)?;
        ensure!(
            !log_mel.is_empty(),
            "the cached log-mel of {} is empty",
            song.id
        );
        Ok(Example {
            id: song.id.clone(),
            corpus: song.corpus.to_string(),
            label_kind: song.label_kind.to_string(),
            group: song.group.to_string(),
            split: song.split.unwrap_or(Split::Train),
            mood: song.mood.context("a song without a mood")?,
            weight: song.weight,
            log_mel,
            descriptors: store.read_descriptors(&keys)?.values,
        })
    });
    examples.collect()
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
    let store = Store::open(work)?;
    let inputs = store.read_inputs()?;
    let measured = songs.filter_map(|song| {
        let input = inputs.get(&song.id)?;
        let keys = store.keys(input);
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
    let songs = sounding(songs)?;
    let store = Store::open(work)?;
    let known = known(songs, &store, |keys| store.has_descriptors(keys))?;
    let heard = known.into_iter().map(|(song, input, keys)| {
        let measured = store.read_descriptors(&keys)?;
        let heard = Heard {
            content: input.sha256,
            descriptors: measured.values,
            features: measured.features,
        };
        Ok((song, heard))
    });
    heard.collect()
}

/// The songs of which the cache holds what is asked for by the current recipe, with their
/// keys; says how many it lacks.
fn known<'a>(
    songs: Vec<&'a Song>,
    store: &Store,
    has: impl Fn(&Keys) -> bool,
) -> Result<Vec<(&'a Song, Input, Keys)>> {
    let mut inputs = store.read_inputs()?;
    let all = songs.len();
    let known: Vec<_> = songs
        .into_iter()
        .filter_map(|song| {
            let input = inputs.remove(&song.id)?;
            let keys = store.keys(&input);
            has(&keys).then_some((song, input, keys))
        })
        .collect();
    if known.is_empty() {
        return Err(anyhow!("no song of the table has current features"))
            .hint("measure them with `trainer features`");
    }
    let lacking = all - known.len();
    if lacking > 0 {
        console::note(&format!(
            "{lacking} of {all} recordings have no current features and are left out; \
             `trainer features` says why"
        ));
    }
    Ok(known)
}

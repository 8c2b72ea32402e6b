//! From the cache to the learners' [`Example`]s.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;
use undertone::features::TrackFeatures;

use super::store::{Input, Store};
use crate::measured::example::{Example, Split};
use crate::songs::song::Song;
use crate::songs::table::{absent_moods, refuse_twice, with_moods};
use collections::console::Hint;

/// Loads every measured song that has a mood, in the table's order.
///
/// Recordings that `trainer features` could not measure are left out with a note.
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
    let known = known(songs, &store)?;
    let examples = known.into_par_iter().map(|(song, _, key)| {
        Ok(Example {
            id: song.id.clone(),
            corpus: song.corpus.to_string(),
            label_kind: song.label_kind.to_string(),
            group: song.group.to_string(),
            split: song.split.unwrap_or(Split::Train),
            mood: song.mood.context("a song without a mood")?,
            weight: song.weight,
            descriptors: store.read_descriptors(&key)?.values,
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

/// What was measured of one recording.
pub struct Heard {
    /// SHA-256 of the file's contents.
    pub content: String,
    /// Values of [`undertone::features::Descriptors`].
    pub descriptors: Vec<f64>,
    /// The track features that formulas give.
    pub features: TrackFeatures,
}

/// Every measured song that has a mood, in the table's order.
///
/// # Errors
/// As [`load`].
pub fn heard<'a>(work: &Path, songs: &'a [Song]) -> Result<Vec<(&'a Song, Heard)>> {
    let songs = sounding(songs)?;
    let store = Store::open(work)?;
    let known = known(songs, &store)?;
    let heard = known.into_iter().map(|(song, input, key)| {
        let measured = store.read_descriptors(&key)?;
        let heard = Heard {
            content: input.sha256,
            descriptors: measured.values,
            features: measured.features,
        };
        Ok((song, heard))
    });
    heard.collect()
}

/// The songs that were measured by the current recipe, with their keys; says how many were
/// not.
fn known<'a>(songs: Vec<&'a Song>, store: &Store) -> Result<Vec<(&'a Song, Input, String)>> {
    let mut inputs = store.read_inputs()?;
    let all = songs.len();
    let known: Vec<_> = songs
        .into_iter()
        .filter_map(|song| {
            let input = inputs.remove(&song.id)?;
            let key = input.key();
            store.has_descriptors(&key).then_some((song, input, key))
        })
        .collect();
    if known.is_empty() {
        return Err(anyhow!("no song of the table has current features"))
            .hint("measure them with `trainer features`");
    }
    let lacking = all - known.len();
    if lacking > 0 {
        note!(
            "{lacking} of {all} recordings have no current features and are left out; \
             `trainer features` says why"
        );
    }
    Ok(known)
}

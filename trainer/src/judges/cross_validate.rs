//! `trainer cross-validate`: every system on every song, by folds that keep groups together.

use std::collections::BTreeSet;

use anyhow::Result;

use super::answers::{Answers, Material, Sides};
use crate::learn::classic::folds::folds_of_groups;
use crate::learn::neural::mood;
use crate::measured::example::{Example, Split, is_of};
use crate::songs::song::{ARRANGED, Song};

/// Seed of the folds of groups that no source has put into one.
const SEED: u64 = 1;

/// The answers of every system to every song, each fitted on the songs of all other folds;
/// what an earlier run has left is not fitted again.
///
/// # Errors
/// As [`Material::ask`]; where there are too few groups.
pub fn run(material: &Material, songs: &[Song], training: &mood::Options) -> Result<Answers> {
    let folds = folds_of_groups(songs, SEED)?;
    let count = folds.values().max().map_or(0, |last| last + 1);
    let mut all = Answers::default();
    for fold in 0..count {
        let sides = sides(songs, |song| folds[&*song.group] == fold);
        all.join(material.ask(&format!("fold-{fold}"), &sides, training)?);
    }
    Ok(all)
}

/// The sides where one part of the corpora is left out of the fit, and all of it asked about.
pub fn without<'a>(songs: &'a [Song], part: &str) -> Sides<'a> {
    sides(songs, |song| is_of(&song.corpus, &song.label_kind, part))
}

/// The sides where these songs are asked about, but for recordings that other instruments play
/// than the listeners heard.
fn sides(songs: &[Song], is_asked: impl Fn(&Song) -> bool) -> Sides<'_> {
    let sides = songs.iter().filter_map(|song| {
        let side = match is_asked(song) {
            false => Split::Train,
            true if song.label_kind.ends_with(ARRANGED) => return None,
            true => Split::Validation,
        };
        Some((&*song.id, side))
    });
    sides.collect()
}

/// The parts of the corpora that can be left out: each kind of label of each corpus with
/// moods.
pub fn parts(material: &Material) -> BTreeSet<String> {
    material.examples.iter().map(Example::part).collect()
}

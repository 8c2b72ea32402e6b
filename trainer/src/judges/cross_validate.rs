//! `trainer cross-validate`: every system on every song, by folds that keep groups together.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use undertone::Mood;

use super::answers::{Answers, Material, Sides};
use crate::learn::classic::folds::stratified_group_folds;
use crate::learn::classic::rows::{Classes, group_numbers};
use crate::learn::neural::mood;
use crate::measured::example::{Example, Split, is_of};
use crate::songs::song::{ARRANGED, Song};

/// Folds where no source publishes any.
const FOLDS: usize = 5;
/// Seed of the folds of groups that no source has put into one.
const SEED: u64 = 1;

/// The answers of every system to every song, each fitted on the songs of all other folds;
/// what an earlier run has left is not fitted again.
///
/// # Errors
/// As [`Material::ask`]; where there are too few groups.
pub fn run(material: &Material, songs: &[Song], training: &mood::Options) -> Result<Answers> {
    let folds = folds(songs)?;
    let count = folds.values().max().map_or(0, |last| last + 1);
    let mut all = Answers::default();
    for fold in 0..count {
        let sides = sides(songs, |song| folds[&*song.group] == fold);
        all.join(material.ask(&format!("fold-{fold}"), &sides, training)?);
    }
    Ok(all)
}

/// The fold of each group: the one that a source publishes, over all corpora; the other groups
/// are spread so that moods come in proportion.
///
/// # Errors
/// Where there are too few groups.
fn folds(songs: &[Song]) -> Result<HashMap<&str, usize>> {
    let mut folds: HashMap<&str, usize> = HashMap::new();
    for song in songs {
        if let Some(fold) = song.fold {
            folds.entry(&song.group).or_insert(fold);
        }
    }
    let published = folds.values().max().map_or(0, |last| last + 1);
    let rest: Vec<&Song> = songs
        .iter()
        .filter(|song| !folds.contains_key(&*song.group))
        .collect();
    if rest.is_empty() {
        return Ok(folds);
    }
    let kind = |song: &&Song| song.mood.map_or(Mood::COUNT, Mood::index);
    let kinds: Vec<usize> = rest.iter().map(kind).collect();
    let groups = group_numbers(rest.iter().map(|song| &*song.group));
    let classes = Classes {
        y: &kinds,
        n: Mood::COUNT + 1,
    };
    let spread = stratified_group_folds(classes, &groups, published.max(FOLDS), SEED)
        .context("splitting the songs into folds")?;
    folds.extend(rest.iter().map(|song| &*song.group).zip(spread));
    Ok(folds)
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

//! Counts of a manifest: corpus × side × mood.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use undertone::Mood;

use super::Manifest;
use crate::measured::example::Split;

/// Songs by mood, and groups.
#[derive(Default)]
struct Tally {
    moods: [usize; Mood::COUNT],
    groups: std::collections::BTreeSet<String>,
}

/// A table for people, one line a corpus and side.
pub(super) fn table(manifest: &Manifest) -> String {
    let mut text =
        String::from("corpus        split        sad  calm  happy  energetic    all  groups\n");
    for ((corpus, side), tally) in tallies(manifest) {
        let [sad, calm, happy, energetic] = tally.moods;
        let all: usize = tally.moods.iter().sum();
        let groups = tally.groups.len();
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "{corpus:<13} {side:<10} {sad:>5} {calm:>5} {happy:>6} {energetic:>10} {all:>6} {groups:>7}"
        );
    }
    text
}

/// Corpora and moods that have songs to train on but none to validate with.
pub(super) fn without_validation(manifest: &Manifest) -> Vec<(String, Mood)> {
    let tallies = tallies(manifest);
    let count = |corpus: &str, side: &'static str, mood: Mood| {
        tallies
            .get(&(corpus.to_owned(), side))
            .map_or(0, |tally| tally.moods[mood.index()])
    };
    let corpora: std::collections::BTreeSet<_> = tallies.keys().map(|key| &key.0).collect();
    corpora
        .into_iter()
        .flat_map(|corpus| Mood::ALL.map(|mood| (corpus.clone(), mood)))
        .filter(|(corpus, mood)| {
            count(corpus, "train", *mood) > 0 && count(corpus, "validation", *mood) == 0
        })
        .collect()
}

fn tallies(manifest: &Manifest) -> BTreeMap<(String, &'static str), Tally> {
    let mut tallies: BTreeMap<_, Tally> = BTreeMap::new();
    for row in manifest.rows() {
        let side = match row.split {
            Split::Train => "train",
            Split::Validation => "validation",
        };
        let tally = tallies.entry((row.corpus.clone(), side)).or_default();
        tally.moods[row.label.index()] += 1;
        tally.groups.insert(row.group.clone());
    }
    tallies
}

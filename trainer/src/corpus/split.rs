//! The split: by group, never by clip, and the same for every run and machine.

use std::collections::BTreeMap;

use undertone::Mood;

use super::Labelled;
use super::manifest::Row;
use crate::files;
use crate::measured::example::Split;

/// Share of each mood that is aimed at for validation.
const VALIDATION_SHARE: f64 = 0.2;

/// Songs of one group, by mood.
type Counts = [f64; Mood::COUNT];

/// Gives every recording its side: the published one, else the one that brings the
/// corpus nearest to [`VALIDATION_SHARE`] of every mood.
pub(super) fn assign(labelled: Vec<Labelled>, seed: u64) -> Vec<Row> {
    let mut corpora: BTreeMap<&str, BTreeMap<&str, Counts>> = BTreeMap::new();
    for song in labelled.iter().filter(|song| song.published.is_none()) {
        let groups = corpora.entry(&song.corpus).or_default();
        groups.entry(&song.group).or_default()[song.label.index()] += 1.0;
    }
    let chosen: std::collections::HashSet<String> = corpora
        .values()
        .flat_map(|groups| validation_groups(groups, seed))
        .map(ToOwned::to_owned)
        .collect();
    labelled
        .into_iter()
        .map(|song| {
            let side = song.published.unwrap_or_else(|| {
                if chosen.contains(&song.group) {
                    Split::Validation
                } else {
                    Split::Train
                }
            });
            Row::new(song, side)
        })
        .collect()
}

/// Greedy stratified choice: groups from large to small (ties in an order drawn from
/// `seed`), each taken where it brings the shares nearer to the aim.
fn validation_groups<'a>(groups: &BTreeMap<&'a str, Counts>, seed: u64) -> Vec<&'a str> {
    let mut total = Counts::default();
    for counts in groups.values() {
        add(&mut total, counts);
    }
    let mut order: Vec<_> = groups
        .iter()
        .map(|(name, counts)| {
            let size = counts.iter().sum::<f64>() as usize;
            let draw = files::sha256_of_parts(&[&seed.to_string(), name]);
            (std::cmp::Reverse(size), draw, *name, counts)
        })
        .collect();
    order.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let mut taken = Counts::default();
    let mut chosen = Vec::new();
    for (_, _, name, counts) in order {
        let mut with = taken;
        add(&mut with, counts);
        if distance(&with, &total) < distance(&taken, &total) {
            taken = with;
            chosen.push(name);
        }
    }
    chosen
}

/// Squared distance of the moods' shares from the aim.
fn distance(taken: &Counts, total: &Counts) -> f64 {
    taken
        .iter()
        .zip(total)
        .filter(|(_, total)| **total > 0.0)
        .map(|(taken, total)| (taken / total - VALIDATION_SHARE).powi(2))
        .sum()
}

fn add(sum: &mut Counts, counts: &Counts) {
    for (sum, count) in sum.iter_mut().zip(counts) {
        *sum += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song(group: &str, label: Mood) -> Labelled {
        Labelled {
            id: String::new(),
            path: std::path::PathBuf::new(),
            corpus: "c".to_owned(),
            label,
            label_kind: String::new(),
            artist: String::new(),
            group: group.to_owned(),
            published: None,
            weight: 1.0,
            licence: String::new(),
        }
    }

    #[test]
    fn a_fifth_of_every_mood_is_held_out_by_group() {
        let songs: Vec<_> = (0..400)
            .map(|i| song(&format!("g{}", i / 4), Mood::ALL[(i / 4) % 4]))
            .collect();
        let rows = assign(songs.clone(), 7);
        for mood in Mood::ALL {
            let held = rows
                .iter()
                .filter(|row| row.label == mood && row.split == Split::Validation)
                .count();
            assert_eq!(held, 20, "{mood}");
        }
        assert_eq!(rows, assign(songs.clone(), 7), "not deterministic");
        assert_ne!(rows, assign(songs, 8), "the seed has no effect");
    }

    #[test]
    fn an_artist_who_is_most_of_a_mood_stays_in_training() {
        let mut songs: Vec<_> = (0..47).map(|_| song("big", Mood::Calm)).collect();
        songs.extend((0..20).map(|i| song(&format!("g{i}"), Mood::Calm)));
        let rows = assign(songs, 1);
        let held: Vec<_> = rows
            .iter()
            .filter(|row| row.split == Split::Validation)
            .collect();
        assert_eq!(held.len(), 13);
        assert!(held.iter().all(|row| row.group != "big"));
    }
}

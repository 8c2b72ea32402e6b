//! The split: by group, never by clip, and the same for every run and machine.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use undertone::Mood;

use super::song::{Song, Split};
use collections::files;

/// Seed of tables that nobody names another for.
pub const DEFAULT_SEED: u64 = 1;

/// Share of each kind of label that is aimed at for validation.
const VALIDATION_SHARE: f64 = 0.2;

/// Labelled songs of one group, by [`kind`].
type Counts = Vec<f64>;

/// Gives every song without one its side: that of its group where a source publishes it,
/// else the one that brings the corpus nearest to [`VALIDATION_SHARE`] of every label. Groups
/// without any label are trained on.
pub fn assign(songs: &mut [Song], seed: u64) {
    if songs.iter().all(|song| song.split.is_some()) {
        return;
    }
    let mut sides: HashMap<Arc<str>, Split> = HashMap::new();
    for song in songs.iter() {
        if let Some(split) = song.split {
            sides.entry(song.group.clone()).or_insert(split);
        }
    }
    let mut corpora: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Counts>> = BTreeMap::new();
    let mut labels = Vec::new();
    for song in songs.iter().filter(|song| song.split.is_none()) {
        let Some(kind) = kind(song, &mut labels) else {
            continue;
        };
        let groups = corpora.entry(song.corpus.clone()).or_default();
        let counts = groups.entry(song.group.clone()).or_default();
        counts.resize(counts.len().max(kind + 1), 0.0);
        counts[kind] += 1.0;
    }
    for groups in corpora.values() {
        choose(groups, &mut sides, seed);
    }
    for song in songs.iter_mut().filter(|song| song.split.is_none()) {
        let side = sides.get(&song.group).copied();
        song.split = side.or(Some(Split::Train));
    }
}

/// Number of a song's kind of label: its mood; after them a corpus's own labels, in the order
/// in which they come, and the quadrants of arousal and valence; `None` without a label.
fn kind(song: &Song, labels: &mut Vec<String>) -> Option<usize> {
    if let Some(mood) = song.mood {
        return Some(mood.index());
    }
    let label = match song.affect {
        _ if !song.label.is_empty() => song.label.to_string(),
        Some(affect) => format!("{} {}", affect.arousal > 0.0, affect.valence > 0.0),
        None => return None,
    };
    let place = labels.iter().position(|known| *known == label);
    Some(
        Mood::COUNT
            + place.unwrap_or_else(|| {
                labels.push(label);
                labels.len() - 1
            }),
    )
}

/// Greedy stratified choice: groups from large to small (ties in an order drawn from
/// `seed`), each taken for validation where it brings the shares nearer to the aim. Groups
/// that have a side keep it.
fn choose(groups: &BTreeMap<Arc<str>, Counts>, sides: &mut HashMap<Arc<str>, Split>, seed: u64) {
    let mut total = Counts::default();
    let mut taken = Counts::default();
    for (name, counts) in groups {
        add(&mut total, counts);
        if sides.get(name) == Some(&Split::Validation) {
            add(&mut taken, counts);
        }
    }
    let mut order: Vec<_> = groups
        .iter()
        .filter(|(name, _)| !sides.contains_key(*name))
        .map(|(name, counts)| {
            let size = counts.iter().sum::<f64>() as usize;
            let draw = files::sha256_of_parts(&[&seed.to_string(), name]);
            (std::cmp::Reverse(size), draw, name, counts)
        })
        .collect();
    order.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    for (_, _, name, counts) in order {
        let mut with = taken.clone();
        add(&mut with, counts);
        let nearer = distance(&with, &total) < distance(&taken, &total);
        if nearer {
            taken = with;
        }
        let side = if nearer {
            Split::Validation
        } else {
            Split::Train
        };
        sides.insert(name.clone(), side);
    }
}

/// Squared distance of the labels' shares from the aim.
fn distance(taken: &Counts, total: &Counts) -> f64 {
    let taken = taken.iter().chain(std::iter::repeat(&0.0));
    taken
        .zip(total)
        .filter(|(_, total)| **total > 0.0)
        .map(|(taken, total)| (taken / total - VALIDATION_SHARE).powi(2))
        .sum()
}

fn add(sum: &mut Counts, counts: &Counts) {
    sum.resize(sum.len().max(counts.len()), 0.0);
    for (sum, count) in sum.iter_mut().zip(counts) {
        *sum += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use undertone::Affect;

    fn song(group: &str, mood: Mood) -> Song {
        Song {
            corpus: "c".into(),
            mood: Some(mood),
            group: group.into(),
            ..Song::default()
        }
    }

    fn assigned(songs: &[Song], seed: u64) -> Vec<Song> {
        let mut songs = songs.to_vec();
        assign(&mut songs, seed);
        songs
    }

    fn held(songs: &[Song]) -> Vec<&Song> {
        let held = songs.iter();
        held.filter(|song| song.split == Some(Split::Validation))
            .collect()
    }

    #[test]
    fn a_fifth_of_every_mood_is_held_out_by_group() {
        let songs: Vec<_> = (0..400)
            .map(|i| song(&format!("g{}", i / 4), Mood::ALL[(i / 4) % 4]))
            .collect();
        let first = assigned(&songs, 7);
        for mood in Mood::ALL {
            let of_mood = held(&first).into_iter().filter(|s| s.mood == Some(mood));
            assert_eq!(of_mood.count(), 20, "{mood}");
        }
        assert_eq!(first, assigned(&songs, 7), "not deterministic");
        assert_ne!(first, assigned(&songs, 8), "the seed has no effect");
        assert_eq!(first, assigned(&first, 8), "what is published stays");
    }

    #[test]
    fn an_artist_who_is_most_of_a_mood_stays_in_training() {
        let mut songs: Vec<_> = (0..47).map(|_| song("big", Mood::Calm)).collect();
        songs.extend((0..20).map(|i| song(&format!("g{i}"), Mood::Calm)));
        let songs = assigned(&songs, 1);
        assert_eq!(held(&songs).len(), 13);
        assert!(held(&songs).iter().all(|song| &*song.group != "big"));
    }

    #[test]
    fn other_labels_are_split_too_and_a_group_is_in_one_side_of_all_corpora() {
        let songs: Vec<_> = (0..300)
            .map(|i| {
                let sign = if i % 2 == 0 { 0.5 } else { -0.5 };
                let affect = Affect {
                    arousal: sign,
                    valence: sign,
                };
                let (corpus, label) = [("a", ""), ("b", "c1"), ("b", "c2")][i % 3];
                Song {
                    affect: label.is_empty().then_some(affect),
                    label: label.into(),
                    mood: None,
                    corpus: corpus.into(),
                    ..song(&format!("g{}", i / 3), Mood::Sad)
                }
            })
            .chain([Song {
                mood: None,
                ..song("unlabelled", Mood::Sad)
            }])
            .collect();
        let songs = assigned(&songs, 1);
        assert_eq!(held(&songs).len(), 60);
        let mut sides = HashMap::new();
        for song in &songs {
            assert_eq!(*sides.entry(&song.group).or_insert(song.split), song.split);
        }
    }
}

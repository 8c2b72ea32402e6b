//! What the report says of the songs.

use itertools::Itertools;
use undertone::card::LabelSpace;

use super::report::about::{ClassCount, DataSet};
use crate::songs::overview::{Class, Overview};
use crate::songs::song::Song;

/// The corpora of the songs with their counts.
pub fn data_sets(songs: &[Song]) -> Vec<DataSet> {
    let mut corpora: Vec<(&str, LabelSpace)> = songs
        .iter()
        .map(|song| (&*song.corpus, song.label_space))
        .collect();
    corpora.sort_by_key(|(name, space)| (*name, format!("{space:?}")));
    corpora.dedup();
    let set = |(name, label_space): (&str, LabelSpace)| {
        let own: Vec<Song> = songs
            .iter()
            .filter(|song| *song.corpus == *name && song.label_space == label_space)
            .cloned()
            .collect();
        DataSet {
            name: name.to_owned(),
            licence: licences(&own),
            label_space,
            classes: class_counts(&own),
        }
    };
    corpora.into_iter().map(set).collect()
}

fn class_counts(songs: &[Song]) -> Vec<ClassCount> {
    let overview = Overview::of(songs);
    let count = |class: &Class| {
        let own = songs.iter().filter(|song| song.mood == Some(class.mood));
        let groups = own.map(|song| &*song.group).unique();
        ClassCount {
            class: class.mood.name().to_owned(),
            songs: class.songs,
            groups: groups.count(),
            hours: (class.unknown_length == 0).then_some(class.hours),
        }
    };
    overview.classes.iter().map(count).collect()
}

/// The songs' licences, each once.
fn licences(songs: &[Song]) -> String {
    let licences = songs.iter().map(|song| &*song.licence);
    licences.sorted_unstable().dedup().join(", ")
}

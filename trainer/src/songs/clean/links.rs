//! Which songs are thought to be the same, and why.

use std::collections::HashMap;
use std::hash::Hash;

use anyhow::Result;
use rayon::prelude::*;
use undertone::Mood;

use super::evidence::Sound;
use super::fingerprint::Fingerprint;
use super::title;
use crate::songs::song::Song;

/// Which songs are thought to be the same.
pub(super) struct Links {
    /// Of each song, the others that it is thought to be, and why.
    of_song: Vec<Vec<(usize, Why)>>,
}

/// Two songs that are thought to be the same, the earlier of the table first.
type Link = ([usize; 2], Why);

/// Why two songs are thought to be the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Why {
    Id,
    Name,
    File,
    /// Part of the fingerprints' bits that differ.
    Sound(f64),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id => f.write_str("same id"),
            Self::Name => f.write_str("same artist and title"),
            Self::File => f.write_str("same file"),
            Self::Sound(errors) => {
                let percent = 100.0 * errors;
                write!(f, "same sound ({percent:.1} % of the fingerprint differs)")
            }
        }
    }
}

impl Links {
    /// All links: by id, by artist and title, by the file's contents, by its sound.
    pub(super) fn find(songs: &[Song], sounds: &[Result<Sound>]) -> Self {
        let ids = songs
            .iter()
            .map(|song| Some(song.id.trim()).filter(|id| !id.is_empty()));
        let names = songs
            .iter()
            .map(|song| title::name_of(&song.artist, &song.title));
        let files = sounds
            .iter()
            .map(|sound| Some(sound.as_ref().ok()?.sha256.as_str()));
        let links = equal(ids, Why::Id)
            .into_iter()
            .chain(equal(names, Why::Name))
            .chain(equal(files, Why::File))
            .chain(alike(sounds));
        Self::of(songs.len(), links)
    }

    fn of(count: usize, links: impl IntoIterator<Item = Link>) -> Self {
        let mut of_song = vec![Vec::new(); count];
        for ([a, b], why) in links {
            of_song[a].push((b, why));
            of_song[b].push((a, why));
        }
        Self { of_song }
    }

    /// All links of a song, in words.
    pub(super) fn reason(&self, song: usize, songs: &[Song]) -> String {
        let reasons = self.of_song[song].iter().map(|(other, why)| {
            let Song { id, mood, .. } = &songs[*other];
            let mood = mood.map_or("no mood", Mood::name);
            format!("{why} as {id} ({mood})")
        });
        reasons.collect::<Vec<_>>().join("; ")
    }

    /// Songs that the links hold together, each group and all groups in the table's order.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.of_song.len()];
        let mut groups = Vec::new();
        for start in 0..seen.len() {
            let (mut group, mut next) = (Vec::new(), vec![start]);
            while let Some(song) = next.pop() {
                if !std::mem::replace(&mut seen[song], true) {
                    group.push(song);
                    next.extend(self.of_song[song].iter().map(|(other, _)| *other));
                }
            }
            group.sort_unstable();
            groups.push(group);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }
}

/// Links every key that comes again to its first place; `None` is like nothing.
fn equal<K: Hash + Eq>(keys: impl Iterator<Item = Option<K>>, why: Why) -> Vec<Link> {
    let mut first = HashMap::new();
    keys.enumerate()
        .filter_map(|(place, key)| {
            let earlier = *first.entry(key?).or_insert(place);
            (earlier != place).then_some(([earlier, place], why))
        })
        .collect()
}

/// Links sounds that are one recording in different files. Only songs of near-equal
/// length are compared.
fn alike(sounds: &[Result<Sound>]) -> Vec<Link> {
    let mut known: Vec<(usize, &Sound, &Fingerprint)> = sounds
        .iter()
        .enumerate()
        .filter_map(|(place, sound)| {
            let sound = sound.as_ref().ok()?;
            Some((place, sound, sound.fingerprint.as_ref()?))
        })
        .filter(|(_, _, fingerprint)| fingerprint.is_telling())
        .collect();
    known.sort_by_key(|(_, _, fingerprint)| fingerprint.len());
    let mut links: Vec<Link> = known
        .par_iter()
        .enumerate()
        .flat_map_iter(|(rank, (place, sound, fingerprint))| {
            known[rank + 1..]
                .iter()
                .take_while(|(_, _, other)| fingerprint.has_length_of(other))
                .filter(|(_, other, _)| sound.sha256 != other.sha256)
                .filter_map(|(other, _, print)| {
                    let why = Why::Sound(fingerprint.errors_against(print)?);
                    Some(([*place.min(other), *place.max(other)], why))
                })
        })
        .collect();
    links.sort_by_key(|(songs, _)| *songs);
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_follow_chains_of_links() {
        let links = [[1, 4], [3, 4], [0, 2]].map(|songs| (songs, Why::Id));
        let groups = Links::of(6, links).groups();
        assert_eq!(groups, [vec![0, 2], vec![1, 3, 4], vec![5]]);
    }

    #[test]
    fn unknown_keys_are_like_nothing() {
        let keys = [Some("a"), None, None, Some("a"), Some("b"), Some("a")];
        assert_eq!(
            equal(keys.into_iter(), Why::Id),
            [([0, 3], Why::Id), ([0, 5], Why::Id)]
        );
    }
}

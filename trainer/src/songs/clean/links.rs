//! Which songs are thought to be the same, and why.

use rayon::prelude::*;

use super::evidence::{Heard, Sound};
use super::fingerprint::Fingerprint;
use super::title;
use crate::songs::song::Song;

/// Two songs that are thought to be the same, the earlier of the table first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    pub(super) songs: [usize; 2],
    pub(super) why: Why,
}

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
                write!(
                    f,
                    "same sound ({:.1} % of the fingerprint differs)",
                    100.0 * errors
                )
            }
        }
    }
}

/// All links: by id, by artist and title, by the file's contents, by its sound.
pub(super) fn find(songs: &[Song], sounds: &[Heard]) -> Vec<Link> {
    let ids = songs
        .iter()
        .map(|song| Some(song.id.trim()).filter(|id| !id.is_empty()));
    let names = songs
        .iter()
        .map(|song| title::name_of(&song.artist, &song.title))
        // One text each: a table may have a million songs.
        .map(|name| name.map(|(artist, title)| format!("{artist}\n{title}")));
    let files = sounds
        .iter()
        .map(|sound| Some(sound.as_ref().ok()?.sha256.as_str()));
    let mut links = equal(ids, Why::Id);
    links.extend(equal(names, Why::Name));
    links.extend(equal(files, Why::File));
    links.extend(alike(sounds));
    links
}

/// Links every key that comes again to its first place; `None` is like nothing.
fn equal<K: Ord>(keys: impl Iterator<Item = Option<K>>, why: Why) -> Vec<Link> {
    let keys = keys.enumerate();
    let mut known: Vec<(K, usize)> = keys
        .filter_map(|(place, key)| Some((key?, place)))
        .collect();
    known.sort_unstable();
    let mut links = Vec::new();
    for same in known.chunk_by(|a, b| a.0 == b.0) {
        links.extend(same[1..].iter().map(|(_, place)| Link {
            songs: [same[0].1, *place],
            why,
        }));
    }
    links.sort_unstable_by_key(|link| link.songs[1]);
    links
}

/// Links sounds that are one recording in different files. Only songs of near-equal
/// length are compared.
fn alike(sounds: &[Heard]) -> Vec<Link> {
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
                    Some(Link {
                        songs: [*place.min(other), *place.max(other)],
                        why: Why::Sound(fingerprint.errors_against(print)?),
                    })
                })
        })
        .collect();
    links.sort_by_key(|link| link.songs);
    links
}

/// Songs that the links hold together, each group and all groups in the table's order.
pub(super) fn groups(count: usize, links: &[Link]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..count).collect();
    for link in links {
        let [a, b] = link.songs.map(|song| root(&parent, song));
        parent[a.max(b)] = a.min(b);
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); count];
    for song in 0..count {
        groups[root(&parent, song)].push(song);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn root(parent: &[usize], mut song: usize) -> usize {
    while parent[song] != song {
        song = parent[song];
    }
    song
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(a: usize, b: usize) -> Link {
        Link {
            songs: [a, b],
            why: Why::Id,
        }
    }

    #[test]
    fn groups_follow_chains_of_links() {
        let links = [link(1, 4), link(3, 4), link(0, 2)];
        assert_eq!(groups(6, &links), [vec![0, 2], vec![1, 3, 4], vec![5]]);
    }

    #[test]
    fn unknown_keys_are_like_nothing() {
        let keys = [Some("a"), None, None, Some("a"), Some("b"), Some("a")];
        assert_eq!(equal(keys.into_iter(), Why::Id), [link(0, 3), link(0, 5)]);
    }
}

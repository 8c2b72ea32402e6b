//! Songs of one artist, or of one file, share a group over all tables.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};

use super::artist::group_of;
use super::song::{Song, Split};
use collections::console::Hint;

/// Artists that are many.
const NOBODY: [&str; 5] = [
    "unknown",
    "unknownartist",
    "various",
    "variousartists",
    "va",
];

/// Joins the groups of artists that stand in several of the tables, and gives every song the
/// side and the fold of its group. Within one table its own groups stay as they are: it may
/// split a large catalogue by piece.
///
/// # Errors
/// When a group would then stand on both sides of the split, or in two folds.
pub fn join(tables: &mut [Vec<Song>]) -> Result<()> {
    let mut names = Names::default();
    // The first table of each artist and the groups of his songs; all of them are joined
    // when a second table has him.
    let mut artists: HashMap<String, Met> = HashMap::new();
    let mut paths: HashMap<&Path, usize> = HashMap::new();
    for (number, table) in tables.iter().enumerate() {
        for song in table {
            let group = names.number(&song.group);
            if let Some(path) = song.path.as_deref() {
                let known = *paths.entry(path).or_insert(group);
                names.join(known, group);
            }
            if tables.len() > 1
                && let Some(artist) = artist(song)
            {
                let met = artists
                    .entry(artist)
                    .or_insert_with(|| Met::in_table(number));
                met.meet(number, group);
            }
        }
    }
    for met in artists.values().filter(|met| met.in_several) {
        for group in &met.groups[1..] {
            names.join(met.groups[0], *group);
        }
    }
    let roots: HashMap<Arc<str>, Arc<str>> = names.roots();
    for song in tables.iter_mut().flatten() {
        if let Some(root) = roots.get(&song.group) {
            song.group = root.clone();
        }
    }
    share(tables)
}

/// The groups of an artist's songs.
struct Met {
    table: usize,
    in_several: bool,
    groups: Vec<usize>,
}

impl Met {
    const fn in_table(table: usize) -> Self {
        Self {
            table,
            in_several: false,
            groups: Vec::new(),
        }
    }

    fn meet(&mut self, table: usize, group: usize) {
        self.in_several |= table != self.table;
        if !self.groups.contains(&group) {
            self.groups.push(group);
        }
    }
}

/// The artist as he compares; `None` where he is unknown. Where the group is that of the
/// whole name ("Brown, Ruth"), what stands after a comma is no second artist.
fn artist(song: &Song) -> Option<String> {
    let whole = letters(&song.artist);
    let name = if whole == letters(&song.group) {
        whole
    } else {
        letters(&group_of(&song.artist, ""))
    };
    (!name.is_empty() && !NOBODY.contains(&name.as_str())).then_some(name)
}

fn letters(name: &str) -> String {
    let lower = name.chars().flat_map(char::to_lowercase);
    lower.filter(|c| c.is_alphanumeric()).collect()
}

/// Groups by number, and which of them are one.
#[derive(Default)]
struct Names {
    all: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, usize>,
    /// An earlier group that each is the same as; itself where there is none.
    earlier: Vec<usize>,
}

impl Names {
    fn number(&mut self, name: &Arc<str>) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.all.len();
        self.all.push(name.clone());
        self.numbers.insert(name.clone(), number);
        self.earlier.push(number);
        number
    }

    fn root(&self, mut group: usize) -> usize {
        while self.earlier[group] != group {
            group = self.earlier[group];
        }
        group
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.earlier[a.max(b)] = a.min(b);
    }

    /// The new name of every group that has one: that of the first that it is the same as.
    fn roots(&self) -> HashMap<Arc<str>, Arc<str>> {
        let all = self.all.iter().enumerate();
        all.filter_map(|(number, name)| {
            let root = self.root(number);
            (root != number).then(|| (name.clone(), self.all[root].clone()))
        })
        .collect()
    }
}

/// Gives every song the side and the fold of its group.
fn share(tables: &mut [Vec<Song>]) -> Result<()> {
    let mut known: HashMap<Arc<str>, (Option<Split>, Option<usize>)> = HashMap::new();
    for song in tables.iter().flatten() {
        if song.split.is_none() && song.fold.is_none() {
            continue;
        }
        let (split, fold) = known.entry(song.group.clone()).or_default();
        let twice = |what: &str| {
            Err(anyhow!(
                "the group {} is {what}: see {}",
                song.group,
                song.id
            ))
            .hint("tables that are split differently can't be one; leave out the column")
        };
        if split.is_some() && song.split.is_some() && *split != song.split {
            return twice("in train and in validation");
        }
        if fold.is_some() && song.fold.is_some() && *fold != song.fold {
            return twice("in two folds");
        }
        *split = split.or(song.split);
        *fold = fold.or(song.fold);
    }
    for song in tables.iter_mut().flatten() {
        if let Some((split, fold)) = known.get(&song.group) {
            song.split = *split;
            song.fold = *fold;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song(artist: &str, group: &str, split: Option<Split>) -> Song {
        Song {
            id: format!("{artist}/{group}"),
            artist: artist.into(),
            group: group.into(),
            split,
            ..Song::default()
        }
    }

    #[test]
    fn an_artist_is_one_group_over_all_tables() {
        let piece = |name: &str| song("Kevin MacLeod", &format!("piece {name}"), None);
        let own = vec![piece("a"), piece("b"), song("Ann feat. Bob", "ann", None)];
        let mut one = [own.clone()];
        join(&mut one).unwrap();
        assert_eq!(one[0], own, "one table keeps its groups");

        let held = Some(Split::Validation);
        let other = vec![
            song("kevin macleod", "kevinmacleod", held),
            song("Brown, Ruth", "brownruth", None),
            song("Brown, James", "brownjames", None),
            song("Unknown", "unknown", None),
        ];
        let third = vec![song("Brown", "brown", None), song("unknown", "x", None)];
        let mut tables = [own, other, third];
        join(&mut tables).unwrap();
        let groups: Vec<&str> = tables.iter().flatten().map(|song| &*song.group).collect();
        let expected = [
            "piece a",
            "piece a",
            "ann",
            "piece a",
            "brownruth",
            "brownjames",
        ];
        assert_eq!(groups[..6], expected);
        assert_eq!(groups[6..], ["unknown", "brown", "x"]);
        assert_eq!(tables[0][1].split, held);
    }

    #[test]
    fn a_group_on_both_sides_is_refused() {
        let mut tables = [
            vec![song("Ann", "a", Some(Split::Train))],
            vec![song("ann", "b", Some(Split::Validation))],
        ];
        let error = join(&mut tables).unwrap_err().to_string();
        assert!(
            error.contains("the group a is in train and in validation"),
            "{error}"
        );
    }
}

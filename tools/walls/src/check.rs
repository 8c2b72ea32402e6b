//! What is wrong with the imports of a crate.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::imports::Imports;
use crate::rooms::{House, Known};
use crate::tree::Tree;

/// What is wrong, in words; and how many imports and circles there are without and with the
/// known ones.
#[derive(Debug, Default)]
pub struct Findings {
    /// One message for each.
    pub wrong: Vec<String>,
    /// Circles of files, the known ones too.
    pub circles: usize,
    /// Imports of what stands above, the known ones too.
    pub upward: usize,
}

/// Holds the imports against the order of rooms.
pub fn check(house: &House, tree: &Tree, imports: &Imports) -> Findings {
    let view = View { house, tree };
    let mut findings = Findings::default();
    let unnamed = tree.files.iter().filter(|file| view.rank(file).is_none());
    findings.wrong.extend(unnamed.map(|file| {
        format!(
            "{}: belongs to no room; give it a place in the order",
            view.path(file)
        )
    }));
    let is_upward =
        |(from, to): (usize, usize)| view.rank(&tree.files[from]) < view.rank(&tree.files[to]);
    let all: BTreeSet<_> = imports.keys().copied().collect();
    let circles = circles(&all);
    findings.circles = circles.len();
    findings.upward = all.iter().filter(|pair| is_upward(**pair)).count();
    let mut left = all;
    for known in house.known {
        let pair = view.pair(known);
        let in_circle = |(from, to)| {
            let both = |circle: &&BTreeSet<usize>| circle.contains(&from) && circle.contains(&to);
            circles.iter().find(both).is_some()
        };
        match pair.filter(|pair| left.remove(pair)) {
            Some(pair) if is_upward(pair) || in_circle(pair) => {}
            _ => findings.wrong.push(format!(
                "{} no longer breaks a rule with {}; take it out of the known ones",
                view.path(known.from),
                view.path(known.to)
            )),
        }
    }
    for &(from, to) in left.iter().filter(|pair| is_upward(**pair)) {
        let (room, above) = (view.room(&tree.files[from]), view.room(&tree.files[to]));
        findings.wrong.push(format!(
            "{}, but the room {room} stands below {above}",
            view.import(imports, from, to)
        ));
    }
    for circle in self::circles(&left) {
        let way = shortest_way(&left, &circle);
        let steps = way.iter().map(|&(from, to)| view.import(imports, from, to));
        let steps: Vec<String> = steps.collect();
        findings.wrong.push(format!(
            "a circle of {} files:\n  {}",
            circle.len(),
            steps.join("\n  ")
        ));
    }
    findings
}

/// A crate and the order of its rooms.
struct View<'a> {
    house: &'a House,
    tree: &'a Tree,
}

impl View<'_> {
    fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.house.folder)
    }

    fn import(&self, imports: &Imports, from: usize, to: usize) -> String {
        let line = imports.get(&(from, to)).copied().unwrap_or_default();
        let (from, to) = (&self.tree.files[from], &self.tree.files[to]);
        format!("{}:{line} imports {}", self.path(from), self.path(to))
    }

    /// The room of a file: the longest name of the order that its path begins with.
    fn room(&self, file: &str) -> &str {
        let place = file.strip_suffix(".rs").unwrap_or(file);
        let place = place.strip_suffix("/mod").unwrap_or(place);
        let holds = |room: &str| {
            let rest = place.strip_prefix(room);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let rooms = self.house.rooms.iter().copied();
        let longest = rooms
            .filter(|room| holds(room))
            .max_by_key(|room| room.len());
        longest.unwrap_or_default()
    }

    /// How high the room of a file stands.
    fn rank(&self, file: &str) -> Option<usize> {
        let room = self.room(file);
        self.house.rooms.iter().position(|one| *one == room)
    }

    fn pair(&self, known: &Known) -> Option<(usize, usize)> {
        let file = |name: &str| self.tree.files.iter().position(|file| file == name);
        Some((file(known.from)?, file(known.to)?))
    }
}

/// Files that import each other over any number of steps; each set is one circle.
fn circles(imports: &BTreeSet<(usize, usize)>) -> Vec<BTreeSet<usize>> {
    let files: BTreeSet<usize> = imports.iter().map(|pair| pair.0).collect();
    let reached: BTreeMap<usize, BTreeSet<usize>> = files
        .iter()
        .map(|&file| (file, steps_from(imports, file).into_keys().collect()))
        .collect();
    let meets =
        |one: usize, other: usize| reached.get(&one).is_some_and(|all| all.contains(&other));
    let mut found: Vec<BTreeSet<usize>> = Vec::new();
    for &file in &files {
        let new = !found.iter().any(|circle| circle.contains(&file));
        if new && meets(file, file) {
            let all = files.iter().copied();
            found.push(
                all.filter(|&other| meets(file, other) && meets(other, file))
                    .collect(),
            );
        }
    }
    found
}

/// The shortest circle within a set of files that import each other.
fn shortest_way(
    imports: &BTreeSet<(usize, usize)>,
    circle: &BTreeSet<usize>,
) -> Vec<(usize, usize)> {
    let ways = circle.iter().map(|&file| {
        let before = steps_from(imports, file);
        let mut way = Vec::new();
        let mut at = file;
        while let Some(&from) = before.get(&at) {
            way.push((from, at));
            at = from;
            if at == file {
                break;
            }
        }
        way.reverse();
        way
    });
    ways.min_by_key(Vec::len).unwrap_or_default()
}

/// Every file that one reaches, with the file before it on the shortest way.
fn steps_from(imports: &BTreeSet<(usize, usize)>, start: usize) -> BTreeMap<usize, usize> {
    let mut before = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for &(_, next) in imports.range((file, 0)..=(file, usize::MAX)) {
            if let std::collections::btree_map::Entry::Vacant(entry) = before.entry(next) {
                entry.insert(file);
                queue.push_back(next);
            }
        }
    }
    before
}

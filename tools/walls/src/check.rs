//! What is wrong with the imports of a crate.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::imports::Imports;
use crate::rooms::{House, Knot};
use crate::tree::Tree;

/// What is wrong with a crate.
#[derive(Debug, Default)]
pub struct Findings {
    /// One message for each thing that is wrong and not known.
    pub wrong: Vec<String>,
    /// Imports of what stands above, the known ones too.
    pub upward: usize,
    /// Circles of files, the known ones too.
    pub circles: usize,
}

/// Holds the imports of a crate against the order of its rooms.
pub fn check(house: &House, tree: &Tree, imports: &Imports) -> Findings {
    let view = View {
        house,
        tree,
        imports,
    };
    let all: Pairs = imports.keys().copied().collect();
    let is_upward = |pair: &&(usize, usize)| view.rank(pair.0) < view.rank(pair.1);
    let upward: Pairs = all.iter().filter(is_upward).copied().collect();
    let circles = circles(&all);
    let mut wrong = view.strangers();
    wrong.extend(view.loose_ends(&upward, &circles));
    let new = upward
        .iter()
        .filter(|(from, to)| !view.is_known(&[*from, *to].into()));
    wrong.extend(new.map(|&(from, to)| view.upward(from, to)));
    let new = circles.iter().filter(|circle| !view.is_known(circle));
    wrong.extend(new.map(|circle| view.circle(&shortest_way(&all, circle), circle.len())));
    Findings {
        wrong,
        upward: upward.len(),
        circles: circles.len(),
    }
}

/// Imports: the importing and the imported file.
type Pairs = BTreeSet<(usize, usize)>;

/// A crate and the order of its rooms.
struct View<'a> {
    house: &'a House<'a>,
    tree: &'a Tree,
    imports: &'a Imports,
}

impl View<'_> {
    fn path(&self, file: usize) -> String {
        format!("{}/{}", self.house.folder, self.tree.files[file])
    }

    fn import(&self, from: usize, to: usize) -> String {
        let line = self.imports[&(from, to)];
        format!("{}:{line} imports {}", self.path(from), self.path(to))
    }

    fn upward(&self, from: usize, to: usize) -> String {
        let (below, above) = (self.room(from), self.room(to));
        let import = self.import(from, to);
        format!("{import}, but the room {below} stands below {above}")
    }

    fn circle(&self, way: &[(usize, usize)], files: usize) -> String {
        let steps = way.iter().map(|&(from, to)| self.import(from, to));
        let steps: Vec<String> = steps.collect();
        let steps = steps.join("\n  ");
        format!("{files} files import each other in a circle, such as\n  {steps}")
    }

    /// The room of a file: the longest name in the order that its path begins with.
    fn room(&self, file: usize) -> &str {
        let path = &self.tree.files[file];
        let place = path.strip_suffix(".rs").unwrap_or(path);
        let holds = |room: &&&str| {
            let rest = place.strip_prefix(**room);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let rooms = self.house.rooms.iter().filter(holds);
        rooms.max_by_key(|room| room.len()).copied().unwrap_or("")
    }

    /// How high the room of a file stands.
    fn rank(&self, file: usize) -> Option<usize> {
        let room = self.room(file);
        self.house.rooms.iter().position(|one| *one == room)
    }

    /// Files whose room has no place in the order.
    fn strangers(&self) -> Vec<String> {
        let files = 0..self.tree.files.len();
        let strangers = files.filter(|&file| self.rank(file).is_none());
        let say = |file| format!("{} belongs to no room of the order", self.path(file));
        strangers.map(say).collect()
    }

    /// Whether all these files lie in one knot.
    fn is_known(&self, files: &BTreeSet<usize>) -> bool {
        let lies_in = |knot: &Knot, file: usize| knot.files.contains(&&*self.tree.files[file]);
        let holds_all = |knot: &Knot| files.iter().all(|&file| lies_in(knot, file));
        self.house.knots.iter().any(holds_all)
    }

    /// Files of knots that no longer break a rule.
    fn loose_ends(&self, upward: &Pairs, circles: &[BTreeSet<usize>]) -> Vec<String> {
        let in_upward = upward.iter().flat_map(|&(from, to)| [from, to]);
        let bad: BTreeSet<usize> = in_upward.chain(circles.iter().flatten().copied()).collect();
        let bad: BTreeSet<&str> = bad.iter().map(|&file| &*self.tree.files[file]).collect();
        let named = self.house.knots.iter().flat_map(|knot| knot.files);
        let loose = named.filter(|file| !bad.contains(*file));
        let folder = self.house.folder;
        let say = |file| format!("{folder}/{file} breaks no rule; take it out of its knot");
        loose.map(say).collect()
    }
}

/// Files that import each other over any number of steps; each set is one circle.
fn circles(imports: &Pairs) -> Vec<BTreeSet<usize>> {
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
fn shortest_way(imports: &Pairs, circle: &BTreeSet<usize>) -> Vec<(usize, usize)> {
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
fn steps_from(imports: &Pairs, start: usize) -> BTreeMap<usize, usize> {
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

//! The songs, and what of them is shown.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::column::{Column, Columns};
use super::ear::Ear;
use super::entry::Entry;
use super::filter::Filter;
use super::kept::Kept;
use super::line::{Grouping, Line, lines};
use super::order::Sort;
use super::selection::{Pick, Selection, Step};
use super::smart::{SmartList, SmartLists};
use super::song::LibrarySong;
use crate::mood::Mood;
use crate::report::ModelIds;

/// How many songs are of each mood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// By mood, in the order of [`Mood::ALL`], without the unsure.
    pub moods: [usize; Mood::COUNT],
    /// Music of no sure mood.
    pub unsure: usize,
    /// Those that are no music.
    pub no_music: usize,
}

/// The songs, how they are shown, and which are selected. Order and lines are kept, so that
/// ten thousand songs are looked through while somebody types.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Library {
    songs: BTreeMap<Rc<str>, Entry>,
    /// All songs in the order of `sort`.
    order: Vec<Rc<str>>,
    /// What is shown.
    lines: Vec<Line>,
    filter: Filter,
    sort: Sort,
    grouping: Grouping,
    columns: Columns,
    lists: SmartLists,
    /// Name of the smart list that is shown.
    list: Option<String>,
    selection: Selection,
    /// What was learnt from the visitor.
    ear: Option<Ear>,
    /// Whether she wants the judges alone.
    deaf: bool,
    revision: u64,
}

impl Library {
    /// Grows with every change of what is shown, so that a view knows when to look again.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Number of songs, shown or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.songs.len()
    }

    /// Whether it holds no song.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.songs.is_empty()
    }

    /// The song with that SHA-256.
    #[must_use]
    pub fn get(&self, hash: &str) -> Option<&LibrarySong> {
        self.songs.get(hash).map(|entry| &entry.song)
    }

    /// All songs, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = &LibrarySong> {
        self.songs.values().map(|entry| &entry.song)
    }

    /// What is shown, line by line.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The songs that are shown, from top to bottom.
    pub fn shown(&self) -> impl Iterator<Item = &LibrarySong> {
        self.shown_hashes().filter_map(|hash| self.get(hash))
    }

    fn shown_hashes(&self) -> impl Iterator<Item = &Rc<str>> {
        self.lines.iter().filter_map(|line| match line {
            Line::Song(hash) => Some(hash),
            Line::Heading { .. } => None,
        })
    }

    /// Which songs are selected.
    #[must_use]
    pub const fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The selected songs, from top to bottom.
    pub fn picked(&self) -> impl Iterator<Item = &LibrarySong> {
        self.shown().filter(|song| self.selection.has(song.hash()))
    }

    /// The selected songs; where none is, all that are shown.
    #[must_use]
    pub fn picked_or_shown(&self) -> Vec<&LibrarySong> {
        if self.selection.is_empty() {
            self.shown().collect()
        } else {
            self.picked().collect()
        }
    }

    /// How many of all songs are of each mood.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for song in self.iter() {
            match song.mood() {
                None => totals.no_music += 1,
                Some(_) if song.is_unsure() => totals.unsure += 1,
                Some(mood) => totals.moods[mood.index()] += 1,
            }
        }
        totals
    }

    /// Number of songs that other models than these judged.
    #[must_use]
    pub fn outdated(&self, models: &ModelIds) -> usize {
        let others = self.iter().filter(|song| song.kept.models != *models);
        others.count()
    }

    /// Which songs are shown.
    #[must_use]
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// In which order.
    #[must_use]
    pub const fn sort(&self) -> Sort {
        self.sort
    }

    /// What the list shows of each song.
    #[must_use]
    pub const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// All smart lists.
    #[must_use]
    pub const fn lists(&self) -> &SmartLists {
        &self.lists
    }

    /// The smart list that is shown.
    #[must_use]
    pub fn list(&self) -> Option<&SmartList> {
        self.lists.get(self.list.as_deref()?)
    }

    /// What was learnt from the visitor, unless she wants the judges alone.
    #[must_use]
    pub const fn ear(&self) -> Option<&Ear> {
        self.ear.as_ref()
    }

    /// Whether she wants the judges alone.
    #[must_use]
    pub const fn is_deaf(&self) -> bool {
        self.deaf
    }

    /// Number of songs whose mood was learnt from her.
    #[must_use]
    pub fn moved(&self) -> usize {
        self.iter().filter(|song| song.heard.is_some()).count()
    }

    /// Learns from her, or goes by the judges alone.
    pub fn set_deaf(&mut self, deaf: bool) {
        self.deaf = deaf;
        self.listen();
        self.renew_order();
    }

    /// Shows other songs.
    pub fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
        self.renew_lines();
    }

    /// Puts songs together.
    pub fn set_grouping(&mut self, grouping: Grouping) {
        self.grouping = grouping;
        self.renew_lines();
    }

    /// Shows other columns.
    pub fn set_columns(&mut self, columns: Columns) {
        self.columns = columns;
        self.revision += 1;
    }

    /// Replaces all smart lists.
    pub fn set_lists(&mut self, lists: SmartLists) {
        self.lists = lists;
        self.renew_lines();
    }

    /// Keeps a smart list, and shows it.
    pub fn put_list(&mut self, list: SmartList) {
        self.list = Some(list.name.clone());
        self.lists.put(list);
        self.renew_lines();
    }

    /// Forgets a smart list.
    pub fn remove_list(&mut self, name: &str) {
        self.lists.remove(name);
        self.renew_lines();
    }

    /// Shows the smart list of that name, or all songs.
    pub fn show_list(&mut self, name: Option<String>) {
        self.list = name;
        self.renew_lines();
    }

    /// Sorts by that column, or turns its order around.
    pub fn press(&mut self, column: Column) {
        self.sort = self.sort.pressed(column);
        self.renew_order();
    }

    /// Selects a song, and puts the cursor there.
    pub fn pick(&mut self, hash: &str, pick: Pick) {
        let mut selection = std::mem::take(&mut self.selection);
        let list: Vec<_> = self.shown_hashes().collect();
        selection.pick(&list, hash, pick);
        self.selection = selection;
        self.revision += 1;
    }

    /// Moves the cursor.
    pub fn step(&mut self, step: Step, pick: Pick) {
        let mut selection = std::mem::take(&mut self.selection);
        let list: Vec<_> = self.shown_hashes().collect();
        selection.step(&list, step, pick);
        self.selection = selection;
        self.revision += 1;
    }

    /// Selects those songs of the list that fit, and those of now too where they are to be
    /// added to.
    pub fn pick_where(&mut self, fits: impl Fn(&LibrarySong) -> bool, add: bool) {
        let mut selection = std::mem::take(&mut self.selection);
        let list = self.shown_hashes();
        let fitting = list.filter(|hash| self.get(hash).is_some_and(&fits));
        selection.pick_all(fitting, add);
        self.selection = selection;
        self.revision += 1;
    }

    /// Selects the songs below the heading at that line.
    pub fn pick_below(&mut self, heading: usize, add: bool) {
        let below = self.lines.iter().skip(heading + 1);
        let songs = below.map_while(|line| match line {
            Line::Song(hash) => Some(hash),
            Line::Heading { .. } => None,
        });
        self.selection.pick_all(songs, add);
        self.revision += 1;
    }

    /// Selects nothing.
    pub fn pick_none(&mut self) {
        self.selection.clear();
        self.revision += 1;
    }

    /// Replaces all songs.
    pub fn replace(&mut self, songs: impl IntoIterator<Item = LibrarySong>) {
        let keyed = songs
            .into_iter()
            .map(|song| (Rc::from(song.hash()), Entry::new(song)));
        self.songs = keyed.collect();
        self.listen();
        self.renew_order();
    }

    /// Adds a verdict, or puts it in an older one's place; what the visitor said stays, and
    /// tags that were not read this time.
    pub fn keep(&mut self, mut kept: Kept) {
        let before = self.get(&kept.origin.hash);
        let said = before.and_then(|song| song.said);
        if let Some(before) = before.filter(|_| kept.tags.is_empty()) {
            kept.tags.clone_from(&before.kept.tags);
        }
        let hash = kept.origin.hash.clone();
        self.set(&hash, Some(LibrarySong::new(kept, said)));
    }

    /// Puts in what another page has kept of a song, or takes out what it has forgotten.
    pub fn set(&mut self, hash: &str, song: Option<LibrarySong>) {
        match song {
            Some(mut song) => {
                song.heard = mood_by(self.ear.as_ref(), &song);
                self.songs.insert(Rc::from(hash), Entry::new(song))
            }
            None => self.songs.remove(hash),
        };
        self.renew_order();
    }

    /// Takes out songs.
    pub fn forget(&mut self, hashes: &[String]) {
        for hash in hashes {
            self.songs.remove(hash.as_str());
        }
        self.renew_order();
    }

    /// Notes what the visitor hears, or that she takes it back.
    pub fn say(&mut self, hashes: &[String], mood: Option<Mood>) {
        for hash in hashes {
            if let Some(entry) = self.songs.get_mut(hash.as_str()) {
                entry.song.said = mood;
            }
        }
        self.listen();
        self.renew_order();
    }

    /// Takes out all songs.
    pub fn clear(&mut self) {
        self.songs.clear();
        self.ear = None;
        self.renew_order();
    }

    /// Learns from what the visitor said, and hears all songs anew.
    fn listen(&mut self) {
        let learnt = |songs: &BTreeMap<_, Entry>| Ear::learn(songs.values().map(|one| &one.song));
        self.ear = (!self.deaf).then(|| learnt(&self.songs)).flatten();
        for entry in self.songs.values_mut() {
            entry.song.heard = mood_by(self.ear.as_ref(), &entry.song);
        }
    }

    fn renew_order(&mut self) {
        let mut songs: Vec<_> = self.songs.iter().collect();
        songs.sort_by(|a, b| self.sort.compare(a.1, b.1));
        self.order = songs.into_iter().map(|(hash, _)| Rc::clone(hash)).collect();
        self.renew_lines();
    }

    fn renew_lines(&mut self) {
        // A list whose rules nobody can read shows nothing, rather than all.
        let rules = self.list().map(SmartList::read);
        let readable = rules != Some(None);
        let rules = rules.flatten().unwrap_or_default();
        let admits = self.filter.admitting(&rules);
        let shown = self.order.iter().filter_map(|hash| {
            let entry = self.songs.get(hash)?;
            (readable && admits(entry)).then_some((hash, entry))
        });
        let lines = lines(self.grouping, shown);
        drop(admits);
        self.lines = lines;
        let mut selection = std::mem::take(&mut self.selection);
        if !selection.is_empty() || selection.cursor().is_some() {
            let shown: std::collections::HashSet<_> =
                self.shown_hashes().map(|hash| &**hash).collect();
            selection.retain(|hash| shown.contains(hash));
        }
        self.selection = selection;
        self.revision += 1;
    }
}

/// The mood that the visitor would hear, where it is not the verdict's.
fn mood_by(ear: Option<&Ear>, song: &LibrarySong) -> Option<Mood> {
    let heard = ear.filter(|_| song.said.is_none())?.hear(song)?;
    (heard != song.kept.mood).then_some(heard)
}

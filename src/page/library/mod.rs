//! All songs that were judged, in this visit or before: sorted, filtered, counted and
//! compared without a browser.

pub mod backup;
mod kept;
mod order;
mod similar;
mod song;

use std::collections::BTreeMap;

use crate::mood::Mood;
use crate::report::ModelIds;

pub use kept::{Kept, Origin};
pub use order::{Certainty, Column, Filter, Group, Sort, natural};
pub use similar::nearest;
pub use song::LibrarySong;

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

/// The songs, and what of them is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Library {
    songs: BTreeMap<String, LibrarySong>,
    filter: Filter,
    sort: Sort,
    revision: u64,
}

impl Library {
    /// Grows with every change, so that a view knows when to look again.
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
        self.songs.get(hash)
    }

    /// All songs, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = &LibrarySong> {
        self.songs.values()
    }

    /// The songs that the filter admits, sorted.
    #[must_use]
    pub fn shown(&self) -> Vec<&LibrarySong> {
        let mut shown: Vec<_> = self
            .iter()
            .filter(|song| self.filter.admits(song))
            .collect();
        shown.sort_by(|a, b| self.sort.compare(a, b));
        shown
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

    /// Shows other songs.
    pub fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
        self.revision += 1;
    }

    /// Sorts by that column, or turns its order around.
    pub fn press(&mut self, column: Column) {
        self.sort = self.sort.pressed(column);
        self.revision += 1;
    }

    /// Replaces all songs.
    pub fn replace(&mut self, songs: impl IntoIterator<Item = LibrarySong>) {
        let keyed = songs.into_iter().map(|song| (song.hash().to_owned(), song));
        self.songs = keyed.collect();
        self.revision += 1;
    }

    /// Adds a verdict, or puts it in an older one's place; what the visitor said stays, and
    /// tags that were not read this time.
    pub fn keep(&mut self, mut kept: Kept) {
        let hash = kept.origin.hash.clone();
        let before = self.songs.get(&hash);
        let said = before.and_then(|song| song.said);
        if let Some(before) = before.filter(|_| kept.tags.is_empty()) {
            kept.tags.clone_from(&before.kept.tags);
        }
        self.songs.insert(hash, LibrarySong { kept, said });
        self.revision += 1;
    }

    /// Puts in what another page has kept of a song, or takes out what it has forgotten.
    pub fn set(&mut self, hash: &str, song: Option<LibrarySong>) {
        match song {
            Some(song) => self.songs.insert(hash.to_owned(), song),
            None => self.songs.remove(hash),
        };
        self.revision += 1;
    }

    /// Notes what the visitor hears, or that she takes it back.
    pub fn say(&mut self, hash: &str, mood: Option<Mood>) {
        if let Some(song) = self.songs.get_mut(hash) {
            song.said = mood;
            self.revision += 1;
        }
    }

    /// Takes out all songs.
    pub fn clear(&mut self) {
        self.songs.clear();
        self.revision += 1;
    }
}

#[cfg(test)]
pub(crate) mod tests;

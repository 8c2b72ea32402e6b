//! Which songs of the list are selected, and where the cursor is: as in a file manager.

use std::collections::BTreeSet;
use std::rc::Rc;

/// How a song is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// This one alone.
    Only,
    /// This one too, or no longer.
    Toggle,
    /// All from the last one up to this one.
    Range,
    /// None: only the cursor goes there.
    Cursor,
}

/// Where the cursor goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many songs on, or back.
    By(i32),
    /// To the first song.
    First,
    /// To the last.
    Last,
    /// Nowhere.
    Here,
}

/// The selected songs, by the SHA-256 of their files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    picked: BTreeSet<Rc<str>>,
    /// Where a range begins.
    anchor: Option<Rc<str>>,
    cursor: Option<Rc<str>>,
}

impl Selection {
    /// Whether that song is selected.
    #[must_use]
    pub fn has(&self, hash: &str) -> bool {
        self.picked.contains(hash)
    }

    /// Number of selected songs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.picked.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.picked.is_empty()
    }

    /// The song that the cursor is on.
    #[must_use]
    pub fn cursor(&self) -> Option<&Rc<str>> {
        self.cursor.as_ref()
    }

    /// Selects a song of the list, and puts the cursor there.
    pub fn pick(&mut self, list: &[&Rc<str>], hash: &str, pick: Pick) {
        let Some(at) = position(list, hash) else {
            return;
        };
        let hash = list[at];
        match pick {
            Pick::Only => {
                self.picked = BTreeSet::from([Rc::clone(hash)]);
                self.anchor = Some(Rc::clone(hash));
            }
            Pick::Toggle => {
                if !self.picked.remove(hash) {
                    self.picked.insert(Rc::clone(hash));
                }
                self.anchor = Some(Rc::clone(hash));
            }
            Pick::Range => {
                let anchor = self.anchor.as_deref().and_then(|one| position(list, one));
                let anchor = anchor.unwrap_or(at);
                let range = &list[at.min(anchor)..=at.max(anchor)];
                self.picked = range.iter().map(|hash| Rc::clone(hash)).collect();
                self.anchor = Some(Rc::clone(list[anchor]));
            }
            Pick::Cursor => {}
        }
        self.cursor = Some(Rc::clone(hash));
    }

    /// Moves the cursor, and selects where it arrives.
    pub fn step(&mut self, list: &[&Rc<str>], step: Step, pick: Pick) {
        let Some(bottom) = list.len().checked_sub(1) else {
            return;
        };
        let here = self.cursor.as_deref().and_then(|one| position(list, one));
        let to = match (step, here) {
            (Step::First, _) | (Step::By(_) | Step::Here, None) => 0,
            (Step::Last, _) => bottom,
            (Step::Here, Some(here)) => here,
            (Step::By(by), Some(here)) => here.saturating_add_signed(by as isize).min(bottom),
        };
        self.pick(list, list[to], pick);
    }

    /// Selects these songs, and those of now too where they are to be added to.
    pub fn pick_all<'a>(&mut self, songs: impl IntoIterator<Item = &'a Rc<str>>, add: bool) {
        if !add {
            self.picked.clear();
        }
        self.picked.extend(songs.into_iter().cloned());
    }

    /// Selects nothing; the cursor stays.
    pub fn clear(&mut self) {
        self.picked.clear();
    }

    /// Lets go of what is on the list no more.
    pub fn retain(&mut self, on_list: impl Fn(&str) -> bool) {
        self.picked.retain(|hash| on_list(hash));
        for place in [&mut self.anchor, &mut self.cursor] {
            if place.as_deref().is_some_and(|hash| !on_list(hash)) {
                *place = None;
            }
        }
    }
}

fn position(list: &[&Rc<str>], hash: &str) -> Option<usize> {
    list.iter().position(|one| ***one == *hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Vec<Rc<str>> {
        ["a", "b", "c", "d", "e"].map(Rc::from).to_vec()
    }

    fn picked(selection: &Selection) -> String {
        let picked: Vec<_> = selection.picked.iter().map(|hash| &**hash).collect();
        picked.concat()
    }

    #[test]
    fn songs_are_picked_as_in_a_file_manager() {
        let list = list();
        let list: Vec<_> = list.iter().collect();
        let mut selection = Selection::default();
        selection.pick(&list, "b", Pick::Only);
        assert_eq!(picked(&selection), "b");
        selection.pick(&list, "d", Pick::Range);
        assert_eq!(picked(&selection), "bcd");
        // A range turns around its beginning.
        selection.pick(&list, "a", Pick::Range);
        assert_eq!(picked(&selection), "ab");
        selection.pick(&list, "e", Pick::Toggle);
        selection.pick(&list, "a", Pick::Toggle);
        assert_eq!(picked(&selection), "be");
        selection.pick(&list, "gone", Pick::Only);
        assert_eq!(picked(&selection), "be");
        selection.pick(&list, "c", Pick::Only);
        assert_eq!(picked(&selection), "c");
        selection.pick_all(list.iter().take(2).copied(), true);
        assert_eq!(picked(&selection), "abc");
        selection.retain(|hash| hash != "c");
        assert_eq!(picked(&selection), "ab");
        assert_eq!(selection.cursor(), None);
    }

    #[test]
    fn the_cursor_stops_at_both_ends() {
        let list = list();
        let list: Vec<_> = list.iter().collect();
        let mut selection = Selection::default();
        selection.step(&list, Step::By(1), Pick::Only);
        assert_eq!(selection.cursor().map(|hash| &**hash), Some("a"));
        selection.step(&list, Step::By(20), Pick::Range);
        assert_eq!(picked(&selection), "abcde");
        selection.step(&list, Step::By(-1), Pick::Range);
        assert_eq!(picked(&selection), "abcd");
        selection.step(&list, Step::First, Pick::Only);
        selection.step(&list, Step::By(-1), Pick::Only);
        assert_eq!(picked(&selection), "a");
        // Ctrl moves only the cursor; Ctrl and the space bar select there.
        selection.step(&list, Step::Last, Pick::Cursor);
        assert_eq!(picked(&selection), "a");
        selection.step(&list, Step::Here, Pick::Toggle);
        assert_eq!(picked(&selection), "ae");
        selection.step(&[], Step::First, Pick::Only);
        assert_eq!(picked(&selection), "ae");
    }
}

//! What follows from what the visitor does with the list of all songs.

use crate::page::library::{Draft, LibrarySong, Line};
use crate::page::plot::plane;
use crate::page::state::{Announcement, Effect, ListEvent, MapPlace, Notice, State};

impl State {
    pub(super) fn list_event(&mut self, event: ListEvent, effects: &mut Vec<Effect>) {
        match event {
            ListEvent::Filtered(filter) => self.library.set_filter(filter),
            ListEvent::SortPressed(column) => self.library.press(column),
            ListEvent::Grouped(grouping) => self.library.set_grouping(grouping),
            ListEvent::ColumnToggled(column) => {
                let columns = self.library.columns().toggled(column);
                effects.push(Effect::KeepColumns(columns.clone()));
                self.library.set_columns(columns);
            }
            ListEvent::ColumnsChosen(columns) => self.library.set_columns(columns),
            ListEvent::AsMap(as_map) => self.as_map = as_map,
            ListEvent::Picked(hash, pick) => self.library.pick(&hash, pick),
            ListEvent::PickedBelow(line, add) => self.library.pick_below(line, add),
            ListEvent::Stepped(step, pick) => self.library.step(step, pick),
            ListEvent::AllPicked => self.library.pick_where(|_| true, false),
            ListEvent::NonePicked => self.library.pick_none(),
            ListEvent::Boxed(corners, add) => {
                let lies_in = |song: &LibrarySong| {
                    is_on_map(song) && plane::is_within(plane::place(song.kept.affect), corners)
                };
                self.library.pick_where(lies_in, add);
            }
            ListEvent::MapPointed(pointer) => {
                self.pointed = pointer.and_then(|(at, slack)| self.song_at(at, slack));
            }
            ListEvent::MapPressed(at, slack) => {
                if let Some(hash) = self.song_at(at, slack) {
                    self.open(&hash, effects);
                }
            }
            ListEvent::CursorOpened => {
                let cursor = self.library.selection().cursor().cloned();
                if let Some(hash) = cursor {
                    self.open(&hash, effects);
                }
            }
            ListEvent::SaidOfPicked(mood) => {
                let hashes = self.picked();
                self.announcement = Some(Announcement::SaidMany(hashes.len(), mood));
                self.library.say(&hashes, mood);
                effects.push(Effect::Say(hashes, mood));
            }
            ListEvent::PickedForgotten => {
                let hashes = self.picked();
                self.forget(&hashes, effects);
            }
            ListEvent::PlayPicked => self.play_picked(effects),
            ListEvent::EarToggled => {
                let deaf = !self.library.is_deaf();
                self.library.set_deaf(deaf);
                effects.push(Effect::KeepDeaf(deaf));
            }
            ListEvent::EarChosen(deaf) => self.library.set_deaf(deaf),
            ListEvent::ListsRead(lists) => self.library.set_lists(lists),
            ListEvent::ListShown(name) => self.library.show_list(name),
            ListEvent::ListFilled(draft) => self.make_list(*draft, effects),
            ListEvent::ListForgotten(name) => {
                self.library.remove_list(&name);
                effects.push(Effect::ForgetList(name));
            }
        }
    }

    /// The selected songs, from top to bottom.
    fn picked(&self) -> Vec<String> {
        hashes(self.library.picked())
    }

    /// The nearest song of the map that lies there.
    fn song_at(&self, [x, y]: MapPlace, slack: MapPlace) -> Option<String> {
        let near = self.library.shown().filter(|song| is_on_map(song));
        let near = near.map(|song| {
            let [right, down] = plane::place(song.kept.affect);
            let distance = ((right - x) / slack[0]).hypot((down - y) / slack[1]);
            (song, distance)
        });
        let near = near.filter(|(_, distance)| *distance <= 1.0);
        let nearest = near.min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.map(|(song, _)| song.hash().to_owned())
    }

    /// Keeps a smart list as it is filled in; rules that no field shows stay.
    fn make_list(&mut self, mut draft: Draft, effects: &mut Vec<Effect>) {
        let before = self.library.lists().get(draft.name.trim());
        if let Some(before) = before {
            draft.others = Draft::of(before).others;
        }
        self.notice = None;
        match draft.list() {
            Some(list) => {
                effects.push(Effect::KeepList(list.clone()));
                self.library.put_list(list);
            }
            None => self.notice = Some(Notice::ListUnreadable),
        }
    }

    fn play_picked(&mut self, effects: &mut Vec<Effect>) {
        let mut songs = self.picked();
        if let [alone] = songs.as_slice() {
            let lines = self.library.lines().iter();
            let on =
                lines.skip_while(|line| !matches!(line, Line::Song(hash) if **hash == **alone));
            let on = on.filter_map(|line| match line {
                Line::Song(hash) => Some(hash.to_string()),
                Line::Heading { .. } => None,
            });
            songs = on.collect();
        }
        if !self.play_songs(songs, effects) {
            self.notice = Some(Notice::NothingToPlay);
        }
    }
}

/// What is no music lies nowhere.
fn is_on_map(song: &LibrarySong) -> bool {
    song.kept.kind.is_music()
}

fn hashes<'a>(songs: impl Iterator<Item = &'a LibrarySong>) -> Vec<String> {
    songs.map(|song| song.hash().to_owned()).collect()
}

#[cfg(test)]
mod tests;

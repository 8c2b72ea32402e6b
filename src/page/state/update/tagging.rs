//! What follows for tags that are to be written into files: one song after the other is
//! looked at, and once the visitor has seen what changes, written.

use crate::page::library::Kept;
use crate::page::state::tagging::{
    Obstacle, PORTION, TagEvent, TagOutcome, TagSong, TagStep, TagTask, Tagging, Wrote,
};
use crate::page::state::{Effect, State};
use crate::tagging::{Change, Field};

impl State {
    pub(super) fn tag_event(&mut self, event: TagEvent, effects: &mut Vec<Effect>) {
        match event {
            TagEvent::AskedOfPicked => {
                let picked = self.library.picked();
                let hashes = picked.map(|song| song.hash().to_owned()).collect();
                self.begin_tagging(hashes);
            }
            TagEvent::AskedOfShown => {
                let song = self.selected_song().and_then(|song| song.hash.clone());
                self.begin_tagging(Vec::from_iter(song));
            }
            TagEvent::Seen(run, hash, seen) => {
                if let Some(song) = self.answered(run, &hash) {
                    match seen {
                        Ok(seen) => song.seen = Some(seen),
                        Err(obstacle) => song.outcome = Some(TagOutcome::Left(obstacle)),
                    }
                }
            }
            TagEvent::OverwriteChosen(overwrite) => {
                let open = |tagging: &&mut Tagging| tagging.is_open();
                if let Some(tagging) = self.tagging.as_mut().filter(open) {
                    tagging.overwrite = overwrite;
                }
            }
            TagEvent::MorePressed => {
                if let Some(tagging) = &mut self.tagging {
                    tagging.shown += PORTION;
                }
            }
            TagEvent::FolderLent => self.look_again(),
            TagEvent::WritePressed => {
                let ready = |tagging: &&mut Tagging| tagging.step == TagStep::Preview;
                if let Some(tagging) = self.tagging.as_mut().filter(ready) {
                    tagging.step = TagStep::Writing;
                }
            }
            TagEvent::Wrote(run, hash, wrote) => self.wrote(run, &hash, wrote, effects),
            TagEvent::ClosePressed => self.stop_tagging(effects),
        }
        self.advance_tagging(effects);
    }

    fn begin_tagging(&mut self, hashes: Vec<String>) {
        let songs = hashes.into_iter().filter_map(|hash| {
            let path = self.library.get(&hash)?.kept.origin.path.clone();
            Some(TagSong {
                hash,
                path,
                seen: None,
                outcome: None,
            })
        });
        let songs: Vec<_> = songs.collect();
        if !songs.is_empty() {
            self.tag_runs += 1;
            self.tagging = Some(Tagging::new(self.tag_runs, songs));
        }
    }

    /// The song that an answer is about, unless that is old news.
    fn answered(&mut self, run: u32, hash: &str) -> Option<&mut TagSong> {
        let tagging = self.tagging.as_mut().filter(|tagging| tagging.run == run)?;
        tagging.busy = false;
        tagging.song_mut(hash)
    }

    /// A folder was lent: what lies in it can be written.
    fn look_again(&mut self) {
        if let Some(tagging) = self.tagging.as_ref().filter(|tagging| tagging.is_open()) {
            let hashes = tagging.songs.iter().map(|song| song.hash.clone());
            let (hashes, overwrite) = (hashes.collect(), tagging.overwrite);
            self.begin_tagging(hashes);
            if let Some(tagging) = &mut self.tagging {
                tagging.overwrite = overwrite;
            }
        }
    }

    fn wrote(
        &mut self,
        run: u32,
        hash: &str,
        wrote: Result<Option<Wrote>, Obstacle>,
        effects: &mut Vec<Effect>,
    ) {
        let tagging = self.tagging.as_ref().filter(|tagging| tagging.run == run);
        let song = tagging.and_then(|tagging| tagging.songs.iter().find(|song| song.hash == hash));
        let changes = match (tagging, song) {
            (Some(tagging), Some(song)) => tagging.changes(song, &self.library),
            // The file was written all the same.
            _ => Vec::new(),
        };
        if let Some(song) = self.answered(run, hash) {
            song.outcome = Some(match &wrote {
                Ok(Some(_)) => TagOutcome::Written,
                Ok(None) => TagOutcome::Copied,
                Err(obstacle) => TagOutcome::Left(obstacle.clone()),
            });
        }
        if let Ok(Some(wrote)) = wrote {
            if let Some(song) = self.answered(run, hash) {
                song.hash.clone_from(&wrote.hash);
            }
            self.carry(hash, &wrote, &changes, effects);
        }
    }

    /// A song's file holds other bytes and the same sound: the verdict, and what the visitor
    /// said, go over to it.
    fn carry(&mut self, from: &str, to: &Wrote, changes: &[Change], effects: &mut Vec<Effect>) {
        let Some(mut song) = self.library.get(from).cloned() else {
            return;
        };
        song.kept.origin.hash.clone_from(&to.hash);
        song.kept.origin.bytes = to.bytes;
        note(&mut song.kept, changes);
        self.library.set(from, None);
        self.library.set(&to.hash, Some(song));
        self.covers.carry(from, &to.hash);
        let listed = self.songs.iter_mut();
        for song in listed.filter(|song| song.hash.as_deref() == Some(from)) {
            song.hash = Some(to.hash.clone());
            song.bytes = to.bytes;
        }
        effects.push(Effect::Carry {
            from: from.to_owned(),
            to: to.hash.clone(),
        });
    }

    /// Closes the preview, or stops behind the file that is being written.
    fn stop_tagging(&mut self, effects: &mut Vec<Effect>) {
        let Some(tagging) = &mut self.tagging else {
            return;
        };
        if tagging.step == TagStep::Writing {
            let next = usize::from(tagging.busy);
            let waiting = tagging
                .songs
                .iter_mut()
                .filter(|song| song.outcome.is_none());
            for song in waiting.skip(next) {
                song.outcome = Some(TagOutcome::Left(Obstacle::Stopped));
            }
        } else {
            self.tagging = None;
            effects.push(Effect::Tag(TagTask::End));
        }
    }

    /// Begins with the next song, if none is under way.
    fn advance_tagging(&mut self, effects: &mut Vec<Effect>) {
        let Some(mut tagging) = self.tagging.take_if(|tagging| !tagging.busy) else {
            return;
        };
        let task = match tagging.step {
            TagStep::Looking => next_look(&mut tagging),
            TagStep::Writing => Some(self.next_write(&mut tagging)),
            TagStep::Preview | TagStep::Done => None,
        };
        tagging.busy = task.is_some() && tagging.step != TagStep::Done;
        effects.extend(task.map(Effect::Tag));
        self.tagging = Some(tagging);
    }

    fn next_write(&self, tagging: &mut Tagging) -> TagTask {
        for at in 0..tagging.songs.len() {
            let song = &tagging.songs[at];
            if song.outcome.is_some() {
                continue;
            }
            let changes = tagging.changes(song, &self.library);
            let outcome = if changes.is_empty() {
                TagOutcome::Unchanged
            } else if tagging.can_write(song) {
                return TagTask::Write {
                    run: tagging.run,
                    hash: song.hash.clone(),
                    changes,
                    copy: tagging.is_copy(),
                };
            } else {
                TagOutcome::Left(Obstacle::NotLent)
            };
            tagging.songs[at].outcome = Some(outcome);
        }
        tagging.step = TagStep::Done;
        TagTask::End
    }
}

fn next_look(tagging: &mut Tagging) -> Option<TagTask> {
    let unseen = |song: &&TagSong| song.seen.is_none() && song.outcome.is_none();
    let Some(song) = tagging.songs.iter().find(unseen) else {
        tagging.step = TagStep::Preview;
        return None;
    };
    Some(TagTask::Look(tagging.run, song.hash.clone()))
}

/// What the list knows of a file's tags is what was written.
fn note(kept: &mut Kept, changes: &[Change]) {
    for change in changes {
        let text = change.after.as_deref().unwrap_or_default();
        match change.field {
            Field::Bpm => kept.tags.bpm = text.parse().ok(),
            Field::Key => text.clone_into(&mut kept.tags.key),
            Field::Mood | Field::Comment => {}
        }
    }
}

#[cfg(test)]
mod tests;

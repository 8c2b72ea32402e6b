//! What is kept between visits, and how it comes back.
//!
//! Memory holds few whole reports: the rest lies in the browser's storage, from where
//! [`Effect::Open`] fetches the one that is looked at. Where there is no storage, reports
//! stay in memory, without their pictures.

use std::collections::HashSet;

use crate::mood::Mood;
use crate::page::library::{Kept, LibrarySong};
use crate::page::state::{
    Announcement, BackupNews, Effect, Judge, LibraryEvent, Notice, Persistence, Phase, Shown, Song,
    State, Storage, StorageFault, Verdict,
};
use crate::worker::protocol::Job;

/// Songs whose report and picture stay in memory, besides the one that is looked at.
const IN_MEMORY: usize = 8;

impl State {
    /// What the visitor said of the selected song.
    #[must_use]
    pub fn said_mood(&self) -> Option<Mood> {
        let hash = self.selected_song()?.hash.as_deref()?;
        self.library.get(hash)?.said
    }

    /// What she would hear in it, by what was learnt from her, where that is not the verdict.
    #[must_use]
    pub fn heard_mood(&self) -> Option<Mood> {
        let hash = self.selected_song()?.hash.as_deref()?;
        self.library.get(hash)?.heard
    }

    /// Whether other models than those of now gave the selected song's verdict.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        let report = self.selected_song().and_then(Song::report);
        match (&self.judge, report) {
            (Judge::Ready(cards), Some(report)) => report.models != cards.ids(),
            _ => false,
        }
    }

    pub(super) fn library_event(&mut self, event: LibraryEvent, effects: &mut Vec<Effect>) {
        match event {
            LibraryEvent::Read(songs) => self.read(songs, effects),
            LibraryEvent::ReadOne(hash, song) => self.library.set(&hash, song.map(|song| *song)),
            LibraryEvent::Failed(fault) => self.storage_failed(fault),
            LibraryEvent::Saved(job) => {
                if let Some(song) = self.song_mut(job) {
                    song.saved = true;
                }
                self.ask_to_persist(effects);
            }
            LibraryEvent::Persisted(persistence) => self.persistence = persistence,
            LibraryEvent::Backup(news) => self.backup_news(news, effects),
            LibraryEvent::Opened {
                job,
                report,
                picture,
            } => {
                self.opening = None;
                if let Some(song) = self.song_mut(job).filter(|song| song.is_kept()) {
                    song.unshelve(report, picture);
                }
            }
            LibraryEvent::CoversRead(found) => self.covers.take(found),
            LibraryEvent::Gone(job) => self.gone(job, effects),
            LibraryEvent::ChangedElsewhere(hash) => effects.push(Effect::ReadStore(hash)),
            LibraryEvent::OpenPressed(hash) => self.open(&hash, effects),
            LibraryEvent::SaidPressed(mood) => self.say(mood, effects),
            LibraryEvent::ForgetAllPressed => self.forget_all(effects),
            LibraryEvent::ShowPressed(shown) => self.shown = shown,
        }
    }

    fn read(&mut self, songs: Vec<LibrarySong>, effects: &mut Vec<Effect>) {
        let first = self.storage == Storage::Opening;
        // What storage has not taken yet, or can't, is still known here.
        let unsaved: Vec<_> = self
            .songs
            .iter()
            .filter(|song| !song.saved && song.report().is_some())
            .filter_map(|song| self.library.get(song.hash.as_deref()?).cloned())
            .collect();
        self.library.replace(songs);
        for song in unsaved {
            let hash = song.hash().to_owned();
            self.library.set(&hash, Some(song));
        }
        if first {
            self.storage = Storage::Open;
            let pending = self.songs.iter().filter(|song| song.is_pending());
            let pending: Vec<Job> = pending.map(|song| song.job).collect();
            if !pending.is_empty() {
                effects.push(Effect::List(pending));
            }
            effects.push(Effect::Persist { ask: false });
            if self.songs.is_empty() && !self.library.is_empty() {
                self.shown = Shown::Library;
            }
        }
    }

    /// Says once why results are not kept.
    fn storage_failed(&mut self, fault: StorageFault) {
        let storage = match fault {
            StorageFault::Full => Storage::Full,
            _ => Storage::Off,
        };
        if self.storage != storage && self.storage != Storage::Off {
            self.notice = Some(Notice::Storage(fault));
        }
        if self.storage != Storage::Off {
            self.storage = storage;
        }
    }

    /// A song was judged: the library has it, and storage is to have it.
    pub(super) fn keep(&mut self, job: Job, effects: &mut Vec<Effect>) {
        let Some(song) = self.song(job) else {
            return;
        };
        if let (Some(origin), Some(report)) = (song.origin(), song.report()) {
            let kept = Kept::of(origin, song.tags.clone(), report, self.clock_ms);
            self.renew_twins(job, &kept);
            self.library.keep(kept);
            effects.push(Effect::Keep(job));
        }
    }

    /// The same song may be listed with an older verdict: this one takes its place.
    fn renew_twins(&mut self, job: Job, kept: &Kept) {
        let hash = Some(kept.origin.hash.as_str());
        let twins = self.songs.iter_mut().filter(|song| {
            let judged = matches!(song.phase, Phase::Done(_) | Phase::Kept(_));
            judged && song.job != job && song.hash.as_deref() == hash
        });
        for twin in twins {
            twin.shelve();
            twin.phase = Phase::Kept(Verdict::of(kept));
            twin.saved = true;
        }
    }

    /// A backup has news.
    fn backup_news(&mut self, news: BackupNews, effects: &mut Vec<Effect>) {
        if matches!(news, BackupNews::Restored(_) | BackupNews::Interrupted) {
            effects.push(Effect::ReadStore(None));
        }
        self.backup = Some(news);
    }

    /// Asks for the promise to clear nothing when the first song of this visit was kept.
    fn ask_to_persist(&mut self, effects: &mut Vec<Effect>) {
        if self.persistence == Persistence::Unknown {
            self.persistence = Persistence::Asked;
            effects.push(Effect::Persist { ask: true });
        }
    }

    /// Shows a song of the library among those of this visit.
    pub(super) fn open(&mut self, hash: &str, effects: &mut Vec<Effect>) {
        let here = self.songs.iter().find(|song| {
            song.hash.as_deref() == Some(hash)
                && matches!(song.phase, Phase::Done(_) | Phase::Kept(_))
        });
        let job = match (here, self.library.get(hash)) {
            (Some(song), _) => song.job,
            (None, Some(song)) => {
                let kept = song.kept.clone();
                let job = self.take_job();
                self.songs.push(Song::of_kept(job, &kept));
                job
            }
            (None, None) => return,
        };
        self.select(job, effects);
        self.shown = Shown::Songs;
    }

    /// Fetches the report of the song that is looked at, and lets go of those that were
    /// not for the longest time.
    pub(super) fn balance(&mut self, effects: &mut Vec<Effect>) {
        self.let_go();
        let Some(song) = self.selected_song().filter(|song| song.is_kept()) else {
            return;
        };
        let (job, hash) = (song.job, song.hash.clone());
        // The same song may lie in memory under another name.
        let twin = self
            .songs
            .iter()
            .find(|twin| twin.hash == hash && twin.report().is_some());
        if let Some((Some(report), picture)) =
            twin.map(|twin| (twin.report().cloned(), twin.picture.clone()))
        {
            if let Some(song) = self.song_mut(job) {
                song.unshelve(Box::new(report), picture);
            }
        } else if self.opening != Some(job) {
            self.opening = Some(job);
            effects.push(Effect::Open(job));
        }
    }

    fn let_go(&mut self) {
        let selected = self.selected;
        let in_memory = |song: &&mut Song| song.report().is_some() && Some(song.job) != selected;
        let count = self.songs.iter_mut().filter(in_memory).count();
        let spare = count.saturating_sub(IN_MEMORY);
        for song in self.songs.iter_mut().filter(in_memory).take(spare) {
            if song.saved {
                song.shelve();
            } else {
                song.picture = None;
            }
        }
    }

    /// Without its report, a song is judged again, or goes.
    fn gone(&mut self, job: Job, effects: &mut Vec<Effect>) {
        self.opening = None;
        let Some(song) = self.song_mut(job).filter(|song| song.is_kept()) else {
            return;
        };
        if song.has_file {
            song.anew = true;
            song.phase = Phase::Queued;
            effects.push(Effect::List(vec![job]));
        } else {
            self.notice = Some(Notice::ReportGone(song.name.clone()));
            self.remove(|song| song.job == job, effects);
        }
    }

    fn say(&mut self, mood: Option<Mood>, effects: &mut Vec<Effect>) {
        let Some(song) = self.selected_song() else {
            return;
        };
        let (Some(hash), Some(_)) = (song.hash.clone(), song.report()) else {
            return;
        };
        self.announcement = Some(Announcement::Said(song.name.clone(), mood));
        self.library.say(std::slice::from_ref(&hash), mood);
        effects.push(Effect::Say(vec![hash], mood));
    }

    /// Forgets songs of the library.
    pub(super) fn forget(&mut self, hashes: &[String], effects: &mut Vec<Effect>) {
        self.announcement = match hashes {
            [] => return,
            [hash] => self.library.get(hash).map(|song| {
                let name = song.kept.origin.name.clone();
                Announcement::Forgotten(name)
            }),
            many => Some(Announcement::ForgottenMany(many.len())),
        };
        self.library.forget(hashes);
        let forgotten: HashSet<_> = hashes.iter().map(String::as_str).collect();
        let is_forgotten = |song: &Song| {
            let hash = song.hash.as_deref();
            song.has_ended() && hash.is_some_and(|hash| forgotten.contains(hash))
        };
        self.remove(is_forgotten, effects);
        effects.push(Effect::ForgetSongs(hashes.to_vec()));
    }

    fn forget_all(&mut self, effects: &mut Vec<Effect>) {
        self.announcement = Some(Announcement::AllForgotten);
        self.library.clear();
        self.remove(Song::has_ended, effects);
        effects.push(Effect::ForgetAll);
    }

    /// Takes songs off the list.
    fn remove(&mut self, which: impl Fn(&Song) -> bool, effects: &mut Vec<Effect>) {
        let ended = self.songs.iter().filter(|song| which(song)).count();
        self.songs.retain(|song| !which(song));
        self.queue.forget_ended(ended);
        if self.selected_song().is_none() {
            self.leave(effects);
            self.selected = self.songs.first().map(|song| song.job);
        }
    }
}

#[cfg(test)]
pub(super) mod tests;

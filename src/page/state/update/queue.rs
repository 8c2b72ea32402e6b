//! Whose turn it is: one song is read, one decoded or waits decoded, each worker has one.
//!
//! Batches (what was dropped or chosen together) take turns, so that one song does not
//! wait for the three hundred that came before it.

use std::collections::HashSet;

use crate::page::state::{
    Announcement, Effect, Judge, NewSong, Notice, Phase, Progress, QueueEvent, Shown, Song, State,
    Storage, Ticket, Verdict,
};
use crate::report::ModelIds;
use crate::worker::protocol::Job;

/// Songs that are worth a list rather than a look at one of them.
const MANY: usize = 6;
/// Ends that the pace is measured over, and the fewest that tell one.
const PACE_ENDS: usize = 20;
const LEAST_ENDS: usize = 3;

impl State {
    /// How far the queue is; `None` where nothing is in it.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        let pending = self.songs.iter().filter(|song| song.is_pending()).count();
        let ended = self.songs.iter().filter(|song| song.has_ended()).count();
        let ended = ended.saturating_sub(self.queue.ended_before);
        (pending > 0).then(|| Progress {
            ended,
            total: ended + pending,
            left_s: self.pace_s().map(|pace| pace * pending as f64),
        })
    }

    /// Seconds a song, of late.
    fn pace_s(&self) -> Option<f64> {
        let ends = &self.queue.ends_ms;
        let (first, last) = (ends.front()?, ends.back()?);
        let gaps = ends.len() - 1;
        (ends.len() >= LEAST_ENDS && last > first).then(|| (last - first) / 1_000.0 / gaps as f64)
    }

    /// Number of songs that could be tried again because they failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        let failed = |song: &&Song| song.has_file && matches!(song.phase, Phase::Failed(_));
        self.songs.iter().filter(failed).count()
    }

    /// Number of songs whose file has to be given again.
    #[must_use]
    pub fn missing(&self) -> usize {
        let missing = |song: &&Song| matches!(song.phase, Phase::Missing);
        self.songs.iter().filter(missing).count()
    }

    /// What tells their files from others, as [`Ticket::key`].
    #[must_use]
    pub fn missing_keys(&self) -> HashSet<String> {
        let missing = |song: &&Song| matches!(song.phase, Phase::Missing);
        let missing = self.songs.iter().filter(missing);
        missing.map(|song| song.ticket().key()).collect()
    }

    pub(super) fn queue_event(&mut self, event: QueueEvent, effects: &mut Vec<Effect>) {
        match event {
            QueueEvent::Identified { job, hash } => {
                self.queue.reading = None;
                if let Some(song) = self.song_mut(job) {
                    song.hash = Some(hash);
                }
            }
            QueueEvent::Unreadable { job, error } => {
                self.queue.reading = None;
                self.fail(job, error, effects);
            }
            QueueEvent::PausePressed => {
                self.queue.paused = !self.queue.paused;
                self.queue.ends_ms.clear();
            }
            QueueEvent::CancelAllPressed => {
                let pending = self.songs.iter().filter(|song| song.is_pending());
                let jobs: Vec<Job> = pending.map(|song| song.job).collect();
                for job in jobs {
                    self.cancel(job, effects);
                }
                self.queue.paused = false;
            }
            QueueEvent::RetryPressed(job) => self.retry(|song| song.job == job, effects),
            QueueEvent::RetryFailedPressed => {
                self.retry(|song| matches!(song.phase, Phase::Failed(_)), effects);
            }
            QueueEvent::Left(tickets, resumable) => {
                self.queue.resumable = resumable;
                self.take_left(tickets, effects);
            }
            QueueEvent::LeaveLeftPressed => {
                let missing = |song: &Song| matches!(song.phase, Phase::Missing);
                let left = self.songs.iter().filter(|song| missing(song));
                let keys: Vec<_> = left.map(|song| song.ticket().key()).collect();
                self.queue.settled.extend(keys);
                self.songs.retain(|song| !missing(song));
            }
        }
    }

    /// Puts songs at the end of the queue. Those that were waited for take the places of
    /// their names.
    pub(super) fn add(&mut self, new: Vec<NewSong>, skipped: usize, effects: &mut Vec<Effect>) {
        self.announcement = Some(Announcement::Added {
            songs: new.len(),
            skipped,
        });
        let Some(first) = new.first().map(|song| song.job) else {
            if skipped > 0 {
                self.notice = Some(Notice::NoSongs(skipped));
            }
            return;
        };
        self.notice = None;
        self.skipped = skipped;
        self.begin_run();
        self.queue.batches += 1;
        let batch = self.queue.batches;
        if new.len() >= MANY {
            self.shown = Shown::Library;
        } else {
            self.shown = Shown::Songs;
        }
        let songs: Vec<_> = new.into_iter().map(|song| Song::new(song, batch)).collect();
        let given: HashSet<_> = songs.iter().map(|song| song.ticket().key()).collect();
        let found = |song: &Song| {
            matches!(song.phase, Phase::Missing) && given.contains(&song.ticket().key())
        };
        self.songs.retain(|song| !found(song));
        effects.push(Effect::List(songs.iter().map(|song| song.job).collect()));
        self.songs.extend(songs);
        self.select(first, effects);
    }

    /// Lists what an earlier visit did not come to, unless it is here already.
    fn take_left(&mut self, tickets: Vec<Ticket>, effects: &mut Vec<Effect>) {
        let here: HashSet<_> = self.songs.iter().map(|song| song.ticket().key()).collect();
        let mut jobs = Vec::new();
        for ticket in tickets {
            if here.contains(&ticket.key()) {
                continue;
            }
            let new = NewSong {
                job: self.take_job(),
                name: ticket.name,
                path: ticket.path,
                bytes: ticket.bytes,
                modified_ms: ticket.modified_ms,
            };
            jobs.push(new.job);
            self.songs.push(Song {
                phase: Phase::Missing,
                has_file: false,
                ..Song::new(new, 0)
            });
        }
        if !jobs.is_empty() {
            self.announcement = Some(Announcement::Left(jobs.len()));
            effects.push(Effect::List(jobs));
        }
    }

    /// Where nothing was in the queue, what has ended so far counts no more.
    fn begin_run(&mut self) {
        if self.progress().is_none() {
            self.queue.ended_before = self.songs.iter().filter(|song| song.has_ended()).count();
            self.queue.ends_ms.clear();
            self.queue.paused = false;
        }
    }

    fn retry(&mut self, which: impl Fn(&Song) -> bool, effects: &mut Vec<Effect>) {
        let idle = self.progress().is_none();
        let mut jobs = Vec::new();
        for song in &mut self.songs {
            if song.can_retry() && which(song) {
                song.phase = Phase::Queued;
                jobs.push(song.job);
            }
        }
        if jobs.is_empty() {
            return;
        }
        if idle {
            let ended = self.songs.iter().filter(|song| song.has_ended()).count();
            self.queue.ended_before = ended;
            self.queue.ends_ms.clear();
        } else {
            // They count as ended no more.
            self.queue.ended_before = self.queue.ended_before.saturating_sub(jobs.len());
        }
        effects.push(Effect::List(jobs));
    }

    /// A song needs no file any more.
    pub(super) fn settle(&mut self, job: Job) {
        if let Some(song) = self.song(job) {
            let key = song.ticket().key();
            self.queue.settled.push(key);
        }
    }

    /// A song took its time and has ended.
    pub(super) fn note_pace(&mut self) {
        self.queue.ends_ms.push_back(self.clock_ms);
        while self.queue.ends_ms.len() > PACE_ENDS {
            self.queue.ends_ms.pop_front();
        }
    }

    /// Gives free hands their next song.
    pub(super) fn advance(&mut self, effects: &mut Vec<Effect>) {
        self.answer_known();
        if !self.queue.paused {
            self.advance_workers(effects);
            self.advance_decoder(effects);
            self.advance_reader(effects);
        }
        let settled = std::mem::take(&mut self.queue.settled);
        if !settled.is_empty() {
            effects.push(Effect::Unlist(settled));
        }
    }

    fn advance_decoder(&mut self, effects: &mut Vec<Effect>) {
        let waiting = |song: &Song| matches!(song.phase, Phase::Decoded);
        let full = self.songs.iter().any(waiting) || !self.has_core_to_decode();
        if self.decoding.is_some() || full {
            return;
        }
        let Some(job) = self.next_to_decode() else {
            return;
        };
        if let Some(song) = self.song_mut(job) {
            song.phase = Phase::Decoding;
            let batch = song.batch;
            self.queue.last_batch = batch;
            self.decoding = Some(job);
            effects.push(Effect::Decode(job));
        }
    }

    fn advance_reader(&mut self, effects: &mut Vec<Effect>) {
        if self.queue.reading.is_some() {
            return;
        }
        let unread = self
            .songs
            .iter()
            .filter(|song| matches!(song.phase, Phase::Queued) && song.hash.is_none());
        if let Some(job) = turn(unread, self.queue.last_batch) {
            self.queue.reading = Some(job);
            effects.push(Effect::Identify(job));
        }
    }

    /// The next song that has to be judged. One that is the same as a song on its way
    /// waits for that song's verdict.
    fn next_to_decode(&self) -> Option<Job> {
        let under_way: HashSet<_> = self
            .songs
            .iter()
            .filter(|song| song.is_pending() && !matches!(song.phase, Phase::Queued))
            .filter_map(|song| song.hash.as_deref())
            .collect();
        let ready = self.songs.iter().filter(|song| {
            let identified = song.hash.as_deref();
            matches!(song.phase, Phase::Queued)
                && identified
                    .is_some_and(|hash| !under_way.contains(hash) && !self.may_be_known(song, hash))
        });
        turn(ready, self.queue.last_batch)
    }

    /// Whether it has to be seen first if the verdict that is kept still counts.
    fn may_be_known(&self, song: &Song, hash: &str) -> bool {
        let kept = self.storage == Storage::Opening || self.library.get(hash).is_some();
        kept && !song.anew && (self.storage == Storage::Opening || self.judge == Judge::Loading)
    }

    /// Answers songs at once whose verdict is kept, by the models of today.
    fn answer_known(&mut self) {
        let current = match &self.judge {
            Judge::Loading => return,
            Judge::Ready(cards) => Some(cards.ids()),
            Judge::Broken(_) => None,
        };
        if self.storage == Storage::Opening {
            return;
        }
        let mut known = Vec::new();
        for song in &self.songs {
            let waits = matches!(song.phase, Phase::Queued) && !song.anew;
            let kept = song.hash.as_deref().filter(|_| waits);
            let kept = kept.and_then(|hash| self.library.get(hash));
            if let Some(kept) = kept
                && counts(&kept.kept.models, current.as_ref())
            {
                known.push((song.job, kept.kept.clone()));
            }
        }
        for (job, kept) in known {
            self.settle(job);
            if let Some(song) = self.song_mut(job) {
                song.phase = Phase::Kept(Verdict::of(&kept));
                song.duration_s = kept.duration_s;
                song.saved = true;
                let name = song.name.clone();
                self.announcement = Some(Announcement::HeardBefore(name));
            }
        }
    }
}

/// Whether a kept verdict still counts: one that no current model is missing from, or any
/// where none can be had.
fn counts(models: &ModelIds, current: Option<&ModelIds>) -> bool {
    current.is_none_or(|current| models == current)
}

/// The first song of the batch whose turn is next after `last`.
fn turn<'a>(songs: impl Iterator<Item = &'a Song>, last: u32) -> Option<Job> {
    songs
        .min_by_key(|song| (song.batch <= last, song.batch))
        .map(|song| song.job)
}

#[cfg(test)]
mod tests;

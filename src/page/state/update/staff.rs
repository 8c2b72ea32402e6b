//! Which worker has which song, and what follows when one is gone.

use crate::error::AnalysisError;
use crate::page::state::staff::Worker;
use crate::page::state::{Effect, Judge, LiveFault, Phase, Song, State, WorkerId};
use crate::worker::protocol::{Cards, Job};

impl State {
    /// The worker that has that song.
    #[must_use]
    pub fn worker_of(&self, job: Job) -> Option<WorkerId> {
        self.song(job)?.worker()
    }

    /// Ends all workers, and starts one.
    pub(super) fn start_worker(&mut self, effects: &mut Vec<Effect>) {
        self.judge = Judge::Loading;
        self.staff.workers.clear();
        self.staff.hire();
        effects.push(Effect::ChangeStaff);
    }

    /// No worker can be started.
    pub(super) fn broken(&mut self, reason: AnalysisError, effects: &mut Vec<Effect>) {
        if self.live.is_on() {
            self.live_fails(LiveFault::Unjudged(reason.clone()), effects);
        }
        self.judge = Judge::Broken(reason);
        self.staff.workers.clear();
    }

    /// A worker's models are loaded. One whose models are not those of the others, since the
    /// page was renewed on the server, is done without.
    pub(super) fn ready(&mut self, id: WorkerId, cards: Box<Cards>, effects: &mut Vec<Effect>) {
        let known = match &self.judge {
            Judge::Ready(known) if self.staff.workers.len() > 1 => Some(known.ids()),
            _ => None,
        };
        let workers = &mut self.staff.workers;
        let Some(worker) = workers.iter_mut().find(|worker| worker.id == id) else {
            return;
        };
        if known.is_some_and(|known| known != cards.ids()) {
            workers.retain(|worker| worker.id != id);
            self.staff.most = workers.len();
            effects.push(Effect::ChangeStaff);
        } else {
            worker.ready = true;
            self.judge = Judge::Ready(cards);
        }
    }

    /// A worker is gone, and its song fails; where it was the only one, another is started.
    /// A worker that dies without a song would die again: the others do without, and where
    /// there is none, that waits for the visitor.
    pub(super) fn lost(&mut self, id: WorkerId, error: AnalysisError, effects: &mut Vec<Effect>) {
        if !self.staff.has(id) {
            return;
        }
        self.staff.workers.retain(|worker| worker.id != id);
        let left = self.staff.workers.len();
        let song = self.songs.iter().find(|song| song.worker() == Some(id));
        let song = song.map(|song| (song.job, song.is_cancelling()));
        if let Some((job, cancelling)) = song {
            let error = if cancelling {
                AnalysisError::Cancelled
            } else {
                error
            };
            self.fail(job, error, effects);
            if left == 0 {
                self.start_worker(effects);
                return;
            }
        } else if left == 0 {
            self.judge = Judge::Broken(error);
        } else {
            self.staff.most = left;
        }
        effects.push(Effect::ChangeStaff);
    }

    pub(super) fn cancel_overdue(&mut self, id: WorkerId, effects: &mut Vec<Effect>) {
        let mut songs = self.songs.iter();
        if songs.any(|song| song.worker() == Some(id) && song.is_cancelling()) {
            self.lost(id, AnalysisError::Cancelled, effects);
        }
    }

    /// Gives the song that waits decoded to a free worker, or to a further one. While other
    /// models are wanted, none is begun.
    pub(super) fn advance_workers(&mut self, effects: &mut Vec<Effect>) {
        let waiting = |song: &&Song| matches!(song.phase, Phase::Decoded);
        let Some(song) = self.songs.iter().find(waiting) else {
            return;
        };
        let (job, is_long) = (song.job, song.is_long());
        let busy = || self.songs.iter().filter(|song| song.is_analysing());
        let blocked = if is_long {
            busy().next().is_some()
        } else {
            busy().any(Song::is_long)
        };
        if blocked || !matches!(self.judge, Judge::Ready(_)) {
            return;
        }
        let is_free =
            |worker: &&Worker| worker.ready && !busy().any(|song| song.worker() == Some(worker.id));
        let free = self.staff.workers.iter().find(is_free);
        if let Some(worker) = free.map(|worker| worker.id) {
            if is_long {
                self.dismiss_all_but(worker, effects);
            }
            self.give(job, worker, effects);
        } else if self.staff.may_grow() {
            self.staff.hire();
            effects.push(Effect::ChangeStaff);
        }
    }

    fn give(&mut self, job: Job, worker: WorkerId, effects: &mut Vec<Effect>) {
        if let Some(song) = self.song_mut(job) {
            song.phase = Phase::Analysing {
                worker,
                stage: None,
                fraction: 0.0,
                judgement: None,
                cancelling: false,
            };
            effects.push(Effect::Analyse(job));
        }
    }

    /// Ends the workers beside the first once nothing is in the queue.
    pub(super) fn dismiss_idle(&mut self, effects: &mut Vec<Effect>) {
        if self.staff.workers.len() > 1 && self.progress().is_none() {
            self.staff.workers.truncate(1);
            effects.push(Effect::ChangeStaff);
        }
    }

    /// Whether a song may be decoded now: only while a core is left for the page, which has to
    /// take over tens of MB of samples from the decoder in one piece.
    pub(super) fn has_core_to_decode(&self) -> bool {
        let busy = self.songs.iter().filter(|song| song.is_analysing());
        busy.count() < self.staff.cores.max(1)
    }

    fn dismiss_all_but(&mut self, id: WorkerId, effects: &mut Vec<Effect>) {
        if self.staff.workers.len() > 1 {
            self.staff.workers.retain(|worker| worker.id == id);
            effects.push(Effect::ChangeStaff);
        }
    }
}

#[cfg(test)]
mod tests;

//! What follows from what happens around live sound.

use crate::analysis::Judgement;
use crate::error::AnalysisError;
use crate::page::state::live::SILENCE;
use crate::page::state::{
    Announcement, Effect, Live, LiveEvent, LiveFault, LivePhase, LiveSource, State, WorkerId,
};
use crate::worker::protocol::FromWorker;

impl State {
    pub(super) fn live_event(&mut self, event: LiveEvent, effects: &mut Vec<Effect>) {
        match event {
            LiveEvent::Toggled if self.live.phase == LivePhase::Closed => {
                self.live.phase = LivePhase::Choosing(None);
            }
            LiveEvent::Toggled => self.stop_live(LivePhase::Closed, effects),
            LiveEvent::Chosen(source) => self.ask_for_live(source, effects),
            LiveEvent::Opened(attempt) => {
                if self.live.awaits(attempt) {
                    self.live.phase = LivePhase::Listening;
                    self.announcement = Some(Announcement::LiveBegun);
                }
            }
            LiveEvent::Failed(attempt, fault) => {
                if self.live.is_on() && self.live.attempt == attempt {
                    self.live_fails(fault, effects);
                }
            }
            LiveEvent::Heard { seconds, level } => {
                if self.live.phase == LivePhase::Listening {
                    self.live.level = level;
                    self.live.heard_s += seconds;
                    if self.live.ready {
                        self.live.sent_s += seconds;
                    }
                }
            }
            LiveEvent::StopPressed if self.live.is_on() => {
                self.announcement = Some(Announcement::LiveStopped);
                self.stop_live(LivePhase::Choosing(None), effects);
            }
            LiveEvent::StopPressed => {}
        }
    }

    /// Whether that worker judges what is heard live.
    pub(super) fn is_live(&self, worker: WorkerId) -> bool {
        self.live.worker == Some(worker)
    }

    /// The worker of live sound said something.
    pub(super) fn live_said(&mut self, message: FromWorker, effects: &mut Vec<Effect>) {
        match message {
            FromWorker::Ready { .. } => self.live.ready = true,
            FromWorker::Refused { error } => {
                self.live_fails(LiveFault::Unjudged(error.into()), effects);
            }
            FromWorker::Failed { error, .. } => {
                self.live_fails(LiveFault::Unjudged(error), effects);
            }
            FromWorker::Live { judgement, took_ms } => {
                self.live.took_ms = took_ms;
                match judgement {
                    Ok(judgement) => self.live_judged(judgement),
                    // Of 30 s less than 3 are no silence, or none.
                    Err(AnalysisError::Silent { .. } | AnalysisError::TooShort { .. }) => {
                        self.live_judged(SILENCE);
                    }
                    Err(error) => self.live_fails(LiveFault::Unjudged(error), effects),
                }
            }
            // It has no songs.
            FromWorker::Progress { .. }
            | FromWorker::Segment { .. }
            | FromWorker::Judged { .. }
            | FromWorker::Done { .. }
            | FromWorker::Unread { .. } => {}
        }
    }

    /// Ends live sound, says why, and lets the visitor choose again.
    pub(super) fn live_fails(&mut self, fault: LiveFault, effects: &mut Vec<Effect>) {
        self.announcement = Some(Announcement::LiveFailed(fault.clone()));
        self.stop_live(LivePhase::Choosing(Some(fault)), effects);
    }

    fn ask_for_live(&mut self, source: LiveSource, effects: &mut Vec<Effect>) {
        if !matches!(self.live.phase, LivePhase::Choosing(_)) {
            return;
        }
        let attempt = self.live.attempt + 1;
        self.live = Live {
            phase: LivePhase::Asking,
            source: Some(source),
            worker: Some(self.staff.number()),
            attempt,
            ..Live::default()
        };
        // What the visitor is asked must follow her press at once.
        effects.push(Effect::Listen(source, attempt));
        effects.push(Effect::ChangeStaff);
    }

    /// Says a verdict that is another than the last.
    fn live_judged(&mut self, judgement: Judgement) {
        let verdict = |judgement: Judgement| {
            let top = judgement.moods.top_two().map(|(mood, _)| mood);
            let is_music = judgement.kind.is_music();
            (
                judgement.kind,
                is_music.then_some((top[0], judgement.unsure)),
            )
        };
        let last = self.live.judgement.map(verdict);
        if last != Some(verdict(judgement)) {
            self.announcement = Some(Announcement::Live {
                kind: judgement.kind,
                moods: judgement.moods.top_two().map(|(mood, _)| mood),
                unsure: judgement.unsure,
            });
        }
        self.live.judged(judgement);
    }

    /// Forgets all that was heard, and ends its worker, which held it.
    fn stop_live(&mut self, phase: LivePhase, effects: &mut Vec<Effect>) {
        let was_on = self.live.is_on();
        self.live = Live {
            phase,
            source: self.live.source,
            attempt: self.live.attempt,
            ..Live::default()
        };
        if was_on {
            effects.push(Effect::StopListening);
            effects.push(Effect::ChangeStaff);
        }
    }
}

#[cfg(test)]
mod tests;

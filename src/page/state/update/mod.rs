//! What follows from an event.

mod list;
mod live;
mod player;
mod queue;
mod renewal;
mod shelf;
mod staff;
mod tagging;
#[cfg(test)]
mod tests;

use super::model::MOST_ZOOM;
use super::{
    Announcement, Decoders, Effect, Event, Judge, LiveFault, Phase, Picture, Playing, State,
    WorkerId,
};
use crate::analysis::Judgement;
use crate::error::AnalysisError;
use crate::worker::protocol::{FromWorker, Job};

impl State {
    /// Takes in what happened, and says what to do.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Added(songs, skipped) => self.add(songs, skipped, &mut effects),
            Event::Queue(event) => self.queue_event(event, &mut effects),
            Event::Library(event) => self.library_event(event, &mut effects),
            Event::List(event) => self.list_event(event, &mut effects),
            Event::Tag(event) => self.tag_event(event, &mut effects),
            Event::Decoded {
                job,
                seconds,
                decode_ms,
            } => self.decoded(job, seconds, decode_ms, &mut effects),
            Event::DecodeFailed { job, error } => {
                self.decoding = None;
                self.fail(job, error, &mut effects);
            }
            Event::Live(event) => self.live_event(event, &mut effects),
            Event::Said(worker, message, _) if self.is_live(worker) => {
                self.live_said(message, &mut effects);
            }
            Event::Said(worker, message, pixels) => {
                self.said(worker, message, pixels, &mut effects);
            }
            Event::Broken(reason) => self.broken(reason, &mut effects),
            Event::Lost(worker, detail) => {
                let error = AnalysisError::internal("the analysis", &detail);
                if self.is_live(worker) {
                    self.live_fails(LiveFault::Unjudged(error), &mut effects);
                } else {
                    self.lost(worker, error, &mut effects);
                }
            }
            Event::CancelPressed(job) => self.cancel(job, &mut effects),
            Event::CancelOverdue(worker) => self.cancel_overdue(worker, &mut effects),
            Event::RetryPressed => {
                self.notice = None;
                if matches!(self.judge, Judge::Broken(_)) {
                    self.start_worker(&mut effects);
                }
            }
            Event::Selected(job) => self.select(job, &mut effects),
            Event::MomentPicked(index) => {
                let song = self.selected_song();
                let moment = song.and_then(|song| song.moments.get(index));
                if let Some(t_s) = moment.map(|moment| moment.t_s) {
                    self.play(Playing::Sought(t_s), &mut effects);
                }
            }
            Event::Pointed(spot) => {
                let second = spot.map(|spot| self.second_at(spot));
                let song = self.selected_song();
                self.hovered = second.and_then(|second| Some(song?.moment_at(second)));
            }
            Event::SpotPicked(spot) => {
                let second = self.second_at(spot);
                self.play(Playing::Sought(second), &mut effects);
            }
            Event::ZoomPressed { closer: true } => self.zoom = (2 * self.zoom).min(MOST_ZOOM),
            Event::ZoomPressed { closer: false } => self.zoom = (self.zoom / 2).max(1),
            Event::Player(event) => self.play(event, &mut effects),
            Event::Shared(shared) => self.shared = Some(shared),
            Event::EscapePressed => {
                if let Some(job) = self.selected {
                    self.cancel(job, &mut effects);
                }
            }
            Event::Notice(notice) => self.notice = Some(notice),
            Event::LanguageChosen(language) => {
                self.language = language;
                // What was said in the other language is old news.
                self.announcement = None;
            }
            Event::Counted(inventory) => self.inventory = Some(inventory),
            Event::Offline(offline) => self.offline_news(offline),
            Event::UpdatePressed => self.update_pressed(),
        }
        self.advance(&mut effects);
        self.dismiss_idle(&mut effects);
        self.balance(&mut effects);
        self.renew(&mut effects);
        effects
    }

    fn select(&mut self, job: Job, effects: &mut Vec<Effect>) {
        if self.song(job).is_some() && self.selected != Some(job) {
            self.selected = Some(job);
            self.moment = 0;
            self.hovered = None;
            self.shared = None;
            self.leave(effects);
        }
    }

    fn decoded(&mut self, job: Job, seconds: f64, decode_ms: f64, effects: &mut Vec<Effect>) {
        self.decoding = None;
        match self.song_mut(job) {
            Some(song) if matches!(song.phase, Phase::Decoding) => {
                song.phase = Phase::Decoded;
                song.duration_s = seconds;
                song.decode_ms = decode_ms;
            }
            // Cancelled meanwhile.
            _ => effects.push(Effect::Forget(job)),
        }
    }

    fn said(
        &mut self,
        worker: WorkerId,
        message: FromWorker,
        pixels: Vec<u8>,
        effects: &mut Vec<Effect>,
    ) {
        match message {
            FromWorker::Ready { cards } => self.ready(worker, cards, effects),
            FromWorker::Refused { error } => self.lost(worker, error.into(), effects),
            FromWorker::Progress {
                job,
                stage,
                fraction,
            } => {
                if let Some(song) = self.analysing_mut(job, worker) {
                    song.progress(stage, fraction);
                }
            }
            FromWorker::Segment { job, moments } => {
                if let Some(song) = self.analysing_mut(job, worker) {
                    song.moments.extend(moments);
                }
            }
            FromWorker::Judged {
                job,
                judgement,
                moments,
            } => {
                if let Some(song) = self.analysing_mut(job, worker)
                    && song.judge(judgement, moments)
                {
                    let name = song.name.clone();
                    self.announcement = Some(Announcement::of_judgement(name, &judgement));
                }
            }
            FromWorker::Done {
                job,
                report,
                tags,
                picture,
                timing,
                wasm_bytes,
            } => {
                let Some(song) = self.analysing_mut(job, worker) else {
                    return;
                };
                // It says what the judgement did.
                let is_news = song.judgement().is_none();
                let news = is_news.then(|| {
                    Announcement::of_judgement(song.name.clone(), &Judgement::of(&report))
                });
                song.moments.clone_from(&report.timeline);
                song.timing = timing.with_decoding(song.decode_ms);
                song.wasm_bytes = wasm_bytes;
                song.tags = tags;
                song.picture = Picture::new(picture, pixels);
                // Before, it was a guess where the worker decodes.
                song.duration_s = report.duration_s;
                song.phase = Phase::Done(report);
                song.saved = false;
                if news.is_some() {
                    self.announcement = news;
                }
                effects.push(Effect::Forget(job));
                self.keep(job, effects);
                self.settle(job);
                self.note_pace();
            }
            FromWorker::Unread { job } => {
                if let Some(song) = self.analysing_mut(job, worker) {
                    song.decoders = Decoders::Browser;
                    song.phase = Phase::Queued;
                }
            }
            FromWorker::Failed {
                job: Some(job),
                error,
            } => {
                if self.worker_of(job) == Some(worker) {
                    self.fail(job, error, effects);
                }
            }
            FromWorker::Failed { job: None, error } => self.lost(worker, error, effects),
            // Only the worker of live sound says that.
            FromWorker::Live { .. } => {}
        }
    }

    /// Ends a song without a verdict, unless it has already ended.
    fn fail(&mut self, job: Job, error: AnalysisError, effects: &mut Vec<Effect>) {
        effects.push(Effect::Forget(job));
        let Some(song) = self.song_mut(job).filter(|song| !song.has_ended()) else {
            return;
        };
        let cancelled = error == AnalysisError::Cancelled;
        let name = song.name.clone();
        self.announcement = Some(if cancelled {
            song.phase = Phase::Cancelled;
            Announcement::Cancelled(name)
        } else {
            song.phase = Phase::Failed(error.clone());
            Announcement::Failed { name, error }
        });
        self.settle(job);
        if !cancelled {
            self.note_pace();
        }
    }

    fn cancel(&mut self, job: Job, effects: &mut Vec<Effect>) {
        let Some(song) = self.song_mut(job) else {
            return;
        };
        match &mut song.phase {
            Phase::Queued | Phase::Decoding | Phase::Decoded => {
                self.fail(job, AnalysisError::Cancelled, effects);
            }
            Phase::Analysing { cancelling, .. } if !*cancelling => {
                *cancelling = true;
                effects.push(Effect::Cancel(job));
            }
            _ => {}
        }
    }
}

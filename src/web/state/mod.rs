//! All that the page knows, and what follows from an event.
//!
//! [`State::update`] takes an [`Event`] and answers with the [`Effect`]s to carry out;
//! it touches no browser. At most one song is being decoded or waits decoded, and one is in
//! each worker; see [`Staff`].

mod backup;
mod effect;
mod event;
mod persistence;
mod player;
mod queue;
mod renewal;
mod shelf;
mod song;
mod staff;

use crate::error::AnalysisError;
use crate::text::{Language, song as say};
use crate::web::axis::Window;
use crate::web::inventory::Inventory;
use crate::web::library::Library;
use crate::web::protocol::{Cards, FromWorker, Job};
use crate::web::words;

pub use backup::{BackupNews, Restored};
pub use effect::Effect;
pub use event::{Event, Notice, Shared, Spot};
pub use persistence::Persistence;
pub use player::{Player, Playing, Silence};
pub use queue::{Progress, Queue, QueueEvent};
pub use shelf::{LibraryEvent, Shown, Storage, StorageFault};
pub use song::{Decoders, NewSong, Phase, Picture, Song, Ticket, Verdict};
pub use staff::{Staff, WorkerId};

/// Most times that the spectrogram's time is stretched.
const MOST_ZOOM: u32 = 16;

/// Whether songs can be judged.
#[derive(Debug, Clone, PartialEq)]
pub enum Judge {
    /// The first worker or its models are on the way.
    Loading,
    /// Songs may be sent.
    Ready(Box<Cards>),
    /// It can't start.
    Broken(AnalysisError),
}

/// Whether the page works without a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offline {
    /// Not (yet).
    No,
    /// Everything is stored.
    Ready,
    /// A newer version is stored and waits.
    Update,
}

/// All that the page knows.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The queue, oldest first.
    pub songs: Vec<Song>,
    /// The song whose result is shown.
    pub selected: Option<Job>,
    /// Position in the selected song's timeline.
    pub moment: usize,
    /// Position of the moment that the visitor points at.
    pub hovered: Option<usize>,
    /// How many times the spectrogram's time is stretched: 1, 2, 4 …
    pub zoom: u32,
    /// What sounds, and where.
    pub player: Player,
    /// What came of giving the selected song's result to others.
    pub shared: Option<Shared>,
    /// Whether songs can be judged.
    pub judge: Judge,
    /// The workers.
    pub staff: Staff,
    /// Whether the page works without a network.
    pub offline: Offline,
    /// Whether the newer version takes over as soon as no song is under way.
    pub renewing: bool,
    /// Something to read that belongs to no song.
    pub notice: Option<Notice>,
    /// How large the page is, once that is known.
    pub inventory: Option<Inventory>,
    /// The language of all texts.
    pub language: Language,
    /// The last thing that happened, for those who can't see it.
    pub announcement: String,
    /// The decoder's song, even if that one is cancelled meanwhile: decoding can't be
    /// stopped, and its samples need memory until it ends.
    decoding: Option<Job>,
    /// The clock, in milliseconds since 1970; set before every event.
    pub clock_ms: f64,
    /// All songs that were judged, now or before.
    pub library: Library,
    /// Whether they are kept.
    pub storage: Storage,
    /// Whether for long.
    pub persistence: Persistence,
    /// What came of the last backup.
    pub backup: Option<BackupNews>,
    /// What the visitor looks at.
    pub shown: Shown,
    /// Files beside the last songs that were none.
    pub skipped: usize,
    /// Whose turn it is.
    pub queue: Queue,
    /// The song whose report is being fetched.
    opening: Option<Job>,
    /// The last number that was given to a song.
    last_job: Job,
}

impl Default for State {
    fn default() -> Self {
        Self {
            songs: Vec::new(),
            selected: None,
            moment: 0,
            hovered: None,
            zoom: 1,
            player: Player::default(),
            shared: None,
            judge: Judge::Loading,
            staff: Staff::default(),
            offline: Offline::No,
            renewing: false,
            notice: None,
            inventory: None,
            language: Language::default(),
            announcement: String::new(),
            decoding: None,
            clock_ms: 0.0,
            library: Library::default(),
            storage: Storage::Opening,
            persistence: Persistence::default(),
            backup: None,
            shown: Shown::Songs,
            skipped: 0,
            queue: Queue::default(),
            opening: None,
            last_job: 0,
        }
    }
}

impl State {
    /// That song.
    #[must_use]
    pub fn song(&self, job: Job) -> Option<&Song> {
        self.songs.iter().find(|song| song.job == job)
    }

    /// The song whose result is shown.
    #[must_use]
    pub fn selected_song(&self) -> Option<&Song> {
        self.selected.and_then(|job| self.song(job))
    }

    /// A number that no song has had yet.
    pub fn take_job(&mut self) -> Job {
        self.last_job += 1;
        self.last_job
    }

    /// The moment of the selected song to tell of: the one pointed at, or where she is.
    #[must_use]
    pub fn shown_moment(&self) -> usize {
        self.hovered.unwrap_or(self.moment)
    }

    /// The part of the selected song that the spectrogram shows.
    #[must_use]
    pub fn window(&self) -> Window {
        let duration_s = self.selected_song().map_or(0.0, |song| song.duration_s);
        Window::around(self.player.at_s, duration_s, self.zoom)
    }

    /// Whether the spectrogram's time can be stretched further, and shrunk.
    #[must_use]
    pub const fn can_zoom(&self) -> [bool; 2] {
        [self.zoom < MOST_ZOOM, self.zoom > 1]
    }

    /// The second of the selected song at that spot.
    fn second_at(&self, spot: Spot) -> f64 {
        let duration_s = self.selected_song().map_or(0.0, |song| song.duration_s);
        match spot {
            Spot::Song(share) => share * duration_s,
            Spot::Spectrogram(share) => self.window().at(share),
        }
    }

    /// Takes in what happened, and says what to do.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Added(songs, skipped) => self.add(songs, skipped, &mut effects),
            Event::Queue(event) => self.queue_event(event, &mut effects),
            Event::Library(event) => self.library_event(event, &mut effects),
            Event::Decoded {
                job,
                seconds,
                decode_ms,
            } => self.decoded(job, seconds, decode_ms, &mut effects),
            Event::DecodeFailed { job, error } => {
                self.decoding = None;
                self.fail(job, error, &mut effects);
            }
            Event::Said(worker, message, pixels) => {
                self.said(worker, message, pixels, &mut effects);
            }
            Event::Broken(reason) => self.broken(reason),
            Event::Lost(worker, detail) => {
                let error = AnalysisError::internal("the analysis", &detail);
                self.lost(worker, error, &mut effects);
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
                self.announcement.clear();
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

    fn song_mut(&mut self, job: Job) -> Option<&mut Song> {
        self.songs.iter_mut().find(|song| song.job == job)
    }

    /// That song, if that worker has it.
    fn analysing_mut(&mut self, job: Job, worker: WorkerId) -> Option<&mut Song> {
        self.song_mut(job)
            .filter(|song| song.worker() == Some(worker))
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
            FromWorker::Done {
                job,
                report,
                tags,
                picture,
                timing,
                wasm_bytes,
            } => {
                let language = self.language;
                let Some(song) = self.analysing_mut(job, worker) else {
                    return;
                };
                let verdict = words::verdict(language, &report);
                song.moments.clone_from(&report.timeline);
                song.timing = timing.with_decoding(song.decode_ms);
                song.wasm_bytes = wasm_bytes;
                song.tags = tags;
                song.picture = Picture::new(picture, pixels);
                // Before, it was a guess where the worker decodes.
                song.duration_s = report.duration_s;
                song.phase = Phase::Done(report);
                song.saved = false;
                let values = [("name", song.name.as_str()), ("text", &verdict)];
                self.announcement = say::SONG_SAYS.fill(language, &values);
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
        }
    }

    /// Ends a song without a verdict, unless it has already ended.
    fn fail(&mut self, job: Job, error: AnalysisError, effects: &mut Vec<Effect>) {
        effects.push(Effect::Forget(job));
        let language = self.language;
        let Some(song) = self.song_mut(job).filter(|song| !song.has_ended()) else {
            return;
        };
        let cancelled = error == AnalysisError::Cancelled;
        self.announcement = if cancelled {
            song.phase = Phase::Cancelled;
            say::SONG_CANCELLED.fill(language, &[("name", &song.name)])
        } else {
            let text = error.of_song(language, &song.name);
            song.phase = Phase::Failed(error);
            text
        };
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

#[cfg(test)]
mod tests;

//! The loop: events in, effects out, the state drawn.

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::{Array, Float32Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::browser::choices;
use super::browser::covers::Covers;
use super::browser::decode::{self, Decoded};
use super::browser::download::Download;
use super::browser::hash;
use super::browser::keeper::Keeper;
use super::browser::live::{self, LiveSound};
use super::browser::player::Player;
use super::browser::received;
use super::browser::service_worker::ServiceWorker;
use super::browser::tag_desk::TagDesk;
use super::browser::worker_client;
use super::browser::workers::{self, Workers};
use super::input::intake::Intake;
use super::input::samples::Samples;
use super::request::Request;
use super::sender::{self, send};
use super::state::live::level;
use super::state::{
    Decoders, Effect, Event, LiveEvent, LiveSource, NewSong, Notice, Playing, QueueEvent, Silence,
    State, Ticket,
};
use super::view::View;
use crate::dom;
use crate::dom::listener::Timeout;
use crate::error::AnalysisError;
use crate::worker::protocol::Job;

thread_local! {
    /// The running page; it lives as long as its document.
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

/// The state, and what the browser lent to the page.
pub(super) struct Page {
    pub state: State,
    pub view: View,
    /// Draws what the view has left.
    later: Option<Timeout>,
    pub files: HashMap<Job, File>,
    decoded: HashMap<Job, Decoded>,
    workers: Workers,
    service_worker: Option<ServiceWorker>,
    /// The file that was offered last.
    pub download: Option<Download>,
    /// The buttons of the samples, once their list is there.
    pub samples: Option<Samples>,
    pub keeper: Keeper,
    pub tag_desk: TagDesk,
    pub covers: Covers,
    pub player: Player,
    /// What is heard live, while it is.
    live: Option<LiveSound>,
    _intake: Intake,
    _received: Option<received::Consumer>,
}

/// Makes the page, and draws it.
///
/// # Errors
/// What the browser threw, or the id of an element that `index.html` lacks.
pub(super) fn begin(mut state: State) -> Result<(), JsValue> {
    state.staff = workers::staff()?;
    PAGE.set(Some(Page {
        state,
        view: View::new()?,
        later: None,
        files: HashMap::new(),
        decoded: HashMap::new(),
        workers: Workers::default(),
        service_worker: None,
        download: None,
        samples: None,
        keeper: Keeper::default(),
        tag_desk: TagDesk::default(),
        covers: Covers::default(),
        player: Player::new(&dom::document()?)?,
        live: None,
        _intake: Intake::new()?,
        _received: received::listen()?,
    }));
    with_page(Page::render);
    with_page(Page::change_workers);
    Ok(())
}

/// Runs something on the page. Only tasks of their own call this, so that the page is
/// never borrowed twice.
pub(super) fn with_page<T>(run: impl FnOnce(&mut Page) -> T) -> Option<T> {
    PAGE.with_borrow_mut(|page| page.as_mut().map(run))
}

impl Page {
    /// Takes in an event.
    pub fn apply(&mut self, event: Event) {
        self.state.clock_ms = js_sys::Date::now();
        for effect in self.state.update(event) {
            if let Err(error) = self.run(effect) {
                web_sys::console::error_1(&error);
            }
        }
        if self.service_worker.is_none() && self.state.has_time() {
            self.service_worker = ServiceWorker::register();
        }
        self.render();
    }

    /// Draws the state.
    pub fn render(&mut self) {
        let later = self.view.render(&self.state).and_then(|is_left| {
            // A task of its own: the timeout is not dropped while it runs.
            let draw = || {
                spawn_local(async {
                    with_page(Self::render);
                });
            };
            is_left.then(|| Timeout::new(0, draw)).transpose()
        });
        match later {
            Ok(later) => self.later = later,
            Err(error) => web_sys::console::error_1(&error),
        }
    }

    /// Draws what came into sight.
    pub fn scrolled(&mut self) {
        if let Err(error) = self.view.scrolled(&self.state) {
            web_sys::console::error_1(&error);
        }
    }

    /// Puts songs at the end of the queue.
    pub fn add(&mut self, files: Vec<(Ticket, File)>, skipped: usize) {
        let mut songs = Vec::with_capacity(files.len());
        for (ticket, file) in files {
            let job = self.state.take_job();
            songs.push(NewSong {
                job,
                name: ticket.name,
                bytes: ticket.bytes,
                modified_ms: ticket.modified_ms,
                path: ticket.path,
            });
            self.files.insert(job, file);
        }
        self.apply(Event::Added(songs, skipped));
    }

    /// Puts those songs into the queue that wait for their files.
    pub fn add_missing(&mut self, mut found: Vec<(Ticket, File)>) {
        let missing = self.state.missing_keys();
        found.retain(|(ticket, _)| missing.contains(&ticket.key()));
        if found.is_empty() {
            self.apply(Event::Notice(Notice::StillMissing));
        } else {
            self.add(found, 0);
        }
    }

    fn run(&mut self, effect: Effect) -> Result<(), JsValue> {
        match effect {
            Effect::Identify(job) => {
                if let Some(file) = self.files.get(&job).cloned() {
                    spawn_local(identify_song(job, file));
                }
            }
            Effect::Decode(job) => {
                if let Some(file) = self.files.get(&job).cloned() {
                    let song = self.state.song(job);
                    let decoders = song.map_or(Decoders::All, |song| song.decoders);
                    spawn_local(decode_song(job, file, decoders));
                }
            }
            Effect::Analyse(job) => {
                if let (Some(worker), Some(song)) =
                    (self.state.worker_of(job), self.decoded.remove(&job))
                {
                    let file = self.files.get(&job);
                    self.workers
                        .tell(worker, |client| client.analyse(job, &song, file));
                }
            }
            Effect::Cancel(job) => {
                if let Some(worker) = self.state.worker_of(job) {
                    self.workers.tell(worker, |client| client.cancel(job));
                }
            }
            Effect::Forget(job) => {
                self.decoded.remove(&job);
            }
            Effect::Play(job) => match self.files.get(&job) {
                Some(file) => self.player.play(job, file, self.state.player.at_s)?,
                None => send(Event::Player(Playing::Failed(Silence::NoFile))),
            },
            Effect::Pause => self.player.pause()?,
            Effect::Seek => self
                .player
                .seek(self.state.selected, self.state.player.at_s),
            Effect::Listen(source, attempt) => spawn_local(listen(source, attempt)),
            Effect::StopListening => self.live = None,
            Effect::KeepColumns(columns) => choices::keep_columns(&columns),
            Effect::KeepDeaf(deaf) => choices::keep_deaf(deaf),
            Effect::Tag(task) => sender::ask(Request::Tag(task)),
            Effect::ChangeStaff => self.change_workers(),
            Effect::Renew => {
                if let Some(service_worker) = &self.service_worker {
                    service_worker.switch()?;
                }
            }
            kept => self.keeper.run(&kept, &self.state),
        }
        Ok(())
    }

    /// Takes what is heard, unless the visitor has stopped meanwhile, which drops it.
    fn take_live(&mut self, attempt: u32, sound: LiveSound) {
        if self.state.live.awaits(attempt) {
            self.live = Some(sound);
            self.apply(Event::Live(LiveEvent::Opened(attempt)));
        }
    }

    /// Gives a block of what is heard to its worker, where that can take it.
    pub fn hear(&mut self, sample_rate: u32, channels: &Array) {
        if self.live.is_none() {
            return;
        }
        let samples: Vec<_> = channels
            .iter()
            .map(|channel| channel.unchecked_into::<Float32Array>().to_vec())
            .collect();
        let frames = samples.first().map_or(0, Vec::len);
        if let Some(worker) = self.state.live.listener() {
            self.workers
                .tell(worker, |client| client.hear(sample_rate, channels));
        }
        self.apply(Event::Live(LiveEvent::Heard {
            seconds: frames as f64 / f64::from(sample_rate),
            level: level(&samples),
        }));
    }

    /// Ends and starts workers until they are those that the state lists.
    fn change_workers(&mut self) {
        if self.workers.change(&self.state) {
            spawn_local(async {
                let module = worker_client::compile().await;
                with_page(|page| page.take_module(module));
            });
        }
    }

    fn take_module(&mut self, module: Result<JsValue, JsValue>) {
        match self.workers.take(module) {
            Ok(()) => self.change_workers(),
            Err(error) => {
                let detail = dom::message_of(&error);
                let error = AnalysisError::internal("loading the judges", &detail);
                self.apply(Event::Broken(error));
            }
        }
    }

    /// Offers a file for saving, if there is one.
    pub fn offer(&mut self, file: Result<Option<Download>, JsValue>) {
        match file {
            Ok(Some(download)) => self.download = Some(download),
            Ok(None) => {}
            Err(error) => self.apply(Event::Notice(Notice::NotSaved {
                detail: dom::message_of(&error),
            })),
        }
    }
}

/// Asks for live sound, and keeps it.
async fn listen(source: LiveSource, attempt: u32) {
    match live::open(source, attempt).await {
        Ok(sound) => {
            with_page(|page| page.take_live(attempt, sound));
        }
        Err(fault) => live::fail(attempt, fault),
    }
}

/// Finds out what a file is.
async fn identify_song(job: Job, file: File) {
    let event = match hash::of(&file).await {
        Ok(hash) => QueueEvent::Identified { job, hash },
        Err(error) => QueueEvent::Unreadable { job, error },
    };
    send(Event::Queue(event));
}

/// Decodes a song, unless the worker shall do that, and keeps its samples for the worker.
async fn decode_song(job: Job, file: File, decoders: Decoders) {
    let started = dom::now();
    let event = match decode::decode(&file, decoders).await {
        Ok(decoded) => {
            let seconds = decoded.seconds;
            with_page(|page| page.decoded.insert(job, decoded));
            let decode_ms = dom::now() - started;
            Event::Decoded {
                job,
                seconds,
                decode_ms,
            }
        }
        Err(error) => Event::DecodeFailed { job, error },
    };
    send(event);
}

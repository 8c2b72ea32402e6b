//! The page: takes events in, carries effects out, renders the state.

use std::cell::RefCell;
use std::collections::HashMap;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, FileSystemDirectoryHandle};

use super::backup;
use super::choices::{self, ExportOptions};
use super::decode::{self, Decoded};
use super::dom;
use super::download::Download;
use super::export;
use super::folders::{self, Found, Haul};
use super::hash;
use super::intake::Intake;
use super::inventory::{self, Inventory};
use super::keeper::Keeper;
use super::listener::Timeout;
use super::picture;
use super::player::{self, Player};
use super::protocol::Job;
use super::received;
use super::samples::{self, Samples};
use super::service_worker::ServiceWorker;
use super::share;
use super::state::{
    Decoders, Effect, Event, Judge, LibraryEvent, NewSong, Notice, Playing, QueueEvent, Shared,
    Silence, State, StorageFault, Ticket,
};
use super::view::View;
use super::words;
use super::worker_client;
use super::workers::{self, Workers};
use crate::error::AnalysisError;

/// How long the browser's storage may take to open, in milliseconds.
const STORAGE_MS: i32 = 5_000;

thread_local! {
    /// The running page; it lives as long as its document.
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

/// The state, and what the browser lent to the page.
struct Page {
    state: State,
    view: View,
    /// Draws what the view has left.
    later: Option<Timeout>,
    files: HashMap<Job, File>,
    decoded: HashMap<Job, Decoded>,
    workers: Workers,
    service_worker: Option<ServiceWorker>,
    download: Option<Download>,
    samples: Option<Samples>,
    keeper: Keeper,
    player: Player,
    _intake: Intake,
    _received: Option<received::Consumer>,
}

/// Starts the page.
///
/// # Errors
/// What the browser threw, or the id of an element that `index.html` lacks.
pub fn start() -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
    let mut state = State::default();
    state.staff = workers::staff()?;
    state.update(Event::LanguageChosen(choices::language()));
    let page = Page {
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
        player: Player::new(&dom::document()?)?,
        _intake: Intake::new()?,
        _received: received::listen()?,
    };
    let dialog: web_sys::HtmlElement = dom::by_id(&dom::document()?, "share")?;
    dom::set_hidden(&dialog, !share::can_share());
    PAGE.set(Some(page));
    with_page(Page::render);
    with_page(Page::change_workers);
    spawn_local(open_storage());
    spawn_local(async {
        // Without a list there are no samples; the page does without.
        let samples = Samples::fetch().await.ok();
        with_page(|page| page.samples = samples);
    });
    spawn_local(async {
        // Without the list the page only can't tell its size.
        let list = samples::fetch_bytes(inventory::LIST).await;
        let inventory = list.ok().and_then(|list| Inventory::read(&list.to_vec()));
        if let Some(inventory) = inventory {
            send(Event::Counted(inventory));
        }
    });
    Ok(())
}

/// Takes in an event, as soon as nothing else is at work.
pub fn send(event: Event) {
    spawn_local(async move {
        with_page(|page| page.apply(event));
    });
}

/// Puts files at the end of the queue, under names of their own.
pub fn add(files: Vec<(String, File)>) {
    let songs = files.into_iter();
    let songs = songs.map(|(path, file)| Found { path, file });
    let songs = songs.collect();
    add_haul(Haul { songs, skipped: 0 });
}

/// Puts songs that were found at the end of the queue.
pub fn add_haul(haul: Haul) {
    spawn_local(async move {
        let songs = folders::look_up(haul.songs).await;
        with_page(|page| page.add(songs, haul.skipped));
    });
}

/// Keeps a folder that the browser lends, so that the next visit can go on with it.
pub fn keep_folders(folders: Vec<FileSystemDirectoryHandle>) {
    spawn_local(async move {
        with_page(|page| page.keeper.keep_folders(folders));
    });
}

/// Tells the pages in other windows that something is kept or forgotten.
pub fn tell(hash: Option<String>) {
    spawn_local(async move {
        with_page(|page| page.keeper.tell(hash.as_deref()));
    });
}

/// Goes on with the songs that an earlier visit left, if their folders may be read again.
pub fn go_on() {
    spawn_local(async {
        let folders = with_page(|page| page.keeper.folders()).unwrap_or_default();
        let mut found = Vec::new();
        for folder in folders {
            if folders::ask_again(&folder).await {
                found.extend(folders::read(&folder).await);
            }
        }
        let found = folders::look_up(found).await;
        with_page(|page| page.add_missing(found));
    });
}

/// Saves the songs of the library that are shown, in that form.
pub fn export(form: export::Form, options: ExportOptions) {
    spawn_local(async move {
        let Some(Some((songs, store))) = with_page(|page| {
            let songs = export::songs(&page.state);
            (!songs.is_empty()).then(|| (songs, page.keeper.store()))
        }) else {
            return;
        };
        let file = export::file(form, options, songs, store).await;
        with_page(|page| page.offer(file));
    });
}

/// Saves all that is kept.
pub fn save_backup() {
    spawn_local(async {
        let Some((songs, store)) =
            with_page(|page| (export::all(&page.state), page.keeper.store()))
        else {
            return;
        };
        let file = backup::file(songs, store).await.map(Some);
        with_page(|page| page.offer(file));
    });
}

/// Puts a backup back.
pub fn restore(file: File) {
    spawn_local(async move {
        let store = with_page(|page| page.keeper.store()).flatten();
        backup::restore(&file, store.as_ref()).await;
    });
}

/// Draws everything again: the window or the colours have changed.
pub fn redraw() {
    spawn_local(async {
        with_page(|page| {
            page.view.invalidate();
            page.render();
        });
    });
}

/// Saves the JSON result of one song, or of all of this visit.
pub fn download(all: bool) {
    spawn_local(async move {
        let Some((songs, store)) = with_page(|page| {
            let songs = export::of_visit(&page.state, all);
            (songs, page.keeper.store())
        }) else {
            return;
        };
        let file = export::json(songs, store).await;
        with_page(|page| page.offer(file));
    });
}

/// How the selected song's result is given to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A picture that scales.
    Svg,
    /// A picture of pixels.
    Png,
    /// Text on the clipboard.
    Copy,
    /// Text in the system's own dialog.
    Dialog,
}

/// Gives the selected song's result to others.
pub fn share(form: Form) {
    spawn_local(async move {
        let given = with_page(|page| {
            let language = page.state.language;
            let song = page.state.selected_song()?;
            let report = song.report()?;
            let text = words::share::text(language, &song.name, report);
            let svg = picture::svg(language, &song.name, report);
            Some((song.name.clone(), text, svg))
        });
        let Some((name, text, svg)) = given.flatten() else {
            return;
        };
        let shared = match form {
            Form::Svg | Form::Png => save_picture(&name, &svg, form == Form::Png).await,
            Form::Copy => share::copy(&text).await.map(|()| {
                send(Event::Shared(Shared::Copied));
            }),
            Form::Dialog => share::share(&name, &text).await,
        };
        if let Err(error) = shared {
            send(Event::Shared(Shared::Failed(dom::message_of(&error))));
        }
    });
}

async fn save_picture(name: &str, svg: &str, as_pixels: bool) -> Result<(), JsValue> {
    let mut blob = share::svg_blob(svg)?;
    let mut extension = "svg";
    if as_pixels {
        blob = share::png_blob(&blob).await?;
        extension = "png";
    }
    let download = Download::blob(&format!("{name}.undertone.{extension}"), &blob)?;
    with_page(|page| page.download = Some(download));
    Ok(())
}

/// The player can't go on with what it holds: finds out why, and lets go of it.
pub fn fell_silent() {
    spawn_local(async {
        let file = with_page(|page| page.player.let_go()).flatten();
        let silence = match file {
            Some(file) => player::why_silent(&file).await,
            None => Silence::NoFile,
        };
        send(Event::Player(Playing::Failed(silence)));
    });
}

/// Runs something on the page. Only tasks of their own call this, so that the page is
/// never borrowed twice.
fn with_page<T>(run: impl FnOnce(&mut Page) -> T) -> Option<T> {
    PAGE.with_borrow_mut(|page| page.as_mut().map(run))
}

impl Page {
    fn apply(&mut self, event: Event) {
        self.state.clock_ms = js_sys::Date::now();
        for effect in self.state.update(event) {
            if let Err(error) = self.run(effect) {
                web_sys::console::error_1(&error);
            }
        }
        // Storing for offline use would compete with what the first song needs.
        if self.service_worker.is_none() && self.state.judge != Judge::Loading {
            self.service_worker = ServiceWorker::register();
        }
        self.render();
    }

    fn render(&mut self) {
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

    fn add(&mut self, files: Vec<(Ticket, File)>, skipped: usize) {
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
    fn add_missing(&mut self, mut found: Vec<(Ticket, File)>) {
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
    fn offer(&mut self, file: Result<Option<Download>, JsValue>) {
        match file {
            Ok(Some(download)) => self.download = Some(download),
            Ok(None) => {}
            Err(error) => self.apply(Event::Notice(Notice::NotSaved {
                detail: dom::message_of(&error),
            })),
        }
    }
}

/// Opens what the browser keeps for this page, and reads it.
async fn open_storage() {
    // It does not answer where another page holds it.
    let watch = Timeout::new(STORAGE_MS, || {
        send(Event::Library(LibraryEvent::Failed(StorageFault::Blocked)));
    });
    let opened = Keeper::open().await;
    drop(watch);
    let event = match opened {
        Ok((keeper, songs, left)) => {
            let resumable = keeper.has_folders();
            with_page(|page| page.keeper = keeper);
            send(Event::Library(LibraryEvent::Read(songs)));
            Event::Queue(QueueEvent::Left(left, resumable))
        }
        Err(fault) => Event::Library(LibraryEvent::Failed(fault)),
    };
    send(event);
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

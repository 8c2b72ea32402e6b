//! Carries out what concerns the browser's storage and the other pages.

use std::future::Future;

use idb::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::FileSystemDirectoryHandle;

use crate::page::browser::pages::{self, Pages};
use crate::page::browser::persistence;
use crate::page::browser::store::{self, KeptReport, Store};
use crate::page::library::{LibrarySong, SmartLists};
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::{
    Effect, Event, LibraryEvent, ListEvent, Persistence, State, StorageFault, Ticket,
};
use crate::worker::protocol::Job;

/// The storage and the other pages, once they are there.
#[derive(Default)]
pub struct Keeper {
    store: Option<Store>,
    pages: Option<Pages>,
    folders: Vec<FileSystemDirectoryHandle>,
}

/// An open storage, and what is in it.
pub struct Opened {
    /// The storage.
    pub keeper: Keeper,
    /// All songs.
    pub songs: Vec<LibrarySong>,
    /// All smart lists.
    pub lists: SmartLists,
    /// What an earlier visit left in the queue.
    pub left: Vec<Ticket>,
}

impl Keeper {
    /// Opens the storage and reads it.
    ///
    /// # Errors
    /// Why nothing can be kept.
    pub async fn open() -> Result<Opened, StorageFault> {
        let name = store::name().map_err(|_| StorageFault::Forbidden)?;
        let store = Store::open(&name).await?;
        let pages = Pages::join(&name);
        // Without the browser's help, this page believes to be alone.
        let open = pages::open().await.unwrap_or_default();
        let read = async {
            Ok::<_, Error>((
                store.read_all().await?,
                store.lists().await?,
                store.left(&open).await?,
                store.folders().await?,
            ))
        };
        let (songs, lists, left, folders) = read.await.map_err(|error| {
            warn(&error);
            StorageFault::Forbidden
        })?;
        let keeper = Self {
            store: Some(store),
            pages: Some(pages),
            folders,
        };
        Ok(Opened {
            keeper,
            songs,
            lists,
            left,
        })
    }

    /// The storage, if there is one.
    #[must_use]
    pub fn store(&self) -> Option<Store> {
        self.store.clone()
    }

    /// Whether the browser may lend folders of an earlier visit again.
    #[must_use]
    pub fn has_folders(&self) -> bool {
        !self.folders.is_empty()
    }

    /// Those folders.
    #[must_use]
    pub fn folders(&self) -> Vec<FileSystemDirectoryHandle> {
        self.folders.clone()
    }

    /// Keeps folders for the next visit.
    pub fn keep_folders(&self, folders: Vec<FileSystemDirectoryHandle>) {
        self.with_store(move |store| async move {
            for folder in folders {
                store.keep_folder(&folder).await?;
            }
            Ok(())
        });
    }

    /// Carries out an effect that concerns the storage; without one, nothing.
    pub fn run(&self, effect: &Effect, state: &State) {
        match effect {
            Effect::Keep(job) => self.keep(*job, state),
            Effect::Open(job) => self.open_report(*job, state),
            Effect::List(jobs) => self.list(jobs, state),
            Effect::Unlist(keys) => self.unlist(keys.clone(), state),
            Effect::Say(hashes, mood) => {
                let (hashes, mood) = (hashes.clone(), *mood);
                self.change(alone(&hashes), move |store| async move {
                    store.say(&hashes, mood).await
                });
            }
            Effect::ForgetSongs(hashes) => {
                let hashes = hashes.clone();
                self.change(alone(&hashes), move |store| async move {
                    store.forget(&hashes).await
                });
            }
            Effect::KeepList(list) => {
                let list = list.clone();
                self.change(
                    None,
                    move |store| async move { store.keep_list(&list).await },
                );
            }
            Effect::ForgetList(name) => {
                let name = name.clone();
                self.change(
                    None,
                    move |store| async move { store.forget_list(&name).await },
                );
            }
            Effect::ForgetAll => {
                self.change(None, move |store| async move { store.forget_all().await });
            }
            Effect::Carry { from, to } => self.carry(from.clone(), to.clone(), state),
            Effect::ReadStore(hash) => self.read(hash.clone()),
            Effect::Persist { ask } => find_out(*ask),
            _ => {}
        }
    }

    fn keep(&self, job: Job, state: &State) {
        let Some(entry) = entry_of(job, state) else {
            return;
        };
        self.change(Some(entry.hash.clone()), move |store| async move {
            store.keep(entry).await?;
            sender::send(Event::Library(LibraryEvent::Saved(job)));
            Ok(())
        });
    }

    /// Puts what is kept of a song under another hash.
    fn carry(&self, from: String, to: String, state: &State) {
        let kept = state.library.get(&to).map(|song| &song.kept);
        // Plain numbers and texts: this does not fail.
        let Some(kept) = kept.and_then(|kept| serde_json::to_string(kept).ok()) else {
            return;
        };
        self.change(None, move |store| async move {
            store.carry(&from, &to, kept).await
        });
    }

    fn open_report(&self, job: Job, state: &State) {
        let hash = state.song(job).and_then(|song| song.hash.clone());
        let store = self.store();
        spawn_local(async move {
            let kept = match (store, hash) {
                (Some(store), Some(hash)) => store.report(&hash).await.ok().flatten(),
                _ => None,
            };
            sender::send(Event::Library(match kept {
                Some((report, picture)) => LibraryEvent::Opened {
                    job,
                    report,
                    picture,
                },
                None => LibraryEvent::Gone(job),
            }));
        });
    }

    fn list(&self, jobs: &[Job], state: &State) {
        let Some(page) = self.pages.as_ref().map(|pages| pages.id.clone()) else {
            return;
        };
        let songs = jobs.iter().filter_map(|job| state.song(*job));
        let tickets: Vec<_> = songs.map(crate::page::state::Song::ticket).collect();
        self.with_store(move |store| async move { store.list(&page, &tickets).await });
    }

    fn unlist(&self, keys: Vec<String>, state: &State) {
        let empty = state.progress().is_none() && state.missing() == 0;
        self.with_store(move |store| async move {
            store.unlist(&keys).await?;
            if empty {
                store.drop_folders().await?;
            }
            Ok(())
        });
    }

    fn read(&self, hash: Option<String>) {
        self.with_store(move |store| async move {
            let event = if let Some(hash) = hash {
                let song = store.read_one(&hash).await?;
                LibraryEvent::ReadOne(hash, song.map(Box::new))
            } else {
                let lists = store.lists().await?;
                sender::send(Event::List(ListEvent::ListsRead(lists)));
                LibraryEvent::Read(store.read_all().await?)
            };
            sender::send(Event::Library(event));
            Ok(())
        });
    }

    /// Changes the storage, and tells the other pages.
    fn change<F>(&self, hash: Option<String>, change: impl FnOnce(Store) -> F + 'static)
    where
        F: Future<Output = Result<(), Error>> + 'static,
    {
        self.with_store(move |store| async move {
            change(store).await?;
            sender::ask(Request::Tell(hash));
            Ok(())
        });
    }

    fn with_store<F>(&self, work: impl FnOnce(Store) -> F + 'static)
    where
        F: Future<Output = Result<(), Error>> + 'static,
    {
        let Some(store) = self.store() else {
            return;
        };
        spawn_local(async move {
            if let Err(error) = work(store).await {
                warn(&error);
                sender::send(Event::Library(LibraryEvent::Failed(StorageFault::Full)));
            }
        });
    }

    /// Tells the other pages of a change.
    pub fn tell(&self, hash: Option<&str>) {
        if let Some(pages) = &self.pages {
            pages.tell(hash);
        }
    }
}

/// The one song; none where there are several, which the other pages read anew with all else.
fn alone(hashes: &[String]) -> Option<String> {
    match hashes {
        [hash] => Some(hash.clone()),
        _ => None,
    }
}

/// Finds out whether the browser clears nothing by itself.
fn find_out(ask: bool) {
    spawn_local(async move {
        let persistence = persistence::find_out(ask).await;
        if persistence != Persistence::Unknown {
            sender::send(Event::Library(LibraryEvent::Persisted(persistence)));
        }
    });
}

/// What is kept of a song that was judged.
fn entry_of(job: Job, state: &State) -> Option<KeptReport> {
    let song = state.song(job)?;
    let hash = song.hash.clone()?;
    let kept = &state.library.get(&hash)?.kept;
    let (size, pixels) = match &song.picture {
        Some(picture) => (picture.size, picture.pixels.clone()),
        None => (store::NO_PICTURE, Vec::new()),
    };
    Some(KeptReport {
        kept: serde_json::to_string(kept).ok()?,
        report: serde_json::to_string(song.report()?).ok()?,
        hash,
        size,
        pixels,
    })
}

/// For those who look for the reason; the page says what follows from it.
fn warn(error: &Error) {
    web_sys::console::warn_1(&JsValue::from(error.to_string()));
}

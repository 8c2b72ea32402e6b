//! What the browser keeps for the next visit: verdicts, reports, what the visitor said,
//! and which songs were still in the queue. Never the songs.
//!
//! Each of these has an object store of its own, by the SHA-256 of the song (the queue by
//! [`Ticket::key`]), so that two pages that write at once never undo each other's work.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use idb::{
    Database, DatabaseEvent, Error, Factory, ObjectStoreParams, Transaction, TransactionMode,
};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileSystemDirectoryHandle};

use crate::dom;
use crate::mood::Mood;
use crate::page::library::backup::BackedUp;
use crate::page::library::{Kept, LibrarySong, SmartList, SmartLists};
use crate::page::sender;
use crate::page::state::{Event, LibraryEvent, Picture, StorageFault, Ticket};
use crate::report::Report;
use crate::worker::protocol::PictureSize;

/// Grows when the stores change.
const VERSION: u32 = 3;
/// Verdicts: [`Kept`] as JSON.
const SONGS: &str = "songs";
/// Reports as JSON, with the spectrogram's columns, rows and pixels.
const REPORTS: &str = "reports";
/// Names of moods.
const SAID: &str = "said";
/// Tickets as JSON, with the page that has them.
const QUEUE: &str = "queue";
/// Folders that the visitor gave, by name, where the browser lends them for longer.
const FOLDERS: &str = "folders";
/// Smart lists as JSON, by name.
const LISTS: &str = "lists";
/// Small covers, as the browser's blobs. They are read for what is in sight alone.
const COVERS: &str = "covers";
const STORES: [&str; 7] = [SONGS, REPORTS, SAID, QUEUE, FOLDERS, LISTS, COVERS];
/// What is kept of songs, by the SHA-256 of their files.
const OF_SONGS: [&str; 4] = [SONGS, REPORTS, SAID, COVERS];

/// Of a report that lost its picture.
pub const NO_PICTURE: PictureSize = PictureSize {
    columns: 0,
    rows: 0,
};

/// Entries of the queue that are written at once, so that the page answers in between.
const PORTION: usize = 50;

/// The open storage.
#[derive(Clone)]
pub struct Store {
    database: Rc<Database>,
}

impl Store {
    /// Opens the storage of the page in this folder, and makes it where there is none.
    ///
    /// # Errors
    /// Why the browser keeps nothing for this page.
    pub async fn open(name: &str) -> Result<Self, StorageFault> {
        let factory = Factory::new().map_err(|_| StorageFault::Forbidden)?;
        let mut request = factory
            .open(name, Some(VERSION))
            .map_err(|_| StorageFault::Forbidden)?;
        let fault = Rc::new(RefCell::new(StorageFault::Forbidden));
        let upgrade = Rc::clone(&fault);
        request.on_upgrade_needed(move |event| {
            let created = event.database().and_then(|database| create(&database));
            if created.is_err() {
                upgrade.replace(StorageFault::Forbidden);
            }
        });
        request.on_blocked(|_| failed(StorageFault::Blocked));
        let mut database = request
            .await
            .map_err(|error| match name_of(&error).as_str() {
                // There is a newer version of the storage than this page knows.
                "VersionError" => StorageFault::Superseded,
                _ => *fault.borrow(),
            })?;
        database.on_version_change(|event| {
            // A newer page waits for this one to let go.
            if let Ok(database) = event.database() {
                database.close();
            }
            failed(StorageFault::Superseded);
        });
        database.on_close(|_| failed(StorageFault::Forbidden));
        Ok(Self {
            database: Rc::new(database),
        })
    }

    /// All songs. What can't be read, as it is of another version, is passed over.
    pub async fn read_all(&self) -> Result<Vec<LibrarySong>, Error> {
        let reading = self.begin(&[SONGS, SAID], TransactionMode::ReadOnly)?;
        let songs = reading.object_store(SONGS)?.get_all(None, None)?.await?;
        let said = reading.object_store(SAID)?;
        let keys = said.get_all_keys(None, None)?.await?;
        let moods = said.get_all(None, None)?.await?;
        let said: HashMap<_, _> = keys
            .iter()
            .zip(&moods)
            .filter_map(|(key, mood)| Some((key.as_string()?, mood_of(mood)?)))
            .collect();
        Ok(songs
            .iter()
            .filter_map(kept_of)
            .map(|kept| {
                let said = said.get(&kept.origin.hash).copied();
                LibrarySong::new(kept, said)
            })
            .collect())
    }

    /// One song, if it is kept.
    pub async fn read_one(&self, hash: &str) -> Result<Option<LibrarySong>, Error> {
        let reading = self.begin(&[SONGS, SAID], TransactionMode::ReadOnly)?;
        song_of(&reading, &hash.into()).await
    }

    /// Keeps a verdict and its report.
    pub async fn keep(&self, entry: KeptReport) -> Result<(), Error> {
        let writing = self.begin(&[SONGS, REPORTS], TransactionMode::ReadWrite)?;
        let key = JsValue::from(&entry.hash);
        writing
            .object_store(SONGS)?
            .put(&entry.kept.into(), Some(&key))?;
        let report = report_value(entry.report, entry.size, &entry.pixels);
        writing.object_store(REPORTS)?.put(&report, Some(&key))?;
        done(writing).await
    }

    /// Puts songs of a backup beside what is here, all of them or none, and tells how many
    /// were not here.
    pub async fn restore(&self, songs: Vec<BackedUp>) -> Result<usize, Error> {
        let writing = self.begin(&[SONGS, REPORTS, SAID], TransactionMode::ReadWrite)?;
        let mut new = 0;
        for song in songs {
            let key = JsValue::from(&song.kept.origin.hash);
            let here = song_of(&writing, &key).await?;
            let merged = song.merge(here.as_ref());
            new += usize::from(merged.is_new);
            if let Some((kept, report)) = merged.verdict {
                let songs = writing.object_store(SONGS)?;
                songs.put(&text_of(&kept)?.into(), Some(&key))?;
                if let Some(report) = report {
                    let report = report_value(text_of(&report)?, NO_PICTURE, &[]);
                    writing.object_store(REPORTS)?.put(&report, Some(&key))?;
                }
            }
            if let Some(mood) = merged.said {
                let said = writing.object_store(SAID)?;
                said.put(&mood.name().into(), Some(&key))?;
            }
        }
        done(writing).await?;
        Ok(new)
    }

    /// The smart lists. What can't be read is passed over.
    pub async fn lists(&self) -> Result<SmartLists, Error> {
        let reading = self.begin(&[LISTS], TransactionMode::ReadOnly)?;
        let lists = reading.object_store(LISTS)?.get_all(None, None)?.await?;
        let lists = lists.iter().filter_map(|list| {
            let list: SmartList = serde_json::from_str(&list.as_string()?).ok()?;
            Some(list)
        });
        Ok(SmartLists::of(lists))
    }

    /// Keeps a smart list, in the place of one of its name.
    pub async fn keep_list(&self, list: &SmartList) -> Result<(), Error> {
        let writing = self.begin(&[LISTS], TransactionMode::ReadWrite)?;
        let lists = writing.object_store(LISTS)?;
        lists.put(&text_of(list)?.into(), Some(&list.name.as_str().into()))?;
        done(writing).await
    }

    /// Forgets the smart list of that name.
    pub async fn forget_list(&self, name: &str) -> Result<(), Error> {
        let writing = self.begin(&[LISTS], TransactionMode::ReadWrite)?;
        writing.object_store(LISTS)?.delete(JsValue::from(name))?;
        done(writing).await
    }

    /// A song's report as JSON, and its picture.
    pub async fn report(
        &self,
        hash: &str,
    ) -> Result<Option<(Box<Report>, Option<Picture>)>, Error> {
        let reading = self.begin(&[REPORTS], TransactionMode::ReadOnly)?;
        let entry = reading.object_store(REPORTS)?.get(JsValue::from(hash))?;
        let entry = entry.await?;
        Ok(entry.as_ref().and_then(report_of))
    }

    /// Keeps a song's cover.
    pub async fn keep_cover(&self, hash: &str, cover: &Blob) -> Result<(), Error> {
        let writing = self.begin(&[COVERS], TransactionMode::ReadWrite)?;
        writing
            .object_store(COVERS)?
            .put(cover, Some(&hash.into()))?;
        done(writing).await
    }

    /// The covers of songs.
    pub async fn covers(&self, hashes: &[String]) -> Result<Vec<Option<Blob>>, Error> {
        let reading = self.begin(&[COVERS], TransactionMode::ReadOnly)?;
        let covers = reading.object_store(COVERS)?;
        let asked = hashes.iter().map(|hash| covers.get(JsValue::from(hash)));
        let asked: Vec<_> = asked.collect::<Result<_, _>>()?;
        let mut found = Vec::with_capacity(asked.len());
        for cover in asked {
            found.push(cover.await?.and_then(|cover| cover.dyn_into().ok()));
        }
        Ok(found)
    }

    /// Puts all that is kept of a song under another hash of its file.
    pub async fn carry(&self, from: &str, to: &str, kept: String) -> Result<(), Error> {
        let writing = self.begin(&OF_SONGS, TransactionMode::ReadWrite)?;
        let (from, to) = (JsValue::from(from), JsValue::from(to));
        for name in OF_SONGS {
            let store = writing.object_store(name)?;
            if let Some(value) = store.get(from.clone())?.await? {
                store.put(&value, Some(&to))?;
                store.delete(from.clone())?;
            }
        }
        writing.object_store(SONGS)?.put(&kept.into(), Some(&to))?;
        done(writing).await
    }

    /// Notes what the visitor hears, or takes it back.
    pub async fn say(&self, hashes: &[String], mood: Option<Mood>) -> Result<(), Error> {
        let writing = self.begin(&[SAID], TransactionMode::ReadWrite)?;
        let said = writing.object_store(SAID)?;
        for hash in hashes {
            let key = JsValue::from(hash);
            match mood {
                Some(mood) => drop(said.put(&mood.name().into(), Some(&key))?),
                None => drop(said.delete(key)?),
            }
        }
        done(writing).await
    }

    /// Forgets songs.
    pub async fn forget(&self, hashes: &[String]) -> Result<(), Error> {
        let writing = self.begin(&OF_SONGS, TransactionMode::ReadWrite)?;
        for store in OF_SONGS {
            let store = writing.object_store(store)?;
            for hash in hashes {
                store.delete(JsValue::from(hash))?;
            }
        }
        done(writing).await
    }

    /// Forgets all songs, but not what is in the queue.
    pub async fn forget_all(&self) -> Result<(), Error> {
        let writing = self.begin(&OF_SONGS, TransactionMode::ReadWrite)?;
        for store in OF_SONGS {
            writing.object_store(store)?.clear()?;
        }
        done(writing).await
    }

    /// Notes that these songs are in the queue of that page.
    pub async fn list(&self, page: &str, tickets: &[Ticket]) -> Result<(), Error> {
        let writing = self.begin(&[QUEUE], TransactionMode::ReadWrite)?;
        let queue = writing.object_store(QUEUE)?;
        for portion in tickets.chunks(PORTION) {
            let mut last = None;
            for ticket in portion {
                // Plain numbers and texts: this does not fail.
                let text = serde_json::to_string(ticket).unwrap_or_default();
                let entry = Array::of2(&text.into(), &page.into());
                last = Some(queue.put(&entry, Some(&ticket.key().into()))?);
            }
            if let Some(last) = last {
                last.await?;
            }
        }
        done(writing).await
    }

    /// Notes that these are in no queue any more.
    pub async fn unlist(&self, keys: &[String]) -> Result<(), Error> {
        let writing = self.begin(&[QUEUE], TransactionMode::ReadWrite)?;
        let queue = writing.object_store(QUEUE)?;
        for portion in keys.chunks(PORTION) {
            let mut last = None;
            for key in portion {
                last = Some(queue.delete(JsValue::from(key))?);
            }
            if let Some(last) = last {
                last.await?;
            }
        }
        done(writing).await
    }

    /// The songs in the queues of pages that are not open any more.
    pub async fn left(&self, open: &HashSet<String>) -> Result<Vec<Ticket>, Error> {
        let reading = self.begin(&[QUEUE], TransactionMode::ReadOnly)?;
        let entries = reading.object_store(QUEUE)?.get_all(None, None)?.await?;
        Ok(entries
            .iter()
            .filter_map(|entry| entry.dyn_ref::<Array>())
            .filter(|entry| {
                entry
                    .get(1)
                    .as_string()
                    .is_none_or(|page| !open.contains(&page))
            })
            .filter_map(|entry| serde_json::from_str(&entry.get(0).as_string()?).ok())
            .collect())
    }

    /// Keeps a folder that the browser may lend again.
    pub async fn keep_folder(&self, folder: &FileSystemDirectoryHandle) -> Result<(), Error> {
        let writing = self.begin(&[FOLDERS], TransactionMode::ReadWrite)?;
        let folders = writing.object_store(FOLDERS)?;
        folders.put(folder, Some(&folder.name().into()))?;
        done(writing).await
    }

    /// The folders that are kept.
    pub async fn folders(&self) -> Result<Vec<FileSystemDirectoryHandle>, Error> {
        let reading = self.begin(&[FOLDERS], TransactionMode::ReadOnly)?;
        let folders = reading.object_store(FOLDERS)?.get_all(None, None)?.await?;
        Ok(folders
            .into_iter()
            .filter_map(|folder| folder.dyn_into().ok())
            .collect())
    }

    /// Lets go of the folders.
    pub async fn drop_folders(&self) -> Result<(), Error> {
        let writing = self.begin(&[FOLDERS], TransactionMode::ReadWrite)?;
        writing.object_store(FOLDERS)?.clear()?;
        done(writing).await
    }

    fn begin(&self, stores: &[&str], mode: TransactionMode) -> Result<Transaction, Error> {
        self.database.transaction(stores, mode)
    }
}

/// What [`Store::keep`] takes.
pub struct KeptReport {
    /// SHA-256 of the song.
    pub hash: String,
    /// [`Kept`] as JSON.
    pub kept: String,
    /// [`Report`] as JSON.
    pub report: String,
    /// Shape of the spectrogram.
    pub size: PictureSize,
    /// Its pixels.
    pub pixels: Vec<u8>,
}

/// Makes the stores that are missing.
fn create(database: &Database) -> Result<(), Error> {
    let there = database.store_names();
    for store in STORES {
        if !there.iter().any(|name| name == store) {
            database.create_object_store(store, ObjectStoreParams::new())?;
        }
    }
    Ok(())
}

/// The song under that key.
async fn song_of(transaction: &Transaction, key: &JsValue) -> Result<Option<LibrarySong>, Error> {
    let get = |store| transaction.object_store(store)?.get(key.clone());
    let song = get(SONGS)?.await?;
    let said = get(SAID)?.await?;
    let said = said.as_ref().and_then(mood_of);
    let kept = song.as_ref().and_then(kept_of);
    Ok(kept.map(|kept| LibrarySong::new(kept, said)))
}

/// A report with its picture, as it is kept.
fn report_value(report: String, size: PictureSize, pixels: &[u8]) -> Array {
    Array::of4(
        &report.into(),
        &size.columns.into(),
        &size.rows.into(),
        &Uint8Array::from(pixels),
    )
}

/// JSON of what is read from JSON; this does not fail.
fn text_of(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|_| Error::DomExceptionNotFound)
}

/// Waits until everything is written, or nothing.
async fn done(writing: Transaction) -> Result<(), Error> {
    match writing.await? {
        idb::TransactionResult::Committed => Ok(()),
        idb::TransactionResult::Aborted => Err(Error::DomExceptionNotFound),
    }
}

/// Tells the page that results can't be kept.
fn failed(fault: StorageFault) {
    sender::send(Event::Library(LibraryEvent::Failed(fault)));
}

/// Name of the exception behind an error.
fn name_of(error: &Error) -> String {
    let thrown = match error {
        Error::DomException(exception) => return exception.name(),
        Error::IndexedDbOpenFailed(thrown) => thrown,
        _ => return String::new(),
    };
    let name = Reflect::get(thrown, &"name".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}

fn kept_of(value: &JsValue) -> Option<Kept> {
    serde_json::from_str(&value.as_string()?).ok()
}

fn mood_of(value: &JsValue) -> Option<Mood> {
    Mood::from_name(&value.as_string()?)
}

fn report_of(value: &JsValue) -> Option<(Box<Report>, Option<Picture>)> {
    let parts: &Array = value.dyn_ref()?;
    let report = serde_json::from_str(&parts.get(0).as_string()?).ok()?;
    let number = |index| parts.get(index).as_f64().map(|number| number as usize);
    let pixels = parts.get(3).dyn_into::<Uint8Array>().ok()?;
    let size = PictureSize {
        columns: number(1)?,
        rows: number(2)?,
    };
    Some((report, Picture::new(size, pixels.to_vec())))
}

/// Name of the storage: pages in other folders of the same host have their own.
pub fn name() -> Result<String, JsValue> {
    let path = dom::window()?.location().pathname()?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    Ok(format!("undertone:{folder}/"))
}

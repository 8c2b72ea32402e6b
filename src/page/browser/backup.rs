//! Writes all that is kept into one file, and puts such a file back.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, File};

use crate::dom;
use crate::page::browser::decode::read;
use crate::page::browser::download::Download;
use crate::page::browser::export::Exported;
use crate::page::browser::store::Store;
use crate::page::library::SmartLists;
use crate::page::library::backup::{BackedUp, BackupFault, Reader, Writer};
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::{BackupNews, Event, LibraryEvent, Notice, Restored, StorageFault};

/// Bytes that are read at a time.
const PIECE: f64 = 1e6;
/// Songs that are written at once, so that the page answers in between.
const PORTION: usize = 20;

/// All these songs as a file. One after the other comes out of storage; the browser holds
/// the text.
pub async fn file(
    lists: &SmartLists,
    songs: Vec<Exported>,
    store: Option<Store>,
) -> Result<Download, JsValue> {
    let parts = Array::new();
    let (mut writer, head) = Writer::begin(lists);
    parts.push(&head.into());
    for song in songs {
        if let Some(song) = song.backed_up(store.as_ref()).await {
            parts.push(&writer.song(&song).into());
        }
    }
    parts.push(&writer.end().into());
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let day = js_sys::Date::new_0().to_iso_string();
    let day = String::from(day).chars().take(10).collect::<String>();
    Download::blob(&format!("undertone-backup-{day}.json"), &blob)
}

/// What stops a backup on its way into storage.
enum Stop {
    /// It is none for this page; nothing was changed.
    Refused(BackupFault),
    /// The storage takes no more; what was put back until then stays.
    Full(idb::Error),
}

/// Puts a backup back, and tells the page and those in other windows of it.
pub async fn restore(file: &File, store: Option<&Store>) {
    let Some(store) = store else {
        sender::send(Event::Notice(Notice::Storage(StorageFault::Forbidden)));
        return;
    };
    let tell = |news| sender::send(Event::Library(LibraryEvent::Backup(news)));
    tell(BackupNews::Reading);
    match read_back(file, store).await {
        Ok(restored) => tell(BackupNews::Restored(restored)),
        Err(Stop::Refused(fault)) => tell(BackupNews::Refused(fault)),
        Err(Stop::Full(error)) => {
            web_sys::console::warn_1(&error.to_string().into());
            tell(BackupNews::Interrupted);
            sender::send(Event::Library(LibraryEvent::Failed(StorageFault::Full)));
        }
    }
    sender::ask(Request::Tell(None));
}

/// Reads a backup to its end, and only if all of it is whole puts it back.
async fn read_back(file: &File, store: &Store) -> Result<Restored, Stop> {
    let mut reader = Reader::default();
    let mut start = 0.0;
    while let Some(bytes) = piece(file, &mut start).await? {
        reader.push(&bytes).map_err(Stop::Refused)?;
    }
    let lists = reader.end().map_err(Stop::Refused)?;

    let mut reader = Reader::default();
    let mut start = 0.0;
    let mut restored = Restored::default();
    let mut portion = Vec::new();
    while let Some(bytes) = piece(file, &mut start).await? {
        portion.extend(reader.push(&bytes).map_err(Stop::Refused)?);
        while portion.len() >= PORTION {
            let rest = portion.split_off(PORTION);
            put(store, portion, &mut restored).await?;
            portion = rest;
        }
    }
    put(store, portion, &mut restored).await?;
    put_lists(store, &lists).await.map_err(Stop::Full)?;
    Ok(restored)
}

/// Puts songs back, all of them or none.
async fn put(store: &Store, songs: Vec<BackedUp>, restored: &mut Restored) -> Result<(), Stop> {
    let all = songs.len();
    let new = store.restore(songs).await.map_err(Stop::Full)?;
    restored.new += new;
    restored.known += all - new;
    Ok(())
}

/// Puts smart lists back; one that is here under the same name stays.
async fn put_lists(store: &Store, lists: &SmartLists) -> Result<(), idb::Error> {
    let here = store.lists().await?;
    for list in lists.iter().filter(|list| here.get(&list.name).is_none()) {
        store.keep_list(list).await?;
    }
    Ok(())
}

/// The next bytes of a file; none at its end.
async fn piece(file: &File, start: &mut f64) -> Result<Option<Vec<u8>>, Stop> {
    if *start >= file.size() {
        return Ok(None);
    }
    let unreadable = |detail| Stop::Refused(BackupFault::Unreadable(detail));
    let end = (*start + PIECE).min(file.size());
    let piece = file
        .slice_with_f64_and_f64(*start, end)
        .map_err(|error| unreadable(dom::message_of(&error)))?;
    *start = end;
    let bytes = read(piece.array_buffer()).await;
    let bytes = bytes.map_err(|error| unreadable(error.to_string()))?;
    Ok(Some(Uint8Array::new(&bytes).to_vec()))
}

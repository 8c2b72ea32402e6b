//! Files and whole folders, however they come: chosen, dropped or lent.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, DataTransferItem, File, FileList, FileSystemDirectoryEntry,
    FileSystemDirectoryHandle, FileSystemDirectoryReader, FileSystemEntry, FileSystemFileEntry,
    FileSystemFileHandle, FileSystemHandle, FileSystemHandleKind,
};

use crate::dom;
use crate::dom::turn::Turn;
use crate::page::files::names::is_song;
use crate::page::library::natural;
use crate::page::request::{Found, Haul};
use crate::page::state::Ticket;

impl Haul {
    /// Leaves aside what is no song. A file that comes alone was meant.
    #[must_use]
    pub fn of(files: Vec<Found>) -> Self {
        let all = files.len();
        let mut songs = files;
        let in_folders = songs.iter().any(|found| found.path.contains('/'));
        if all > 1 || in_folders {
            songs.retain(|found| is_song(&found.file.name(), &found.file.type_()));
        }
        if in_folders {
            songs.sort_by(|a, b| natural(&a.path, &b.path));
        }
        Self {
            skipped: all - songs.len(),
            songs,
        }
    }
}

/// Looks up how large and how old each file is. The browser asks the disk for that, and
/// waits for the answer: what comes by the hundred takes more than one task.
pub async fn look_up(found: Vec<Found>) -> Vec<(Ticket, File)> {
    let mut known = Vec::with_capacity(found.len());
    let mut turn = Turn::begin();
    for Found { path, file } in found {
        turn.next().await;
        let ticket = Ticket {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            bytes: file.size() as u64,
            modified_ms: file.last_modified(),
            path,
        };
        known.push((ticket, file));
    }
    known
}

/// The files of an input.
pub fn chosen(files: &FileList) -> Vec<Found> {
    (0..files.length())
        .filter_map(|index| files.get(index))
        .map(|file| Found {
            path: path_of(&file),
            file,
        })
        .collect()
}

/// Where the file lies in the folder that was chosen; its name if it came alone.
fn path_of(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok();
    path.and_then(|path| path.as_string())
        .filter(|path| !path.is_empty())
        .unwrap_or_else(|| file.name())
}

/// What was dropped. It has to be taken while the drop is handled; later it is gone.
#[derive(Default)]
pub struct Dropped {
    files: Vec<Found>,
    folders: Vec<FileSystemDirectoryEntry>,
    lent: Vec<Promise>,
}

impl Dropped {
    /// Takes what was dropped.
    pub fn take(transfer: &DataTransfer) -> Self {
        let mut dropped = Self::default();
        let items = transfer.items();
        for item in (0..items.length()).filter_map(|index| items.get(index)) {
            let entry = item.webkit_get_as_entry().ok().flatten();
            let folder = entry.filter(FileSystemEntry::is_directory);
            if let Some(folder) = folder {
                dropped.folders.push(folder.unchecked_into());
                dropped.lent.extend(ask_for_handle(&item));
            } else if let Ok(Some(file)) = item.get_as_file() {
                let path = file.name();
                dropped.files.push(Found { path, file });
            }
        }
        dropped
    }

    /// All files, also those in folders, and the folders that the browser lends for longer.
    pub async fn read(self) -> (Vec<Found>, Vec<FileSystemDirectoryHandle>) {
        let mut files = self.files;
        for folder in self.folders {
            walk(folder, &mut files).await;
        }
        let mut folders = Vec::new();
        for lent in self.lent {
            let folder = JsFuture::from(lent).await.ok();
            folders.extend(folder.and_then(|folder| folder.dyn_into().ok()));
        }
        (files, folders)
    }
}

/// Asks for a folder for longer, where the browser lends folders.
fn ask_for_handle(item: &DataTransferItem) -> Option<Promise> {
    let ask = Reflect::get(item, &"getAsFileSystemHandle".into()).ok()?;
    let ask: Function = ask.dyn_into().ok()?;
    ask.call0(item).ok()?.dyn_into().ok()
}

/// Adds all files below a folder that was dropped. What can't be read is passed over.
async fn walk(folder: FileSystemDirectoryEntry, files: &mut Vec<Found>) {
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        let reader = folder.create_reader();
        while let Ok(entries) = read_entries(&reader).await {
            if entries.length() == 0 {
                break;
            }
            for entry in entries.iter() {
                let entry: FileSystemEntry = entry.unchecked_into();
                if entry.is_directory() {
                    folders.push(entry.unchecked_into());
                } else if let Ok(file) = file_of(entry.unchecked_ref()).await {
                    let path = entry.full_path().trim_start_matches('/').to_owned();
                    files.push(Found { path, file });
                }
            }
        }
    }
}

/// The next entries of a folder; none when all were read.
async fn read_entries(reader: &FileSystemDirectoryReader) -> Result<Array, JsValue> {
    let entries = Promise::new(&mut |resolve, reject| {
        let asked = reader.read_entries_with_callback_and_callback(&resolve, &reject);
        if let Err(error) = asked {
            // A promise that was settled before takes no harm.
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    Ok(JsFuture::from(entries).await?.unchecked_into())
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let file = Promise::new(&mut |resolve, reject| {
        entry.file_with_callback_and_callback(&resolve, &reject);
    });
    Ok(JsFuture::from(file).await?.unchecked_into())
}

/// Whether this browser lends folders.
pub fn lends() -> bool {
    picker().is_ok()
}

fn picker() -> Result<Function, JsValue> {
    Reflect::get(dom::window()?.as_ref(), &"showDirectoryPicker".into())?.dyn_into()
}

/// Lets the visitor choose a folder to lend; fails also where she changes her mind.
pub async fn pick() -> Result<FileSystemDirectoryHandle, JsValue> {
    let answer: Promise = picker()?.call0(dom::window()?.as_ref())?.dyn_into()?;
    JsFuture::from(answer).await?.dyn_into()
}

/// Asks whether a folder that was lent before may be read again.
pub async fn ask_again(folder: &FileSystemDirectoryHandle) -> bool {
    let ask = || -> Result<Promise, JsValue> {
        let ask: Function = Reflect::get(folder, &"requestPermission".into())?.dyn_into()?;
        ask.call0(folder)?.dyn_into()
    };
    match ask() {
        Ok(answer) => JsFuture::from(answer)
            .await
            .is_ok_and(|answer| answer.as_string().as_deref() == Some("granted")),
        // Folders that need no permission have nothing to ask.
        Err(_) => true,
    }
}

/// All files below a folder that was lent. What can't be read is passed over.
pub async fn read(folder: &FileSystemDirectoryHandle) -> Vec<Found> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.name(), folder.clone())];
    while let Some((path, folder)) = folders.pop() {
        let entries = folder.values();
        while let Some(handle) = next(&entries).await {
            let path = format!("{path}/{}", handle.name());
            if handle.kind() == FileSystemHandleKind::Directory {
                folders.push((path, handle.unchecked_into()));
                continue;
            }
            let file = handle.unchecked_into::<FileSystemFileHandle>().get_file();
            if let Ok(file) = JsFuture::from(file).await {
                let file = file.unchecked_into();
                files.push(Found { path, file });
            }
        }
    }
    files
}

async fn next(entries: &js_sys::AsyncIterator) -> Option<FileSystemHandle> {
    let step = JsFuture::from(entries.next().ok()?).await.ok()?;
    let step: js_sys::IteratorNext = step.unchecked_into();
    (!step.done()).then(|| step.value().unchecked_into())
}

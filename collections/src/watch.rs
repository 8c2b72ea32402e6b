//! `trainer watch`: a folder that is judged as it changes.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result};
use notify_debouncer_full::notify::{EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, new_debouncer};

use crate::console::{self, Hint, Outcome};
use crate::decode::is_song;
use crate::predict::{self, Found};
use crate::results::{Format, Record, Shard};

/// Watches folders until the program is ended: judges all songs, then each that is new or
/// has changed and has been left alone for `quiet`. Results go to stdout as lines.
///
/// # Errors
/// When a folder can't be watched, or as [`predict::run`].
pub fn watch(folders: &[PathBuf], quiet: Duration, options: &predict::Options) -> Result<Outcome> {
    let (found, songs) = mpsc::channel();
    let report = found.clone();
    let mut watcher = new_debouncer(quiet, None, move |events: DebounceEventResult| {
        let changed: Vec<Found> = match events {
            Ok(events) => events.iter().flat_map(changed).collect(),
            Err(errors) => errors
                .iter()
                .map(|error| Err(Record::failed("", "unreadable", error.to_string())))
                .collect(),
        };
        for song in changed {
            // Nobody listens any more where the run has ended.
            let _ = report.send(song);
        }
    })
    .context("folders can't be watched here")?;
    // As the watcher names them.
    let folders = folders.iter().map(std::path::absolute);
    let folders: Vec<PathBuf> = folders.collect::<Result<_, _>>()?;
    for folder in &folders {
        watcher
            .watch(folder, RecursiveMode::Recursive)
            .with_context(|| format!("the folder {} can't be watched", folder.display()))
            .hint("a system may watch few folders: on Linux see fs.inotify.max_user_watches")?;
    }
    // What is there already, after the watch began: nothing is missed in between.
    for folder in &folders {
        match predict::find(std::slice::from_ref(folder), Shard::ALL) {
            Ok(all) => all.into_iter().for_each(|song| drop(found.send(song))),
            // It may be empty yet.
            Err(error) => console::report(&error),
        }
    }
    drop(found);
    predict::run_found(songs.into_iter(), options, Format::Jsonl)
}

/// Songs that an event is about; all of a folder that is new, since its first files may have
/// come before it was watched. What is gone is none.
fn changed(event: &DebouncedEvent) -> Vec<Found> {
    if !matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_)) {
        return Vec::new();
    }
    let songs = |path: &PathBuf| {
        let folder = matches!(event.kind, EventKind::Create(_)) && path.is_dir();
        if folder || is_song(path) && Path::is_file(path) {
            // A folder may hold none.
            predict::find(std::slice::from_ref(path), Shard::ALL).unwrap_or_default()
        } else {
            Vec::new()
        }
    };
    event.paths.iter().flat_map(songs).collect()
}

//! The library as files for other programs.

use std::collections::HashMap;

use wasm_bindgen::prelude::*;

use crate::mood::Mood;
use crate::page::browser::download::Download;
use crate::page::browser::store::Store;
use crate::page::library::backup::BackedUp;
use crate::page::library::{Kept, LibrarySong};
use crate::page::request::{ExportForm, ExportOptions};
use crate::page::state::{Phase, Song, State};
use crate::report::csv::{self, Reader, Separator};
use crate::report::listing::{self, Listed};
use crate::report::rekordbox;
use crate::report::{Entry, Outcome, Report};

/// A song to export: its report may have to be fetched.
pub struct Exported {
    song: Option<LibrarySong>,
    here: Option<Entry>,
    hash: Option<String>,
    path: String,
}

/// The selected songs of the library in the order of the list; where none is, all that are
/// shown.
pub fn songs(state: &State) -> Vec<Exported> {
    exported(state, state.library.picked_or_shown())
}

/// All songs of the library.
pub fn all(state: &State) -> Vec<Exported> {
    exported(state, state.library.iter())
}

fn exported<'a>(state: &State, songs: impl IntoIterator<Item = &'a LibrarySong>) -> Vec<Exported> {
    let done = state.songs.iter();
    let done = done.filter(|song| matches!(song.phase, Phase::Done(_)));
    let done: HashMap<_, _> = done
        .filter_map(|song| Some((song.hash.as_deref()?, song)))
        .collect();
    let exported = songs.into_iter().map(|song| {
        let hash = song.hash();
        let here = done.get(hash).copied();
        Exported {
            here: here.and_then(Song::entry),
            hash: Some(hash.to_owned()),
            path: song.kept.origin.path.clone(),
            song: Some(song.clone()),
        }
    });
    exported.collect()
}

/// The songs of this visit that have ended, or only the one that is looked at.
pub fn of_visit(state: &State, all: bool) -> Vec<Exported> {
    let songs = state.songs.iter();
    let songs = songs.filter(|song| all || Some(song.job) == state.selected);
    let ended = songs.filter(|song| {
        matches!(
            song.phase,
            Phase::Done(_) | Phase::Kept(_) | Phase::Failed(_)
        )
    });
    let exported = ended.map(|song| {
        let kept = song
            .hash
            .as_deref()
            .and_then(|hash| state.library.get(hash));
        Exported {
            here: song.entry(),
            hash: song.hash.clone(),
            path: song.path.clone(),
            song: kept.cloned(),
        }
    });
    exported.collect()
}

/// The songs as a JSON file; none where there is no song.
pub async fn json(songs: Vec<Exported>, store: Option<Store>) -> Result<Option<Download>, JsValue> {
    let entries = entries(songs, store.as_ref()).await;
    let stem = match entries.as_slice() {
        [] => return Ok(None),
        [entry] => entry.file.rsplit('/').next().unwrap_or_default(),
        _ => "songs",
    };
    let text = serde_json::to_string_pretty(&entries).map_err(|error| error.to_string())?;
    let name = format!("{stem}.undertone.json");
    Download::text(&name, "application/json", &text).map(Some)
}

/// The songs as a file of that form; none where there is nothing to write.
pub async fn file(
    form: ExportForm,
    options: ExportOptions,
    songs: Vec<Exported>,
    store: Option<Store>,
) -> Result<Option<Download>, JsValue> {
    let reader = Reader::Spreadsheet(options.separator);
    let (ending, table_kind) = match options.separator {
        Separator::Tab => ("tsv", "text/tab-separated-values"),
        Separator::Comma | Separator::Semicolon => ("csv", "text/csv"),
    };
    let (name, kind, text) = match form {
        ExportForm::Json => return json(songs, store).await,
        ExportForm::Csv => {
            let entries = entries(songs, store.as_ref()).await;
            let table = csv::table(&entries, reader);
            (format!("undertone.{ending}"), table_kind, table)
        }
        ExportForm::Playlist(mood) => {
            let listed = listed(&songs);
            let of_mood: Vec<_> = listed
                .into_iter()
                .filter(|song| song.mood == mood)
                .collect();
            let kind = "audio/x-mpegurl";
            let name = format!("{}.m3u8", mood.map_or("unsure", Mood::name));
            (name, kind, listing::playlist(&of_mood, &options.paths))
        }
        ExportForm::Rekordbox => {
            let xml = rekordbox::xml(&listed(&songs), &options.paths);
            ("rekordbox.xml".to_owned(), "application/xml", xml)
        }
        ExportForm::Plan => {
            let plan = listing::plan(&listed(&songs), reader);
            (format!("folders.{ending}"), table_kind, plan)
        }
        ExportForm::PlanScript => {
            let script = listing::plan_script(&listed(&songs));
            ("sort-by-mood.sh".to_owned(), "application/x-sh", script)
        }
        ExportForm::Manifest => {
            let said = songs
                .iter()
                .filter_map(|song| Some((song.path.as_str(), song.song.as_ref()?.said?)));
            ("songs.csv".to_owned(), "text/csv", csv::manifest(said))
        }
    };
    Download::text(&name, kind, &text).map(Some)
}

impl Exported {
    /// The song as a backup holds it; `None` for one that the library does not know.
    pub async fn backed_up(self, store: Option<&Store>) -> Option<BackedUp> {
        let LibrarySong { kept, said, .. } = self.song?;
        let entry = match (self.here, store, &self.hash) {
            (None, Some(store), Some(hash)) => stored(store, hash, &self.path).await,
            (here, _, _) => here,
        };
        let report = entry.and_then(|entry| match entry.outcome {
            Outcome::Ok { report } => Some(report),
            Outcome::Error { .. } => None,
        });
        Some(BackedUp { kept, said, report })
    }
}

/// Songs for playlists and plans; what is no music has no place there.
fn listed(songs: &[Exported]) -> Vec<Listed<'_>> {
    let songs = songs.iter().filter_map(|song| song.song.as_ref());
    let music = songs.filter(|song| song.mood().is_some());
    let listed = music.map(|song| {
        let Kept {
            origin,
            tags,
            features,
            ..
        } = &song.kept;
        Listed {
            path: &origin.path,
            title: tags
                .line()
                .unwrap_or_else(|| title(&origin.name).to_owned()),
            duration_s: song.kept.duration_s,
            bytes: origin.bytes,
            tags,
            // Whoever wrote them into the file may have tapped along.
            bpm: tags.bpm.or(features.tempo),
            key: if tags.key.is_empty() {
                rekordbox::key_name(features.key, features.mode)
            } else {
                tags.key.clone()
            },
            mood: song.sure_mood(),
        }
    });
    listed.collect()
}

/// A file's name without its ending.
fn title(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((title, _)) if !title.is_empty() => title,
        _ => name,
    }
}

/// The entries, one report after the other out of storage. A song whose report is gone
/// meanwhile is left out.
async fn entries(songs: Vec<Exported>, store: Option<&Store>) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(songs.len());
    for song in songs {
        let entry = match song.here {
            Some(entry) => Some(entry),
            None => match (store, &song.hash) {
                (Some(store), Some(hash)) => stored(store, hash, &song.path).await,
                _ => None,
            },
        };
        entries.extend(entry.map(|entry| {
            Entry {
                said: song.song.as_ref().and_then(|song| song.said),
                tags: song
                    .song
                    .as_ref()
                    .map_or_else(Box::default, |song| Box::new(song.kept.tags.clone())),
                ..entry
            }
        }));
    }
    entries
}

async fn stored(store: &Store, hash: &str, path: &str) -> Option<Entry> {
    let (report, _) = store.report(hash).await.ok().flatten()?;
    let report: Report = *report;
    Some(Entry::new(path, Ok(report)))
}

//! A trained judge in the work folder: its file, and the summary of its run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use itertools::Itertools;
use serde::{Deserialize, Serialize};
use undertone::card::DataSource;

use crate::songs::song::{Song, Split};
use collections::files;

/// Name of the summary beside each raw file.
const SUMMARY: &str = "summary.json";

/// What a card says of the run that made a judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The command that repeats the run.
    pub made_by: String,
    /// Trained parameters.
    pub parameters: usize,
    /// What it learnt from.
    pub data: Vec<DataSource>,
    /// The story of the choices, one line each.
    pub choices: Vec<String>,
}

/// A raw trained judge: its file and the summary of its run.
pub struct Trained {
    /// Bytes of the model file.
    pub bytes: Vec<u8>,
    /// How it came about.
    pub summary: Summary,
}

/// What a judge learns from, for its card: one line a corpus and kind of label of the songs with
/// a mood.
pub fn data_sources(songs: &[Song]) -> Vec<DataSource> {
    let mut sources: BTreeMap<_, ([usize; 2], BTreeSet<&str>)> = BTreeMap::new();
    for song in songs.iter().filter(|song| song.mood.is_some()) {
        let key = (&*song.corpus, &*song.label_kind);
        let (sides, licences) = sources.entry(key).or_default();
        sides[usize::from(song.split == Some(Split::Validation))] += 1;
        licences.insert(&song.licence);
    }
    let sources = sources.into_iter();
    let sources = sources.map(
        |((corpus, labels), ([train, validation], licences))| DataSource {
            name: corpus.to_owned(),
            train,
            validation,
            licence: licences.iter().join(", "),
            labels: labels.to_owned(),
        },
    );
    sources.collect()
}

/// Writes a judge's file and its summary.
///
/// # Errors
/// Where the folder can't be written.
pub fn save(folder: &Path, name: &str, bytes: &[u8], summary: &Summary) -> Result<()> {
    files::write(&folder.join(name), bytes)?;
    files::write_json(&folder.join(SUMMARY), summary)?;
    for choice in &summary.choices {
        note!("{choice}");
    }
    note!("{} bytes in {}", bytes.len(), folder.join(name).display());
    Ok(())
}

/// Reads what [`save`] wrote.
///
/// # Errors
/// Where it is not there.
pub fn load(folder: &Path, name: &str) -> Result<Trained> {
    Ok(Trained {
        bytes: files::read(&folder.join(name))?,
        summary: files::read_json(&folder.join(SUMMARY))?,
    })
}

//! `unlabelled.csv`: recordings without a label, heard for what a teacher says of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::table::beside;
use crate::files;

/// File name of the list in the work directory.
const LIST: &str = "unlabelled.csv";

/// One recording without a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlabelled {
    /// Unique name.
    pub id: String,
    /// The file: absolute, or relative to the list.
    pub path: PathBuf,
    /// Corpus that it comes from.
    pub corpus: String,
    /// Artist in lower case; empty where unknown.
    pub artist: String,
    /// Song or artist, as in the manifest.
    pub group: String,
    /// Licence of the recording.
    pub licence: String,
}

/// Writes the list, whole or not at all.
pub(super) fn write(songs: &[Unlabelled], work: &Path) -> Result<()> {
    files::write_whole(&work.join(LIST), |out| {
        let mut writer = csv::Writer::from_writer(out);
        for song in songs {
            writer.serialize(song)?;
        }
        Ok(writer.flush()?)
    })
}

/// The unlabelled recordings of a work directory; none where there is no list.
///
/// # Errors
/// When the list is damaged.
pub fn read(work: &Path) -> Result<Vec<Unlabelled>> {
    let path = work.join(LIST);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let damaged = || format!("the list {} is damaged", path.display());
    let mut reader = csv::Reader::from_path(&path).with_context(damaged)?;
    reader
        .deserialize()
        .map(|song: csv::Result<Unlabelled>| {
            let mut song = song.with_context(damaged)?;
            song.path = beside(&path, &song.path.to_string_lossy());
            Ok(song)
        })
        .collect()
}

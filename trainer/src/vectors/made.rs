//! `vectors.json`: which vectors lie in a folder, and what they were made of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::recipe::Recipe;
use crate::cli::console::Hint;
use crate::files;

/// An interrupted run makes again what was made since the last note.
const BETWEEN_NOTES: Duration = Duration::from_secs(2);

/// One vector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Hash of the recipe and of the song's file.
    pub(super) key: String,
    /// Size of the vector's file.
    pub(super) bytes: u64,
    /// Seconds of zeros after the end of a song that is too short.
    pub(super) padded_s: f64,
}

/// The vectors of a folder, by path within it.
#[derive(Debug)]
pub(super) struct Made {
    folder: PathBuf,
    noted: Instant,
    list: List,
}

/// The file's contents.
#[derive(Debug, Serialize, Deserialize)]
struct List {
    recipe: Recipe,
    vectors: BTreeMap<String, Entry>,
}

impl Made {
    /// The list of `folder`, of which only those in `wanted` (path and key) are kept whose
    /// files are as they were noted. Empty where there is no list or it is damaged: it can
    /// be made again. The shortened list is written at once, so that no file that is about
    /// to be replaced can pass for what it was.
    pub(super) fn open<'a>(
        folder: &Path,
        recipe: Recipe,
        wanted: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self> {
        let old = std::fs::read(path(folder)).ok();
        let mut old = old
            .and_then(|text| serde_json::from_slice::<List>(&text).ok())
            .map_or_else(BTreeMap::new, |list| list.vectors);
        let vectors = wanted
            .filter_map(|(file, key)| Some((file.to_owned(), old.remove(file)?, key)))
            .filter(|(file, entry, key)| {
                let bytes = folder.join(file).metadata().map(|meta| meta.len());
                entry.key == *key && bytes.is_ok_and(|bytes| bytes == entry.bytes)
            })
            .map(|(file, entry, _)| (file, entry))
            .collect();
        let made = Self {
            folder: folder.to_owned(),
            noted: Instant::now(),
            list: List { recipe, vectors },
        };
        made.save()?;
        Ok(made)
    }

    /// The vector at that path, where it is there.
    pub(super) fn get(&self, file: &str) -> Option<&Entry> {
        self.list.vectors.get(file)
    }

    /// Notes a vector, and now and then writes the list.
    pub(super) fn insert(&mut self, file: String, entry: Entry) -> Result<()> {
        self.list.vectors.insert(file, entry);
        if self.noted.elapsed() < BETWEEN_NOTES {
            return Ok(());
        }
        self.noted = Instant::now();
        self.save()
    }

    /// Writes the list.
    pub(super) fn save(&self) -> Result<()> {
        let path = path(&self.folder);
        files::write_whole(&path, |out| {
            Ok(serde_json::to_writer_pretty(out, &self.list)?)
        })
        .with_context(|| format!("the list {} can't be written", path.display()))
        .hint("make room on the disk and run it again; whole vectors are not made twice")
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("vectors.json")
}

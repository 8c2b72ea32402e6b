//! `vectors.json`: which vectors lie in a folder, and what they were made of.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::recipe::Recipe;
use collections::files;

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

/// The vectors that a table asks for: path within the folder, and the key that it must
/// have; none where the song can't be read, so that nothing is known of it.
pub(super) type Wanted<'a> = BTreeMap<&'a str, Option<&'a str>>;

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
    /// The list of `folder` without what is out of date: what is wanted of another recipe
    /// or sound, what is wanted under another mood by now, what is of another recipe than
    /// this one. Such files are removed. Vectors of other tables stay. Empty where there is
    /// no list or it is damaged: it can be made again.
    ///
    /// The shortened list is written at once, so that no file that is about to be replaced
    /// can pass for what it was.
    pub(super) fn open(folder: &Path, recipe: Recipe, wanted: &Wanted<'_>) -> Result<Self> {
        let mut vectors = BTreeMap::new();
        if let Ok(old) = files::read_json::<List>(&path(folder)) {
            let is_same = old.recipe == recipe;
            let moved = moved(wanted);
            for (file, entry) in old.vectors {
                let is_valid = match wanted.get(file.as_str()) {
                    Some(Some(key)) => entry.key == *key,
                    Some(None) => is_same,
                    None => is_same && !moved.contains(&(name_of(&file), &entry.key)),
                };
                if is_valid && entry.is_of(&folder.join(&file)) {
                    vectors.insert(file, entry);
                } else {
                    remove(folder, &file)?;
                }
            }
        }
        let made = Self {
            folder: folder.to_owned(),
            noted: Instant::now(),
            list: List { recipe, vectors },
        };
        made.save()?;
        Ok(made)
    }

    /// How many vectors of the list are not among the wanted.
    pub(super) fn others(&self, wanted: &Wanted<'_>) -> usize {
        let files = self.list.vectors.keys();
        files
            .filter(|file| !wanted.contains_key(file.as_str()))
            .count()
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
        files::write_json(&path(&self.folder), &self.list)
    }
}

impl Entry {
    /// Whether that file is as it was noted.
    fn is_of(&self, file: &Path) -> bool {
        file.metadata().is_ok_and(|meta| meta.len() == self.bytes)
    }
}

/// Names and keys of the wanted vectors, by which one is known that lies under the mood
/// that its song had before.
fn moved<'a>(wanted: &Wanted<'a>) -> HashSet<(Option<&'a OsStr>, &'a str)> {
    let keyed = wanted
        .iter()
        .filter_map(|(file, key)| Some((*file, (*key)?)));
    keyed.map(|(file, key)| (name_of(file), key)).collect()
}

fn name_of(file: &str) -> Option<&OsStr> {
    Path::new(file).file_name()
}

/// Removes a vector and its picture, where they are there. What the list names outside
/// of the folder's own folders is left alone.
fn remove(folder: &Path, file: &str) -> Result<()> {
    let parts: Vec<_> = Path::new(file).components().collect();
    if !matches!(parts[..], [Component::Normal(_), Component::Normal(_)]) {
        return Ok(());
    }
    let vector = folder.join(file);
    for path in [vector.with_extension("png"), vector] {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error)
                    .with_context(|| format!("the old {} can't be removed", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn path(folder: &Path) -> PathBuf {
    folder.join("vectors.json")
}

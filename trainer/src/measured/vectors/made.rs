//! `vectors.json`: which vectors lie in a folder, and what they were made of.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::recipe::Recipe;
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
        let old = std::fs::read(path(folder)).ok();
        let old = old.and_then(|text| serde_json::from_slice::<List>(&text).ok());
        let mut vectors = BTreeMap::new();
        if let Some(old) = old {
            let moved = Moved::of(wanted);
            for (file, entry) in old.vectors {
                let is_valid = match wanted.get(file.as_str()) {
                    Some(Some(key)) => entry.key == *key,
                    Some(None) => old.recipe == recipe,
                    None => old.recipe == recipe && !moved.holds(&file, &entry),
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
        let path = path(&self.folder);
        files::write_whole(&path, |out| {
            Ok(serde_json::to_writer_pretty(out, &self.list)?)
        })
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
struct Moved<'a>(HashSet<(&'a OsStr, &'a str)>);

impl<'a> Moved<'a> {
    fn of(wanted: &Wanted<'a>) -> Self {
        let keyed = wanted
            .iter()
            .filter_map(|(file, key)| Some((*file, (*key)?)));
        let named = keyed.filter_map(|(file, key)| Some((Path::new(file).file_name()?, key)));
        Self(named.collect())
    }

    /// Whether the song of an entry is wanted elsewhere.
    fn holds(&self, file: &str, entry: &Entry) -> bool {
        let name = Path::new(file).file_name();
        name.is_some_and(|name| self.0.contains(&(name, entry.key.as_str())))
    }
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

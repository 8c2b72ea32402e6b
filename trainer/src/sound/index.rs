//! Content hashes of files already seen, so that a second run reads none of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use collections::files;

/// What a file was when it was hashed; while size and time stay, so does the hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    path: PathBuf,
    bytes: u64,
    modified_ns: u128,
    sha256: String,
}

/// Hashes by path.
#[derive(Debug, Default)]
struct Index {
    seen: BTreeMap<PathBuf, Seen>,
}

impl Index {
    /// The index in the cache's `folder`; empty where there is none or it is damaged,
    /// since it can always be made again.
    fn open(folder: &Path) -> Self {
        let seen: Vec<Seen> = files::read_rows(&file(folder)).unwrap_or_default();
        let by_path = seen.into_iter().map(|seen| (seen.path.clone(), seen));
        Self {
            seen: by_path.collect(),
        }
    }

    /// SHA-256 of the file, read only where it has changed since it was last hashed.
    fn sha256(&mut self, path: &Path) -> Result<String> {
        let unread = || format!("{} can't be read", path.display());
        let meta = path.metadata().with_context(unread)?;
        let modified = meta.modified().unwrap_or(UNIX_EPOCH);
        let age = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        let modified_ns = age.as_nanos();
        let bytes = meta.len();
        if let Some(seen) = self.seen.get(path)
            && (seen.bytes, seen.modified_ns) == (bytes, modified_ns)
        {
            return Ok(seen.sha256.clone());
        }
        let sha256 = files::sha256_of(path).with_context(unread)?;
        let seen = Seen {
            path: path.to_owned(),
            bytes,
            modified_ns,
            sha256: sha256.clone(),
        };
        self.seen.insert(path.to_owned(), seen);
        Ok(sha256)
    }

    /// Writes the index, sorted by path.
    fn save(&self, folder: &Path) -> Result<()> {
        files::write_rows(&file(folder), self.seen.values())
    }
}

/// These files and their SHA-256 in their order, through the index in the cache's `folder`; an error
/// of its own where a file can't be read or a song has none.
///
/// # Errors
/// When the index can't be written.
pub fn hashes<'a>(
    folder: &Path,
    paths: impl Iterator<Item = Option<&'a Path>>,
) -> Result<Vec<Result<(&'a Path, String)>>> {
    let mut index = Index::open(folder);
    let hashes = paths
        .map(|path| {
            let path = path.context("the table names no sound")?;
            Ok((path, index.sha256(path)?))
        })
        .collect();
    index.save(folder)?;
    Ok(hashes)
}

fn file(folder: &Path) -> PathBuf {
    folder.join("index.csv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_hashed_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "one").unwrap();
        let mut index = Index::default();
        let one = index.sha256(&path).unwrap();
        index.save(folder.path()).unwrap();
        let mut again = Index::open(folder.path());
        assert_eq!(again.seen, index.seen);
        std::fs::write(&path, "four").unwrap();
        assert_ne!(again.sha256(&path).unwrap(), one);
    }

    #[test]
    fn a_damaged_index_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(file(folder.path()), "path,bytes\n\u{0}garbage").unwrap();
        assert!(Index::open(folder.path()).seen.is_empty());
    }
}

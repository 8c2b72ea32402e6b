//! Content hashes of files already seen, so that a second run reads none of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::files;

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
pub struct Index {
    seen: HashMap<PathBuf, Seen>,
}

impl Index {
    /// The index in the cache's `folder`; empty where there is none or it is damaged,
    /// since it can always be made again.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let seen = csv::Reader::from_path(file(folder)).map_or_else(
            |_| HashMap::new(),
            |mut reader| {
                reader
                    .deserialize::<Seen>()
                    .filter_map(Result::ok)
                    .map(|seen| (seen.path.clone(), seen))
                    .collect()
            },
        );
        Self { seen }
    }

    /// SHA-256 of the file, read only where it has changed since it was last hashed.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn sha256(&mut self, path: &Path) -> Result<String> {
        let meta = path
            .metadata()
            .with_context(|| format!("{} can't be read", path.display()))?;
        let modified_ns = meta
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .map_or(0, |age| age.as_nanos());
        let bytes = meta.len();
        if let Some(seen) = self.seen.get(path)
            && (seen.bytes, seen.modified_ns) == (bytes, modified_ns)
        {
            return Ok(seen.sha256.clone());
        }
        let sha256 =
            files::sha256_of(path).with_context(|| format!("{} can't be read", path.display()))?;
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
    ///
    /// # Errors
    /// When it can't be written.
    pub fn save(&self, folder: &Path) -> Result<()> {
        let mut seen: Vec<_> = self.seen.values().collect();
        seen.sort_by(|a, b| a.path.cmp(&b.path));
        files::write_whole(&file(folder), |out| {
            let mut writer = csv::Writer::from_writer(out);
            for seen in seen {
                writer.serialize(seen)?;
            }
            Ok(writer.flush()?)
        })
    }
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

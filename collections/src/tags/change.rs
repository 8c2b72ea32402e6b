//! What is changed in a file, and the journal of it.

use std::fs::{File, OpenOptions};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use undertone::tagging::{self, Field};

/// One tag of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The file.
    pub file: PathBuf,
    /// The tag.
    pub field: Field,
    /// What was there; empty for nothing.
    pub before: Option<String>,
    /// What is there now.
    pub after: Option<String>,
}

impl Change {
    /// A change of that file.
    #[must_use]
    pub fn of(file: &Path, change: tagging::Change) -> Self {
        Self {
            file: file.to_owned(),
            field: change.field,
            before: change.before,
            after: change.after,
        }
    }
}

/// Where changes are noted before they are made: a table with a line each.
pub struct Journal {
    file: csv::Writer<File>,
    path: PathBuf,
}

impl Journal {
    /// Opens a journal, behind what it holds already.
    ///
    /// # Errors
    /// When it can't be written to.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file =
            file.with_context(|| format!("the journal {} can't be written to", path.display()))?;
        let is_new = file.metadata()?.len() == 0;
        let mut lines = csv::WriterBuilder::new();
        Ok(Self {
            file: lines.has_headers(is_new).from_writer(file),
            path: path.to_owned(),
        })
    }

    /// Notes changes; they are on the disk when it returns.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn note(&mut self, changes: &[Change]) -> Result<()> {
        let noted = changes
            .iter()
            .try_for_each(|change| self.file.serialize(change));
        noted
            .map_err(anyhow::Error::from)
            .and_then(|()| Ok(self.file.flush()?))
            .and_then(|()| Ok(self.file.get_ref().sync_data()?))
            .with_context(|| format!("the journal {} can't be written to", self.path.display()))
    }
}

/// The changes of a journal, file by file, the last one first.
///
/// # Errors
/// When it can't be read or is none.
pub fn read(path: &Path) -> Result<Vec<Change>> {
    let unread = || format!("the journal {} can't be read", path.display());
    let file = BufReader::new(File::open(path).with_context(unread)?);
    let rows = csv::Reader::from_reader(file).into_deserialize();
    let mut changes: Vec<Change> = rows.collect::<Result<_, _>>().with_context(unread)?;
    changes.reverse();
    Ok(changes)
}

/// The changes as a table for stdout.
///
/// # Errors
/// When one can't be written as text.
pub fn lines(changes: &[Change], header: bool) -> Result<String> {
    let mut lines = csv::WriterBuilder::new()
        .has_headers(header)
        .from_writer(Vec::new());
    for change in changes {
        lines.serialize(change)?;
    }
    lines.flush()?;
    Ok(String::from_utf8_lossy(lines.get_ref()).into_owned())
}

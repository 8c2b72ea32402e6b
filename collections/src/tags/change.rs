//! What is changed in a file, and the journal of it.

use std::fs::{File, OpenOptions};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use undertone::Report;

use super::field::{Field, OURS};
use lofty::tag::Tag;

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

/// What a report changes in the tags of a file. What others have written stays, but for
/// mood, tempo and key with `overwrite`.
#[must_use]
pub fn changes(file: &Path, tag: &Tag, report: &Report, overwrite: bool) -> Vec<Change> {
    let change = |field: Field| {
        let before = field.read(tag);
        let after = Some(field.of(report)?);
        let may_be_replaced = match (field, &before) {
            (_, None) => true,
            (Field::Comment, Some(text)) => text.starts_with(OURS),
            (_, Some(_)) => overwrite,
        };
        let file = file.to_owned();
        (may_be_replaced && before != after).then_some(Change {
            file,
            field,
            before,
            after,
        })
    };
    Field::ALL.into_iter().filter_map(change).collect()
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

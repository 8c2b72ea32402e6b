//! A CSV file as text: encoding, quotes and header are checked, every field has a place.

mod encoding;
mod quotes;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use super::columns::Column;
use crate::cli::console::Hint;

/// A whole table in memory; never without rows.
pub struct Sheet {
    path: PathBuf,
    columns: HashMap<String, usize>,
    records: Vec<csv::StringRecord>,
}

impl Sheet {
    /// Reads a table.
    ///
    /// # Errors
    /// When the file can't be read, is no UTF-8 CSV, has no rows, or names a column twice.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path)
            .with_context(|| format!("the table {} can't be read", path.display()))?;
        let text = encoding::decode(&bytes, path)?;
        quotes::check(text, path)?;
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let header = reader.headers().cloned().unwrap_or_default();
        let columns = positions(&header, path)?;
        let records = reader
            .records()
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| uneven(&error, path))
            .hint("fields with a comma in them stand in double quotes")?;
        if records.is_empty() {
            return Err(anyhow!("the table {} is empty", path.display()))
                .hint("it needs a header and one line a song");
        }
        Ok(Self {
            path: path.to_owned(),
            columns,
            records,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The lines, first to last.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.records.iter().map(|record| Line {
            sheet: self,
            record,
        })
    }

    /// The place of a column, the first of its names that the header holds.
    pub fn place(&self, column: &Column) -> Option<usize> {
        column.names().find_map(|name| self.place_of(name))
    }

    /// The place of the column with exactly that name (lower case).
    pub fn place_of(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }

    /// Names of all columns, in their order, in lower case.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.columns.iter().collect();
        names.sort_by_key(|(_, place)| **place);
        names.into_iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// Places by name in lower case. Columns without a name (pandas writes one) are nobody's.
fn positions(header: &csv::StringRecord, path: &Path) -> Result<HashMap<String, usize>> {
    let mut columns = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        let name = name.trim().to_lowercase();
        if name.is_empty() {
            continue;
        }
        if let Some(first) = columns.insert(name.clone(), place) {
            return Err(anyhow!(
                "{}, line 1: the column {name:?} stands twice, as columns {} and {}",
                path.display(),
                first + 1,
                place + 1
            ))
            .hint("remove or rename one of them");
        }
    }
    if columns.len() == 1 && header.iter().any(|name| name.contains([';', '\t'])) {
        return Err(anyhow!(
            "{}, line 1: the header has no commas",
            path.display()
        ))
        .hint("save the table with commas between the columns");
    }
    Ok(columns)
}

/// A line with too few or too many fields, in words of ours.
fn uneven(error: &csv::Error, path: &Path) -> anyhow::Error {
    let path = path.display();
    if let csv::ErrorKind::UnequalLengths {
        pos,
        expected_len,
        len,
    } = error.kind()
    {
        let line = pos.as_ref().map_or(0, csv::Position::line);
        return anyhow!("{path}, line {line}: {len} fields where the header has {expected_len}");
    }
    anyhow!("the table {path} is damaged: {error}")
}

/// One line of a sheet.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    sheet: &'a Sheet,
    record: &'a csv::StringRecord,
}

impl<'a> Line<'a> {
    /// The field at that place, trimmed; empty where there is none.
    pub fn at(&self, place: Option<usize>) -> &'a str {
        place
            .and_then(|place| self.record.get(place))
            .unwrap_or("")
            .trim()
    }

    /// Number of the line in the file, from 1 (the header's).
    pub fn number(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// `songs.csv, line 12`.
    pub fn place(&self) -> String {
        format!("{}, line {}", self.sheet.path.display(), self.number())
    }
}

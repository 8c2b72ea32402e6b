//! A CSV file as text: encoding, quotes and header are checked, every field has a place.

mod encoding;
mod quotes;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use super::columns::Column;
use crate::console::Hint;

/// A whole table in memory; never without rows.
pub struct Sheet {
    path: PathBuf,
    columns: HashMap<String, usize>,
    /// With the number of the line on which each begins, from 1.
    records: Vec<(u64, csv::StringRecord)>,
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
        let mut lines = Lines::of(text);
        let records = reader
            .records()
            .map(|record| match record {
                Ok(record) => Ok((lines.line_of(record.position()), record)),
                Err(error) => Err(uneven(&error, &mut lines, path)),
            })
            .collect::<Result<Vec<_>>>()
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
        self.records.iter().map(|(number, record)| Line {
            sheet: self,
            number: *number,
            record,
        })
    }

    /// The place of a column, the first of its names that the header holds.
    pub fn place(&self, column: &Column) -> Option<usize> {
        column.names().find_map(|name| self.place_of(name))
    }

    /// The place of the column with exactly that name, as [`plain`] writes it.
    pub fn place_of(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }

    /// Names of all columns, in their order, as [`plain`] writes them.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.columns.iter().collect();
        names.sort_by_key(|(_, place)| **place);
        names.into_iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// The number of the line on which each record begins. The reader's own count is of
/// records' ends: it is wrong after blank lines and where lines end in two bytes.
struct Lines<'a> {
    text: &'a [u8],
    /// How far was counted, and the number of the line there.
    counted: (usize, u64),
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            counted: (0, 1),
        }
    }

    /// The line of a record, which is none before those asked for so far; 0 where it is
    /// not known.
    fn line_of(&mut self, position: Option<&csv::Position>) -> u64 {
        let Some(start) = position.and_then(|p| usize::try_from(p.byte()).ok()) else {
            return 0;
        };
        let (counted, line) = self.counted;
        let from_start = self.text.get(start..).unwrap_or(&[]);
        let ends = from_start.iter().take_while(|b| b"\r\n".contains(b));
        let start = start + ends.count();
        let passed = self.text.get(counted..start).unwrap_or(&[]);
        let newlines = passed.split(|byte| *byte == b'\n').skip(1).count();
        self.counted = (start.max(counted), line + newlines as u64);
        self.counted.1
    }
}

/// A column's name in lower case, without brackets and with `_` between its words:
/// `artist_names` of "Artist Name(s)".
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace(['(', ')', '[', ']'], "");
    name.split_whitespace().collect::<Vec<_>>().join("_")
}

/// Places by [`plain`] name. Columns without a name (pandas writes one) are nobody's.
fn positions(header: &csv::StringRecord, path: &Path) -> Result<HashMap<String, usize>> {
    let mut columns = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        let name = plain(name);
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
fn uneven(error: &csv::Error, lines: &mut Lines<'_>, path: &Path) -> anyhow::Error {
    let path = path.display();
    if let csv::ErrorKind::UnequalLengths {
        pos,
        expected_len,
        len,
    } = error.kind()
    {
        let line = lines.line_of(pos.as_ref());
        return anyhow!("{path}, line {line}: {len} fields where the header has {expected_len}");
    }
    anyhow!("the table {path} is damaged: {error}")
}

/// One line of a sheet.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    sheet: &'a Sheet,
    number: u64,
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
        self.number
    }

    /// `songs.csv, line 12`.
    pub fn place(&self) -> String {
        format!("{}, line {}", self.sheet.path.display(), self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Sheet> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("t.csv");
        std::fs::write(&path, text)?;
        Sheet::read(&path)
    }

    #[test]
    fn lines_are_those_of_the_file() {
        for text in [
            "a,b\n1,2\n\n3,4\n\"5\n5\",6\n7,8",
            "\u{feff}a,b\r\n1,2\r\n\r\n3,4\r\n\"5\r\n5\",6\r\n7,8\r\n",
        ] {
            let sheet = read(text).unwrap();
            let numbers: Vec<_> = sheet.lines().map(|line| line.number()).collect();
            assert_eq!(numbers, [2, 4, 5, 7], "{text:?}");
        }
        for text in ["a,b\n\n1,2\n3\n", "a,b\r\n\r\n1,2\r\n3\r\n"] {
            let error = read(text).err().unwrap().to_string();
            assert!(error.contains("line 4: 1 fields"), "{text:?}: {error}");
        }
    }

    #[test]
    fn names_are_plain() {
        let names = ["Track ID", " Artist Name(s)", "Duration (ms)", "VALENCE"];
        let expected = ["track_id", "artist_names", "duration_ms", "valence"];
        assert_eq!(names.map(plain), expected);
    }
}

//! A table of any program as text: its encoding and separator are found, its quotes and
//! header checked, and every field has a place.

mod encoding;
mod quotes;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use itertools::Itertools;
use memchr::memchr2_iter;

use super::columns::Column;
use collections::console::Hint;

/// What may stand between fields.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A whole table as text.
pub struct Sheet {
    path: PathBuf,
    text: String,
    separator: u8,
    /// Byte at which the header begins: after a line `sep=;`, which spreadsheets write.
    start: usize,
    columns: HashMap<String, usize>,
}

impl Sheet {
    /// Reads a table.
    ///
    /// # Errors
    /// When the file can't be read, is no CSV, has no header, or names a column twice.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path)
            .with_context(|| format!("the table {} can't be read", path.display()))?;
        let text = encoding::decode(bytes, path)?;
        let (said, start) = said_separator(&text);
        let separator = said.unwrap_or_else(|| likely_separator(&text[start..]));
        quotes::check(&text, separator, path)?;
        let mut sheet = Self {
            path: path.to_owned(),
            text,
            separator,
            start,
            columns: HashMap::new(),
        };
        let header = sheet.reader().headers().cloned().unwrap_or_default();
        sheet.columns = positions(&header, path)?;
        if sheet.columns.is_empty() {
            return Err(anyhow!("the table {} is empty", path.display())).hint(EMPTY_HINT);
        }
        Ok(sheet)
    }

    /// Reads a table whose header must hold `columns`.
    ///
    /// # Errors
    /// As [`Self::read`]; when a column is missing.
    pub fn with_columns(path: &Path, columns: &[&str]) -> Result<Self> {
        let sheet = Self::read(path)?;
        let mut missing = columns.to_vec();
        missing.retain(|name| sheet.place_of(name).is_none());
        if missing.is_empty() {
            return Ok(sheet);
        }
        Err(anyhow!(
            "the table {} lacks the columns: {}",
            path.display(),
            missing.join(", ")
        ))
        .hint(format!("its header must hold: {}", columns.join(",")))
    }

    /// Asks `each` about every line that is not empty, first to last, until it has enough.
    ///
    /// # Errors
    /// Those of `each`; when a line has another number of fields than the header, or there
    /// is no line.
    pub fn for_each<'a>(
        &'a self,
        mut each: impl FnMut(Line<'a, '_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let mut reader = self.reader();
        let mut lines = Lines::of(self.text.as_bytes(), self.start);
        let mut record = csv::StringRecord::new();
        let mut any = false;
        while reader
            .read_record(&mut record)
            .map_err(|error| self.uneven(&error, &mut lines))
            .hint("fields with a separator in them stand in double quotes")?
        {
            if record.iter().all(str::is_empty) {
                continue;
            }
            any = true;
            let line = Line {
                sheet: self,
                number: lines.line_of(self.start, record.position()),
                record: &record,
            };
            if each(line)?.is_break() {
                break;
            }
        }
        if any {
            return Ok(());
        }
        Err(anyhow!("the table {} is empty", self.path.display())).hint(EMPTY_HINT)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Most lines that it can have.
    pub fn most_lines(&self) -> usize {
        memchr2_iter(b'\r', b'\n', self.text.as_bytes()).count()
    }

    /// The place of a column, the first of its names that the header holds.
    pub fn place(&self, column: &Column) -> Option<usize> {
        column.names().find_map(|name| self.place_of(name))
    }

    /// The place of the column with exactly that name, as [`plain`] writes it.
    pub fn place_of(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }

    /// Whether there are columns of all these names.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.columns.contains_key(*name))
    }

    /// Names of all columns, in their order, as [`plain`] writes them.
    pub fn names(&self) -> Vec<&str> {
        let names = self.columns.iter().sorted_by_key(|(_, place)| **place);
        names.map(|(name, _)| name.as_str()).collect()
    }

    fn reader(&self) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new()
            .delimiter(self.separator)
            .from_reader(&self.text.as_bytes()[self.start..])
    }

    /// A line with too few or too many fields, in words of ours.
    fn uneven(&self, error: &csv::Error, lines: &mut Lines<'_>) -> anyhow::Error {
        let path = self.path.display();
        if let csv::ErrorKind::UnequalLengths {
            pos,
            expected_len,
            len,
        } = error.kind()
        {
            let line = lines.line_of(self.start, pos.as_ref());
            return anyhow!(
                "{path}, line {line}: {len} fields where the header has {expected_len}"
            );
        }
        anyhow!("the table {path} is damaged: {error}")
    }
}

/// What a table must hold.
const EMPTY_HINT: &str = "it needs a header and one line a song";

/// The separator that a first line `sep=;` names, and where the header begins.
fn said_separator(text: &str) -> (Option<u8>, usize) {
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    let said = line.trim_matches('"').strip_prefix("sep=");
    match said.map(str::as_bytes) {
        Some([separator]) if separator.is_ascii() => {
            let after = &text[line.len()..];
            let ends = after.len() - after.trim_start_matches(['\r', '\n']).len();
            (Some(*separator), line.len() + ends)
        }
        _ => (None, 0),
    }
}

/// The separator that the header holds most of, outside quotes.
fn likely_separator(text: &str) -> u8 {
    let lines = text.split(['\r', '\n']);
    let header = lines.into_iter().find(|line| !line.trim().is_empty());
    let bare: String = header.unwrap_or_default().split('"').step_by(2).collect();
    let count = |separator: &u8| bare.matches(char::from(*separator)).count();
    // The first of equals: `max_by_key` would give the last.
    let best = SEPARATORS.into_iter().rev().max_by_key(count);
    best.unwrap_or(b',')
}

/// The number of the line on which each record begins. The reader's own count is of
/// records' ends: it is wrong after blank lines and where lines end in two bytes.
struct Lines<'a> {
    text: &'a [u8],
    /// How far was counted, and the number of the line there.
    counted: (usize, u64),
}

impl<'a> Lines<'a> {
    fn of(text: &'a [u8], start: usize) -> Self {
        let mut lines = Self {
            text,
            counted: (0, 1),
        };
        lines.count_to(start);
        lines
    }

    /// The line of a record of the text from `start`, which is none before those asked for
    /// so far; 0 where it is not known.
    fn line_of(&mut self, start: usize, position: Option<&csv::Position>) -> u64 {
        let Some(place) = position.and_then(|p| usize::try_from(p.byte()).ok()) else {
            return 0;
        };
        let place = start + place;
        let from_place = self.text.get(place..).unwrap_or(&[]);
        let ends = from_place.iter().take_while(|b| b"\r\n".contains(b));
        self.count_to(place + ends.count());
        self.counted.1
    }

    /// A line ends in a line feed, a carriage return, or both.
    fn count_to(&mut self, place: usize) {
        let (counted, line) = self.counted;
        let passed = self.text.get(counted..place).unwrap_or(&[]);
        let is_end = |at: usize| match passed[at] {
            b'\n' => true,
            b'\r' => self.text.get(counted + at + 1) != Some(&b'\n'),
            _ => false,
        };
        let ends = memchr2_iter(b'\r', b'\n', passed).filter(|at| is_end(*at));
        let ends = ends.count();
        self.counted = (place.max(counted), line + ends as u64);
    }
}

/// A column's name in lower case, without brackets and with `_` between its words:
/// `artist_names` of "Artist Name(s)".
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace(['(', ')', '[', ']'], "");
    name.split_whitespace().join("_")
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
    Ok(columns)
}

/// One line of a sheet.
#[derive(Clone, Copy)]
pub struct Line<'a, 'r> {
    sheet: &'a Sheet,
    number: u64,
    record: &'r csv::StringRecord,
}

impl<'r> Line<'_, 'r> {
    /// The field at that place, trimmed; empty where there is none.
    pub fn at(&self, place: Option<usize>) -> &'r str {
        place
            .and_then(|place| self.record.get(place))
            .unwrap_or("")
            .trim()
    }

    /// The field in the column of that name, trimmed; empty where there is none.
    pub fn field(&self, column: &str) -> &'r str {
        self.at(self.sheet.place_of(column))
    }

    /// Number of the line in the file, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// `songs.csv, line 12`.
    pub fn place(&self) -> String {
        format!("{}, line {}", self.sheet.path.display(), self.number)
    }
}

/// `file` as it stands if it is absolute, else from `folder`.
pub fn beside(folder: &Path, file: &str) -> PathBuf {
    let joined = folder.join(file);
    std::path::absolute(&joined).unwrap_or(joined)
}

/// The same file, looked for one folder above that of the table, as in EMOPIA's.
pub fn above(path: &Path, table: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(table.parent()?.join(".")).ok()?;
    let inside = path.strip_prefix(&folder).ok()?;
    let other = folder.parent()?.join(inside);
    other.is_file().then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u64, String)>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("t.csv");
        std::fs::write(&path, text)?;
        let mut lines = Vec::new();
        Sheet::read(&path)?.for_each(|line| {
            lines.push((line.number(), line.field("b").to_owned()));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(lines)
    }

    #[test]
    fn lines_are_those_of_the_file() {
        for text in [
            "a,b\n1,2\n\n3,4\n\"5\n5\",6\n7,8",
            "\u{feff}a,b\r\n1,2\r\n\r\n3,4\r\n\"5\r\n5\",6\r\n7,8\r\n",
            "a,b\r1,2\r\r3,4\r\"5\r5\",6\r7,8",
        ] {
            let lines: Vec<u64> = read(text).unwrap().iter().map(|line| line.0).collect();
            assert_eq!(lines, [2, 4, 5, 7], "{text:?}");
        }
        for text in ["a,b\n\n1,2\n3\n", "a,b\r\n\r\n1,2\r\n3\r\n"] {
            let error = read(text).err().unwrap().to_string();
            assert!(error.contains("line 4: 1 fields"), "{text:?}: {error}");
        }
    }

    #[test]
    fn separators_are_found_and_empty_lines_are_none() {
        for text in [
            "a;b\n1;\"x;y\"\n;\n",
            "a\tb\n1\t\"x;y\"\n",
            "sep=;\r\na;b\r\n1;x;y",
            "\"a,a,a\";b\n1;\"x;y\"\n",
            "sep=|\na|b\n1|x;y\n",
        ] {
            match read(text) {
                Ok(lines) => assert_eq!(lines.last().unwrap().1, "x;y", "{text:?}"),
                Err(error) => assert!(error.to_string().contains("line 3: 3 fields"), "{error}"),
            }
        }
        assert_eq!(read("sep=;\n\na;b\n1;2\n").unwrap(), [(4, "2".to_owned())]);
        for text in ["", "\n\n", "a,b\n", "a,b\n,\n"] {
            let error = read(text).err().unwrap().to_string();
            assert!(error.contains("is empty"), "{text:?}: {error}");
        }
    }

    #[test]
    fn names_are_plain() {
        let names = ["Track ID", " Artist Name(s)", "Duration (ms)", "VALENCE"];
        let expected = ["track_id", "artist_names", "duration_ms", "valence"];
        assert_eq!(names.map(plain), expected);
    }
}

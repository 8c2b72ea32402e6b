//! CSV tables whose columns are found by name and whose errors name the line.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use undertone::Mood;

use crate::console::Hint;

/// A whole table in memory.
pub struct Table {
    path: PathBuf,
    columns: HashMap<String, usize>,
    records: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads `path`, whose header must hold `columns`.
    pub fn read(path: &Path, columns: &[&str]) -> Result<Self> {
        let mut reader = csv::Reader::from_path(path)
            .with_context(|| format!("the table {} can't be read", path.display()))?;
        let header = reader
            .headers()
            .with_context(|| format!("the table {} has no header", path.display()))?
            .clone();
        let positions: HashMap<String, usize> = header
            .iter()
            .enumerate()
            .map(|(position, name)| (name.trim().to_owned(), position))
            .collect();
        let missing: Vec<_> = columns
            .iter()
            .filter(|name| !positions.contains_key(**name))
            .copied()
            .collect();
        if !missing.is_empty() {
            return Err(anyhow!(
                "the table {} lacks the columns: {}",
                path.display(),
                missing.join(", ")
            ))
            .hint(format!("its header must hold: {}", columns.join(",")));
        }
        let records = reader
            .records()
            .collect::<Result<Vec<_>, _>>()
            .with_context(|| format!("the table {} is damaged", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            columns: positions,
            records,
        })
    }

    /// Whether there is a column of that name.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// The lines, first to last.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.records.iter().map(|record| Line {
            table: self,
            record,
        })
    }

    /// The file that a field names, from the table's folder or, as in EMOPIA's table,
    /// from the folder above.
    pub fn resolve(&self, file: &str) -> PathBuf {
        let near = beside(&self.path, file);
        if near.is_file() {
            return near;
        }
        let above = self
            .path
            .parent()
            .map(|folder| beside(folder, file))
            .filter(|path| path.is_file());
        above.unwrap_or(near)
    }
}

/// `file` as it stands if it is absolute, else from the folder of `table`.
pub fn beside(table: &Path, file: &str) -> PathBuf {
    let folder = table.parent().unwrap_or(Path::new("."));
    let joined = folder.join(file);
    std::path::absolute(&joined).unwrap_or(joined)
}

/// One line of a table.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl<'a> Line<'a> {
    /// The field in that column, trimmed; empty where there is none.
    pub fn field(&self, column: &str) -> &'a str {
        let position = self.table.columns.get(column);
        position
            .and_then(|position| self.record.get(*position))
            .unwrap_or("")
            .trim()
    }

    /// `music.csv, line 12`.
    pub fn place(&self) -> String {
        let line = self.record.position().map_or(0, csv::Position::line);
        format!("{}, line {line}", self.table.path.display())
    }

    /// The mood in the column `label`.
    pub fn mood(&self) -> Result<Mood> {
        let word = self.field("label");
        Mood::from_name(word)
            .ok_or_else(|| anyhow!("{}: unknown label {word:?}", self.place()))
            .hint("labels are sad, calm, happy and energetic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let (_folder, path) = table("x,label,file\n1, Happy ,a.ogg\n");
        let table = Table::read(&path, &["file", "label"]).unwrap();
        let line = table.lines().next().unwrap();
        assert_eq!(line.field("file"), "a.ogg");
        assert_eq!(line.mood().unwrap(), Mood::Happy);
    }

    #[test]
    fn files_are_looked_for_beside_the_table_and_one_folder_up() {
        let (folder, path) = table("file\n");
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        let lower = folder.path().join("sub/t.csv");
        std::fs::rename(path, &lower).unwrap();
        std::fs::write(folder.path().join("a.ogg"), "x").unwrap();
        let table = Table::read(&lower, &["file"]).unwrap();
        assert_eq!(table.resolve("a.ogg"), folder.path().join("a.ogg"));
        assert_eq!(table.resolve("b.ogg"), folder.path().join("sub/b.ogg"));
    }

    #[test]
    fn missing_columns_are_named() {
        let (_folder, path) = table("x,label\n");
        let error = Table::read(&path, &["file", "label", "group"])
            .err()
            .unwrap();
        assert!(error.to_string().contains("file, group"), "{error}");
    }

    #[test]
    fn an_unknown_label_is_named_with_its_line() {
        let (_folder, path) = table("label\nsad\nangry\n");
        let table = Table::read(&path, &["label"]).unwrap();
        let error = table.lines().nth(1).unwrap().mood().err().unwrap();
        assert!(
            error
                .to_string()
                .contains("line 3: unknown label \"angry\""),
            "{error}"
        );
    }
}

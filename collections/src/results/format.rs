//! The forms of a result.

use std::path::Path;

use anyhow::{Result, anyhow};
use clap::ValueEnum;

use crate::console::Hint;

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for people
    Table,
    /// The array that the page exports
    Json,
    /// One flat line a song
    Csv,
    /// One song a line, each a JSON object
    Jsonl,
    /// One row a song, as tools for tables read it
    Parquet,
}

impl Format {
    /// The form that a file's name asks for.
    ///
    /// # Errors
    /// When it asks for none.
    pub fn of(path: &Path) -> Result<Self> {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        match extension.to_str() {
            Some("parquet") => Ok(Self::Parquet),
            Some("json") => Ok(Self::Json),
            Some("jsonl" | "ndjson") => Ok(Self::Jsonl),
            Some("csv") => Ok(Self::Csv),
            Some("txt") => Ok(Self::Table),
            _ => Err(anyhow!("the name of {} tells no form", path.display()))
                .hint("end it in .parquet, .jsonl, .json, .csv or .txt"),
        }
    }
}

//! Results that were written before, in any form that keeps all of them.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::format::Format;
use super::parquet;
use super::record::Record;

/// Records, one after the other.
pub type Records = Box<dyn Iterator<Item = Result<Record>>>;

/// The results in a file of `trainer predict` or of the page: Parquet, JSON lines, or a JSON
/// array. All but the array are read piece by piece.
///
/// # Errors
/// When it can't be read or holds something else; each error names the file.
pub fn read(path: &Path) -> Result<Records> {
    let name = path.display().to_string();
    let unread = || format!("{name} can't be read");
    let file = File::open(path).with_context(unread)?;
    let is_parquet = matches!(Format::of(path), Ok(Format::Parquet));
    let records: Records = if is_parquet {
        Box::new(parquet::read(file).with_context(unread)?)
    } else {
        text(BufReader::new(file)).with_context(unread)?
    };
    Ok(Box::new(records.map(move |record| {
        record.with_context(|| format!("{name} can't be read"))
    })))
}

/// An array, or a record a line.
fn text(mut file: impl BufRead + 'static) -> Result<Records> {
    let starts = file
        .fill_buf()?
        .iter()
        .find(|byte| !byte.is_ascii_whitespace());
    match starts {
        Some(b'[') => {
            let records: Vec<Record> = serde_json::from_reader(file)?;
            Ok(Box::new(records.into_iter().map(Ok)))
        }
        Some(b'{') | None => Ok(Box::new(lines(file))),
        Some(_) => {
            bail!("it is neither Parquet nor JSON; a CSV table does not keep all of a result")
        }
    }
}

fn lines(file: impl BufRead) -> impl Iterator<Item = Result<Record>> {
    let numbered = (1_usize..).zip(file.lines());
    let record = |(number, line): (usize, std::io::Result<String>)| {
        let record = line.map_err(anyhow::Error::from).and_then(|line| {
            let line = line.trim();
            let record = (!line.is_empty()).then(|| serde_json::from_str(line));
            Ok(record.transpose()?)
        });
        record
            .with_context(|| format!("line {number} is no result"))
            .transpose()
    };
    numbered.filter_map(record)
}

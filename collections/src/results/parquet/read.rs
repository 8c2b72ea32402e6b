//! Reads results from Parquet.

use std::fs::File;

use anyhow::{Result, bail};
use arrow_array::RecordBatch;
use arrow_json::LineDelimitedWriter;

use super::open::{batches, open};
use super::row;
use super::schema::{OWN, VERSION, VERSION_KEY};
use crate::results::record::Record;

/// Rows that are decoded at once.
const BATCH: usize = 64;

/// The results in a file, group by group.
///
/// # Errors
/// When it is no Parquet file, is cut off, or holds something else.
pub fn read(file: File) -> Result<impl Iterator<Item = Result<Record>>> {
    let builder = open(file)?;
    if let Some(missing) = OWN
        .iter()
        .find(|name| builder.schema().field_with_name(name).is_err())
    {
        bail!("it holds no results: there is no column {missing}");
    }
    let metadata = builder.metadata().file_metadata().key_value_metadata();
    let mut keys = metadata.into_iter().flatten();
    let version = keys.find(|pair| pair.key == VERSION_KEY);
    if let Some(version) = version.and_then(|pair| pair.value.as_deref())
        && version != VERSION
    {
        bail!("its columns are of version {version}, and this program knows {VERSION}");
    }
    let batches = batches(builder.with_batch_size(BATCH).build()?);
    let records = batches.map(|batch| records(&batch?));
    Ok(records.flat_map(|records| match records {
        Ok(records) => records.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }))
}

fn records(batch: &RecordBatch) -> Result<Vec<Record>> {
    let mut writer = LineDelimitedWriter::new(Vec::new());
    writer.write(batch)?;
    writer.finish()?;
    let json = writer.into_inner();
    let rows = serde_json::Deserializer::from_slice(&json).into_iter();
    rows.map(|row| row::record(row?)).collect()
}

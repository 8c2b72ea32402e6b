//! Parquet files of anybody.

use std::fs::File;
use std::iter;

use anyhow::{Context, Result, anyhow, ensure};
use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::RowGroupMetaData;

use crate::panics;

/// What reads a file, once its columns were looked at and chosen.
pub type Builder = ParquetRecordBatchReaderBuilder<File>;

/// Reads the end of a file, which says what it holds.
///
/// # Errors
/// When it is no Parquet file, is cut off, or has columns at impossible places.
pub fn open(file: File) -> Result<Builder> {
    let read = caught(|| Ok(Builder::try_new(file)?));
    let builder = read.context("it is no Parquet file, or is cut off")?;
    let groups = builder.metadata().row_groups().iter();
    for column in groups.flat_map(RowGroupMetaData::columns) {
        let page = column.dictionary_page_offset();
        let start = page.unwrap_or_else(|| column.data_page_offset());
        // parquet 60.1 panics there, in `ColumnChunkMetaData::byte_range`.
        ensure!(start >= 0 && column.compressed_size() >= 0, "it is damaged");
    }
    Ok(builder)
}

/// The rows, batch by batch; nothing behind a place that can't be read.
pub fn batches(reader: ParquetRecordBatchReader) -> impl Iterator<Item = Result<RecordBatch>> {
    let mut rest = Some(reader);
    iter::from_fn(move || {
        let reader = rest.as_mut()?;
        let batch = caught(|| reader.next().transpose().map_err(anyhow::Error::from));
        if batch.is_err() {
            rest = None;
        }
        batch.context("it is damaged").transpose()
    })
}

/// A file that brings the reader down is damaged, too.
fn caught<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    panics::caught(read).unwrap_or_else(|_| Err(anyhow!("the reader gave up")))
}

//! Writes results as Parquet.

use std::io::Write;

use anyhow::Result;
use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::row::row;
use super::schema::{VERSION, VERSION_KEY, schema};
use crate::results::record::Record;
use crate::results::sink::Sink;

/// Rows of a group: as much as is in memory at once, some 10 MB.
const GROUP: usize = 1_000;
/// Rows that are encoded at once.
const BATCH: usize = 64;
/// Level of zstd.
const LEVEL: i32 = 3;

/// Results as Parquet with zstd.
pub struct Rows<'a> {
    out: ArrowWriter<&'a mut (dyn Write + Send)>,
    batch: Decoder,
    waiting: usize,
}

impl<'a> Rows<'a> {
    /// Begins a file.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn new(out: &'a mut (dyn Write + Send)) -> Result<Self> {
        let version = KeyValue::new(VERSION_KEY.to_owned(), VERSION.to_owned());
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
            .set_max_row_group_row_count(Some(GROUP))
            .set_key_value_metadata(Some(vec![version]))
            .build();
        Ok(Self {
            out: ArrowWriter::try_new(out, schema(), Some(properties))?,
            // A field of the report that has no column would be lost.
            batch: ReaderBuilder::new(schema())
                .with_strict_mode(true)
                .build_decoder()?,
            waiting: 0,
        })
    }

    fn encode(&mut self) -> Result<()> {
        self.waiting = 0;
        if let Some(batch) = self.batch.flush()? {
            self.out.write(&batch)?;
        }
        Ok(())
    }
}

impl Sink for Rows<'_> {
    fn push(&mut self, record: &Record) -> Result<()> {
        self.batch.serialize(&[row(record)?])?;
        self.waiting += 1;
        if self.waiting == BATCH {
            self.encode()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.encode()?;
        self.out.close()?;
        Ok(())
    }
}

//! Each form and what writes it.

use std::io::Write;

use anyhow::Result;

use super::format::Format;
use super::parquet::Rows;
use super::sink::Sink;
use super::text::{Form, Text};

/// Writes results in that form.
///
/// # Errors
/// When nothing can be written.
pub fn sink<'a>(out: &'a mut (dyn Write + Send), format: Format) -> Result<Box<dyn Sink + 'a>> {
    let form = match format {
        Format::Table => Form::Table,
        Format::Json => Form::Json,
        Format::Csv => Form::Csv,
        Format::Jsonl => Form::Jsonl,
        Format::Parquet => return Ok(Box::new(Rows::new(out)?)),
    };
    Ok(Box::new(Text::new(out, form)))
}

//! A record with its report's fields side by side, and back.

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use super::schema::OWN;
use crate::results::record::Record;

/// The row of a record.
///
/// # Errors
/// Never, unless the record is no JSON object.
pub fn row(record: &Record) -> Result<Map<String, Value>> {
    let mut row = object(serde_json::to_value(record)?)?;
    if let Some(report) = row.remove("report") {
        row.extend(object(report)?);
    }
    Ok(row)
}

/// The record of a row; nulls may be missing.
///
/// # Errors
/// When the row is no result.
pub fn record(row: Map<String, Value>) -> Result<Record> {
    let is_own = |name: &String| OWN.contains(&name.as_str());
    let (mut record, report): (Map<_, _>, Map<_, _>) =
        row.into_iter().partition(|(name, _)| is_own(name));
    if record.get("status").is_some_and(|status| status == "ok") {
        record.insert("report".to_owned(), Value::Object(report));
    }
    serde_json::from_value(Value::Object(record)).context("a row is no result")
}

fn object(value: Value) -> Result<Map<String, Value>> {
    match value {
        Value::Object(map) => Ok(map),
        _ => anyhow::bail!("a result is no object"),
    }
}

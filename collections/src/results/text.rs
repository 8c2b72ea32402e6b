//! Results as text, song by song.

use std::io::Write;

use anyhow::Result;
use undertone::report::csv::{self, Reader};

use super::sink::Sink;
use super::{Record, table};

/// A form of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Columns for people; only judged songs.
    Table,
    /// One array.
    Json,
    /// One flat line a song.
    Csv,
    /// One object a line.
    Jsonl,
}

/// Writes records as text.
pub struct Text<'a> {
    out: &'a mut (dyn Write + Send),
    form: Form,
    /// Whether anything was written.
    started: bool,
    unsure: bool,
}

impl<'a> Text<'a> {
    /// Nothing is written before the first record.
    pub fn new(out: &'a mut (dyn Write + Send), form: Form) -> Self {
        Self {
            out,
            form,
            started: false,
            unsure: false,
        }
    }

    fn text(&mut self, record: &Record) -> Result<String> {
        let first = !self.started;
        Ok(match self.form {
            Form::Table => {
                let Some(report) = record.report() else {
                    return Ok(String::new());
                };
                self.unsure |= report.unsure && report.kind.is_music();
                let header = if first { table::HEADER } else { "" };
                format!("{header}{}", table::lines(&record.entry.file, report))
            }
            Form::Json => {
                let json = serde_json::to_string_pretty(record)?.replace('\n', "\n  ");
                format!("{}  {json}", if first { "[\n" } else { ",\n" })
            }
            Form::Jsonl => serde_json::to_string(record)? + "\n",
            Form::Csv => {
                let table = csv::table(std::slice::from_ref(&record.entry), Reader::Program);
                match table.split_once('\n') {
                    Some((_, line)) if !first => line.to_owned(),
                    _ => table,
                }
            }
        })
    }

    fn put(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes())?;
        Ok(self.out.flush()?)
    }
}

impl Sink for Text<'_> {
    fn push(&mut self, record: &Record) -> Result<()> {
        let text = self.text(record)?;
        self.started |= !text.is_empty();
        self.put(&text)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        match (self.form, self.started) {
            (Form::Json, false) => self.put("[]\n"),
            (Form::Json, true) => self.put("\n]\n"),
            (Form::Table, _) if self.unsure => self.put(table::UNSURE),
            _ => Ok(()),
        }
    }

    fn abandon(self: Box<Self>) -> Result<()> {
        if self.started {
            return self.finish();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::record::tests::record;

    /// A song without a verdict, then one with.
    fn text(form: Form) -> String {
        let mut out = Vec::new();
        let mut text = Box::new(Text::new(&mut out, form));
        let failed = Record::failed("bad.mp3", "empty", "no sound");
        text.push(&failed).unwrap();
        text.push(&record("a, b.ogg")).unwrap();
        text.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn csv_is_flat_and_every_line_has_every_column() {
        let text = text(Form::Csv);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|h| h == name).unwrap();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), 2);
        assert_eq!(&records[0][column("error_kind")], "empty");
        assert_eq!(&records[1][column("file")], "a, b.ogg");
        assert_eq!(&records[1][column("mood")], "calm");
        let report = record("").report().unwrap().clone();
        let arousal = &records[1][column("arousal")];
        assert_eq!(arousal, report.affect.arousal.to_string());
        assert_eq!(&records[1][column("reasons")], report.reasons.join("; "));
        let unique: std::collections::HashSet<_> = header.iter().collect();
        assert_eq!(unique.len(), header.len());
    }

    #[test]
    fn json_is_one_array_with_a_status_each() {
        let text = text(Form::Json);
        let read: Vec<Record> = serde_json::from_str(&text).unwrap();
        assert_eq!(read[0].error().unwrap().kind, "empty");
        assert_eq!(read[1], record("a, b.ogg"));
        let pretty = serde_json::to_string_pretty(&read).unwrap() + "\n";
        assert_eq!(text, pretty, "as if written at once");
        let mut out = Vec::new();
        let text = Box::new(Text::new(&mut out, Form::Json));
        text.finish().unwrap();
        assert_eq!(out, b"[]\n");
    }

    #[test]
    fn a_line_of_json_is_a_record() {
        let text = text(Form::Jsonl);
        let lines = text.lines().map(serde_json::from_str::<Record>);
        let read: Vec<Record> = lines.map(Result::unwrap).collect();
        assert_eq!(read[1], record("a, b.ogg"));
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn the_table_holds_what_was_judged() {
        let text = text(Form::Table);
        assert!(text.starts_with("mood "), "{text}");
        assert!(text.contains("calm     ?"), "{text}");
        assert!(text.contains("  Gentle sound: that pulls towards calm.\n"));
        assert!(text.ends_with(table::UNSURE), "{text}");
        assert!(!text.contains("bad.mp3"), "{text}");
    }
}

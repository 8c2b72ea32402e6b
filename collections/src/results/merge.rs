//! `trainer merge`: the results of several runs as one.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Result;

use super::read::read;
use super::record::Record;
use super::sink::Sink;

/// What came together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// Songs with a verdict.
    pub judged: usize,
    /// Songs without one.
    pub failed: usize,
    /// Results that a better or later one of the same file replaced.
    pub replaced: usize,
}

/// Where a file's result stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// A verdict is better than none; among equals the last one counts.
    is_judged: bool,
    number: usize,
}

/// Writes every song of the inputs once, in their order. Of two results of one file, a
/// verdict replaces an error and a later one an earlier one. The inputs are read twice, so
/// that only names are in memory.
///
/// # Errors
/// When an input can't be read, before anything is written; or a result can't be written.
pub fn merge(inputs: &[PathBuf], sink: &mut dyn Sink) -> Result<Merged> {
    let mut best: HashMap<String, Place> = HashMap::new();
    let mut all = 0;
    for_each(inputs, |number, record| {
        let is_judged = record.report().is_some();
        let place = Place { is_judged, number };
        let known = best.entry(record.entry.file).or_insert(place);
        *known = place.max(*known);
        all += 1;
        Ok(())
    })?;
    let judged = best.values().filter(|place| place.is_judged).count();
    for_each(inputs, |number, record| {
        let place = best.get(&record.entry.file);
        if place.is_some_and(|place| place.number == number) {
            sink.push(&record)?;
        }
        Ok(())
    })?;
    Ok(Merged {
        judged,
        failed: best.len() - judged,
        replaced: all - best.len(),
    })
}

fn for_each(inputs: &[PathBuf], mut each: impl FnMut(usize, Record) -> Result<()>) -> Result<()> {
    let mut number = 0;
    for input in inputs {
        for record in read(input)? {
            each(number, record?)?;
            number += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::files::write_whole;
    use crate::results::record::tests::record;
    use crate::results::{Format, sink};

    fn write(path: &Path, records: &[Record]) {
        write_whole(path, |out| {
            let mut sink = sink(out, Format::of(path)?)?;
            for record in records {
                sink.push(record)?;
            }
            sink.finish()
        })
        .unwrap();
    }

    fn all(path: &Path) -> Vec<Record> {
        read(path).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn every_form_that_keeps_all_reads_back_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut said = record("b, \"c\"\n.ogg");
        said.entry.said = Some(undertone::Mood::Sad);
        let written = [
            record("a.ogg"),
            Record::failed("x", "empty", "no sound"),
            said,
        ];
        for name in ["r.parquet", "r.jsonl", "r.json"] {
            let path = folder.path().join(name);
            write(&path, &written);
            assert_eq!(all(&path), written, "{name}");
        }
        for name in ["none.parquet", "none.jsonl", "none.json"] {
            let path = folder.path().join(name);
            write(&path, &[]);
            assert_eq!(all(&path), [], "{name}");
        }
    }

    #[test]
    fn each_file_is_there_once_and_a_verdict_counts_more_than_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let failed = |file: &str| Record::failed(file, "empty", "no sound");
        let mut later = record("b");
        later.sha256 = Some("cd".repeat(32));
        write(&at("1.jsonl"), &[record("a"), record("b"), failed("c")]);
        write(
            &at("2.parquet"),
            &[failed("a"), later.clone(), record("d"), failed("c")],
        );
        let inputs = [at("1.jsonl"), at("2.parquet")];
        let mut merged = None;
        write_whole(&at("all.json"), |out| {
            let mut sink = sink(out, Format::Json)?;
            merged = Some(merge(&inputs, sink.as_mut())?);
            sink.finish()
        })
        .unwrap();
        let expected = [record("a"), later, record("d"), failed("c")];
        assert_eq!(all(&at("all.json")), expected);
        let counts = Merged {
            judged: 3,
            failed: 1,
            replaced: 3,
        };
        assert_eq!(merged, Some(counts));
    }

    #[test]
    fn what_is_no_result_is_refused_by_name_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let tried: Result<Vec<Record>> = read(&path).and_then(Iterator::collect);
            let error = format!("{:#}", tried.unwrap_err());
            assert!(error.contains(name), "{error}");
            error
        };
        write(&folder.path().join("whole.parquet"), &[record("a")]);
        let whole = std::fs::read(folder.path().join("whole.parquet")).unwrap();
        let error = refused("cut.parquet", &whole[..whole.len() / 2]);
        assert!(error.contains("cut off"), "{error}");
        let error = refused("text.parquet", b"file,mood\n");
        assert!(error.contains("no Parquet file"), "{error}");
        let line = serde_json::to_string(&record("a")).unwrap();
        let error = refused(
            "bad.jsonl",
            format!("{line}\n\n{{\"file\": 3}}\n").as_bytes(),
        );
        assert!(error.contains("line 3 is no result"), "{error}");
        let error = refused("r.csv", b"file,mood\na,sad\n");
        assert!(error.contains("neither Parquet nor JSON"), "{error}");
    }
}

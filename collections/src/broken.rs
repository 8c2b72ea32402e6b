//! Results and stores, of broken copies: whatever comes, it comes as a
//! value or as an error that names the file.

use std::fs;

use crate::predict::{Output, Store};
use crate::results::{self, Format, Record, Shard};

#[test]
fn results_of_before() {
    let record: Record = serde_json::from_str(include_str!("../tests/data/verdict.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |format, name: &'static str| {
        let path = folder.path().join(name);
        let output = Output {
            shard: Shard::ALL,
            file: Some(path.clone()),
            format,
        };
        crate::predict::to(&output, |sink| sink.push(&record)).unwrap();
        (name, fs::read(&path).unwrap())
    };
    let files = [
        write(Format::Parquet, "songs.parquet"),
        write(Format::Jsonl, "songs.jsonl"),
        write(Format::Json, "songs.json"),
    ];
    fuzz::copies_on_disk(&files, |path| {
        let read = results::read(path).and_then(Iterator::collect::<anyhow::Result<Vec<_>>>);
        read.err()
            .map(|error| format!("{error:#}"))
            .into_iter()
            .collect()
    });
}

#[test]
fn stores() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.sqlite");
    let record: Record = serde_json::from_str(include_str!("../tests/data/verdict.json")).unwrap();
    let store = Store::open(&path, "models".to_owned()).unwrap();
    store.keep_verdict("hash", &record.entry.outcome).unwrap();
    drop(store);
    fuzz::copies_on_disk(
        &[("store.sqlite", fs::read(&path).unwrap())],
        |path| match Store::open(path, "models".to_owned()) {
            Ok(store) => {
                drop(store.verdict("hash"));
                Vec::new()
            }
            Err(error) => vec![format!("{error:#}")],
        },
    );
}

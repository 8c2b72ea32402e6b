//! Results and stores, of broken copies: whatever comes, it comes as a
//! value or as an error that names the file.

use std::fs;
use std::panic::RefUnwindSafe;
use std::path::Path;

use bolero::check;
use fuzz::Faults;

use crate::predict::{Output, Store};
use crate::results::{self, Format, Record, Shard};

/// Of each target in every test.
const ITERATIONS: usize = 300;

/// Checks broken copies of files, each with its name.
fn broken_copies(files: &[(&str, Vec<u8>)], check: impl Fn(&Path) + RefUnwindSafe) {
    let folder = tempfile::tempdir().unwrap();
    check!()
        .with_iterations(ITERATIONS)
        .with_type::<(u8, Faults)>()
        .cloned()
        .for_each(|(which, faults)| {
            let (name, whole) = &files[usize::from(which) % files.len()];
            let path = folder.path().join(name);
            fs::write(&path, faults.broken(whole)).unwrap();
            check(&path);
        });
}

fn names(error: &anyhow::Error, path: &Path) -> bool {
    format!("{error:#}").contains(path.file_name().unwrap().to_str().unwrap())
}

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
    broken_copies(&files, |path| {
        let read = results::read(path).and_then(Iterator::collect::<anyhow::Result<Vec<_>>>);
        if let Err(error) = read {
            assert!(names(&error, path), "{error:#}");
        }
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
    broken_copies(
        &[("store.sqlite", fs::read(&path).unwrap())],
        |path| match Store::open(path, "models".to_owned()) {
            Ok(store) => drop(store.verdict("hash")),
            Err(error) => assert!(names(&error, path), "{error:#}"),
        },
    );
}

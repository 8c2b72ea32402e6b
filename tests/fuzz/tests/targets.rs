//! All that the library reads, of broken copies: whatever comes, it comes as a value or as an
//! error that names itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test a panic is the message"
)]

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use undertone::decode::{SignalReader, tags};
use undertone::page::library::{Kept, Origin, SmartLists, backup};
use undertone::report::{Entry, Outcome};
use undertone::{AnalysisError, Judges, Signal};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every sound among the data of the tests, with its name.
fn sounds() -> Vec<(String, Vec<u8>)> {
    let folders = ["tests/data/formats", "tests/data/audio"];
    let files = folders.map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let mut paths: Vec<_> = files
        .into_iter()
        .flatten()
        .map(|file| file.unwrap().path())
        .collect();
    paths.sort();
    let named = |path: PathBuf| (path.display().to_string(), fs::read(&path).unwrap());
    paths.into_iter().map(named).collect()
}

fn signal(bytes: Vec<u8>) -> Result<Signal, AnalysisError> {
    let mut reader = SignalReader::open(Box::new(Cursor::new(bytes)), None)?;
    reader.read(usize::MAX)?;
    reader.finish()
}

#[test]
fn decode() {
    let (names, files): (Vec<_>, Vec<_>) = sounds().into_iter().unzip();
    fuzz::copies(&files, |which, broken| {
        let name = &names[which];
        drop(tags::read(Box::new(Cursor::new(broken.clone()))));
        match signal(broken) {
            Ok(signal) => {
                let is_sound = signal.samples.iter().all(|sample| sample.is_finite());
                assert!(is_sound, "{name}");
                assert!(signal.duration_s < 60.0, "{name}: {} s", signal.duration_s);
            }
            Err(error) => {
                let is_ours = matches!(error, AnalysisError::Internal { .. });
                assert!(!is_ours, "{name}: {error}");
            }
        }
    });
}

#[test]
fn model_files() {
    let folder = root().join("static/models");
    let files = Judges::FILES.map(|name| fs::read(folder.join(name)).unwrap());
    fuzz::copies(&files, |which, broken| {
        let mut given = files.each_ref().map(Vec::as_slice);
        given[which] = &broken;
        let judges = Judges::from_files(given);
        // A file of the models is taken as it was written or not at all.
        if which % 2 == 1 && broken != files[which] {
            assert!(judges.is_err(), "{}", Judges::FILES[which]);
        }
    });
}

/// A backup of one song, and the entry that it was made from.
fn kept() -> [String; 2] {
    let entry = fs::read_to_string(root().join("collections/tests/data/verdict.json")).unwrap();
    let judged: Entry = serde_json::from_str(&entry).unwrap();
    let Outcome::Ok { report } = judged.outcome else {
        panic!("{entry}")
    };
    let origin = Origin {
        hash: "0".repeat(64),
        name: judged.file.clone(),
        path: judged.file,
        bytes: 1,
    };
    let song = backup::BackedUp {
        kept: Kept::of(origin, judged.tags.as_ref().clone(), &report, 1.5e12),
        said: None,
        report: Some(report),
    };
    let (mut writer, mut text) = backup::Writer::begin(&SmartLists::default());
    text += &writer.song(&song);
    text += &writer.song(&song);
    [text + &writer.end(), entry]
}

#[test]
fn kept_records() {
    let [backup, entry] = kept().map(String::into_bytes);
    let mut reader = backup::Reader::default();
    assert_eq!(reader.push(&backup).unwrap().len(), 2);
    fuzz::copies(&[backup.clone(), entry], |_, broken| {
        drop(serde_json::from_slice::<Entry>(&broken));
        let mut reader = backup::Reader::default();
        let read = reader.push(&broken).and_then(|_| reader.end());
        // What is taken was written.
        assert!(read.is_err() || broken == backup);
    });
}

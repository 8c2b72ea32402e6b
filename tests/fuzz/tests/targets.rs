//! All that the library reads, of broken copies: whatever comes, it comes as a value or as an
//! error that names itself. `BOLERO_RANDOM_ITERATIONS` and `BOLERO_RANDOM_SEED` ask for more and
//! for others.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test a panic is the message"
)]

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use bolero::check;
use fuzz::Faults;
use undertone::decode::{SignalReader, tags};
use undertone::report::{Entry, Outcome};
use undertone::web::library::{Kept, Origin, backup};
use undertone::{AnalysisError, Judges, Signal};

/// Of each target in every test.
const ITERATIONS: usize = 300;

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
    let sounds = sounds();
    check!()
        .with_iterations(ITERATIONS)
        .with_type::<(u8, Faults)>()
        .cloned()
        .for_each(|(which, faults)| {
            let (name, whole) = &sounds[usize::from(which) % sounds.len()];
            let broken = faults.broken(whole);
            drop(tags::read(Box::new(Cursor::new(broken.clone()))));
            match signal(broken) {
                Ok(signal) => {
                    assert!(
                        signal.samples.iter().all(|sample| sample.is_finite()),
                        "{name}"
                    );
                    assert!(signal.duration_s < 60.0, "{name}: {} s", signal.duration_s);
                }
                Err(error) => assert!(
                    !matches!(error, AnalysisError::Internal { .. }),
                    "{name}: {error}"
                ),
            }
        });
}

#[test]
fn model_files() {
    let names = [
        "mood.json",
        "mood.onnx",
        "ensemble.json",
        "ensemble.bin",
        "features.json",
        "features.bin",
    ];
    let folder = root().join("static/models");
    let files = names.map(|name| fs::read(folder.join(name)).unwrap());
    check!()
        .with_iterations(ITERATIONS)
        .with_type::<(u8, Faults)>()
        .cloned()
        .for_each(|(which, faults)| {
            let which = usize::from(which) % files.len();
            let broken = faults.broken(&files[which]);
            let given: Vec<&[u8]> = (0..files.len())
                .map(|n| {
                    if n == which {
                        &broken[..]
                    } else {
                        &files[n][..]
                    }
                })
                .collect();
            let [
                card,
                network,
                ensemble_card,
                ensemble,
                features_card,
                features,
            ] = given[..]
            else {
                unreachable!()
            };
            let judges = Judges::from_files(
                card,
                network,
                ensemble_card,
                ensemble,
                features_card,
                features,
            );
            // A file of the models is taken as it was written or not at all.
            if which % 2 == 1 && broken != files[which] {
                assert!(judges.is_err(), "{}", names[which]);
            }
        });
}

/// A backup of one song, and the entry that it was made from.
fn kept() -> [String; 2] {
    let entry = fs::read_to_string(root().join("trainer/tests/data/verdict.json")).unwrap();
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
    let (mut writer, mut text) = backup::Writer::begin();
    text += &writer.song(&song);
    text += &writer.song(&song);
    [text + &writer.end(), entry]
}

#[test]
fn kept_records() {
    let [backup, entry] = kept();
    let mut reader = backup::Reader::default();
    assert_eq!(reader.push(backup.as_bytes()).unwrap().len(), 2);
    check!()
        .with_iterations(ITERATIONS)
        .with_type::<Faults>()
        .cloned()
        .for_each(|faults| {
            drop(serde_json::from_slice::<Entry>(
                &faults.broken(entry.as_bytes()),
            ));
            let broken = faults.broken(backup.as_bytes());
            let mut reader = backup::Reader::default();
            let read = reader.push(&broken).and_then(|_| reader.end());
            // What is taken was written.
            assert!(read.is_err() || broken == backup.as_bytes());
        });
}

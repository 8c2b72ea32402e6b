//! `trainer corpus` and `trainer features`.

use std::fs;
use std::path::Path;

use super::sounds::write_tone;
use super::{data, trainer};

const MOODS: [&str; 4] = ["sad", "calm", "happy", "energetic"];

/// A collection with `songs` songs of every mood.
pub fn collection(root: &Path, songs: usize) {
    for (pitch, mood) in MOODS.iter().enumerate() {
        for song in 0..songs {
            let hertz = 200.0 + 50.0 * pitch as f32 + song as f32;
            write_tone(&root.join(format!("mine/{mood}/{song}.wav")), hertz);
        }
    }
}

#[test]
fn a_sorted_collection_becomes_a_manifest_with_a_fifth_held_out() {
    let root = tempfile::tempdir().unwrap();
    collection(root.path(), 5);
    let run = trainer(root.path(), &["corpus", "--folder", "mine", "--work", "w"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let rows: Vec<Vec<&str>> = run
        .out
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    assert_eq!(rows[1], ["mine", "train", "4", "4", "4", "4", "16", "16"]);
    assert_eq!(
        rows[2],
        ["mine", "validation", "1", "1", "1", "1", "4", "4"]
    );
    let first = fs::read(root.path().join("w/corpus.csv")).unwrap();
    trainer(root.path(), &["corpus", "--folder", "mine", "--work", "w"]);
    assert_eq!(first, fs::read(root.path().join("w/corpus.csv")).unwrap());
}

#[test]
fn features_are_measured_once_and_a_bad_file_stops_nothing() {
    let root = tempfile::tempdir().unwrap();
    collection(root.path(), 2);
    fs::copy(data("bad/text.mp3"), root.path().join("mine/sad/text.mp3")).unwrap();
    trainer(root.path(), &["corpus", "--folder", "mine", "--work", "w"]);

    let first = trainer(root.path(), &["features", "--work", "w"]);
    assert_eq!(first.code, 2, "{}", first.err);
    assert_eq!(first.out, "");
    assert!(
        first
            .err
            .contains("8 measured, 0 in the cache already, 1 failed"),
        "{}",
        first.err
    );
    assert!(
        first.err.contains("text.mp3: the file can't be decoded"),
        "{}",
        first.err
    );
    let count = |ending: &str| {
        let files = fs::read_dir(root.path().join("w/cache")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(ending)).count()
    };
    assert_eq!((count(".npy"), count(".json")), (8, 8));

    fs::remove_file(root.path().join("mine/sad/text.mp3")).unwrap();
    trainer(root.path(), &["corpus", "--folder", "mine", "--work", "w"]);
    let second = trainer(root.path(), &["features", "--work", "w"]);
    assert_eq!(second.code, 0, "{}", second.err);
    assert!(
        second.err.contains("0 measured, 8 in the cache already"),
        "{}",
        second.err
    );
}

#[test]
fn a_collection_of_broken_files_is_no_success() {
    let root = tempfile::tempdir().unwrap();
    for mood in MOODS {
        let folder = root.path().join("mine").join(mood);
        fs::create_dir_all(&folder).unwrap();
        fs::copy(data("bad/empty.mp3"), folder.join("empty.mp3")).unwrap();
    }
    let made = trainer(root.path(), &["corpus", "--folder", "mine", "--work", "w"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(trainer(root.path(), &["features", "--work", "w"]).code, 1);
}

/// Three piano notes of a second each (Standard MIDI File, format 0).
pub const MIDI: &[u8] = b"MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk\0\0\0\x1f\
    \0\x90\x3c\x64\x81\x40\x80\x3c\0\
    \0\x90\x40\x64\x81\x40\x80\x40\0\
    \0\x90\x43\x64\x81\x40\x80\x43\0\
    \0\xff\x2f\0";

#[test]
fn midi_files_are_rendered_and_a_missing_soundfont_is_named() {
    let root = tempfile::tempdir().unwrap();
    collection(root.path(), 1);
    fs::write(root.path().join("mine/calm/note.mid"), MIDI).unwrap();
    trainer(root.path(), &["corpus", "--folder", "mine", "--work", "w"]);

    let absent = ["features", "--work", "w", "--soundfont", "no.sf2"];
    let run = trainer(root.path(), &absent);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("hint: "), "{}", run.err);
    assert!(run.err.contains("apt-get install"), "{}", run.err);

    // `make test` installs the synthesizer and its instruments.
    let run = trainer(root.path(), &["features", "--work", "w"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("5 measured"), "{}", run.err);
}

#[test]
fn tables_are_read_by_column_and_refused_by_line() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    let write = |text: &str| fs::write(at.join("music.csv"), text).unwrap();

    write("file,label\na.ogg,sad\n");
    let run = trainer(at, &["corpus", "--music", "music.csv"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err
            .contains("lacks the columns: artist, licence, label_kind, group"),
        "{}",
        run.err
    );

    write("file,artist,licence,label,label_kind,group\na.ogg,A,CC0,angry,composer,g\n");
    let run = trainer(at, &["corpus", "--music", "music.csv"]);
    assert!(
        run.err.contains("line 2: unknown label \"angry\""),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("hint: labels are sad, calm, happy"),
        "{}",
        run.err
    );

    write("file,artist,licence,label,label_kind,group\na.ogg,A,CC0,sad,composer,g\n");
    let run = trainer(at, &["corpus", "--music", "music.csv"]);
    assert!(run.err.contains("1 of 1 files are missing"), "{}", run.err);

    fs::write(at.join("a.ogg"), "x").unwrap();
    let run = trainer(at, &["corpus", "--music", "music.csv"]);
    assert!(
        run.err
            .contains("no song is labelled calm or happy or energetic"),
        "{}",
        run.err
    );
}

#[test]
fn without_any_source_the_options_are_named() {
    let root = tempfile::tempdir().unwrap();
    let run = trainer(root.path(), &["corpus"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("--music, --emopia and --folder"),
        "{}",
        run.err
    );
}

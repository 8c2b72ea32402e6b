//! `trainer features` on an imported collection.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::sounds::{MIDI, MOODS, write_tone};
use super::{data, trainer};

/// A collection with `songs` songs of every mood.
pub fn collection(root: &Path, songs: usize) {
    for (pitch, mood) in MOODS.iter().enumerate() {
        for song in 0..songs {
            let hertz = 200.0 + 50.0 * pitch as f32 + song as f32;
            write_tone(&root.join(format!("mine/{mood}/{song}.wav")), hertz);
        }
    }
}

/// Imports the collection into `w/songs.csv`.
pub fn import(root: &Path) {
    let run = trainer(root, &["import", "--data", "mine", "--work", "w"]);
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn a_sorted_collection_becomes_a_table_with_a_fifth_held_out() {
    let root = tempfile::tempdir().unwrap();
    collection(root.path(), 5);
    import(root.path());
    let first = fs::read(root.path().join("w/songs.csv")).unwrap();
    let run = trainer(root.path(), &["overview", "--work", "w"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let sides = run.out.lines().filter(|line| line.starts_with("mine "));
    let sides: Vec<Vec<&str>> = sides.map(|l| l.split_whitespace().collect()).collect();
    let train = ["mine", "train", "4", "4", "4", "4", "0", "16", "16"];
    let validation = ["mine", "validation", "1", "1", "1", "1", "0", "4", "4"];
    assert_eq!(sides, [train, validation], "{}", run.out);
    import(root.path());
    assert_eq!(first, fs::read(root.path().join("w/songs.csv")).unwrap());
}

#[test]
fn features_are_measured_once_and_a_bad_file_stops_nothing() {
    let root = tempfile::tempdir().unwrap();
    collection(root.path(), 2);
    fs::copy(data("bad/text.mp3"), root.path().join("mine/sad/text.mp3")).unwrap();
    import(root.path());

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
    first.says("text.mp3: the file can't be decoded");
    let count = |ending: &str| {
        let files = fs::read_dir(root.path().join("w/cache")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(ending)).count()
    };
    assert_eq!(count(".json"), 8);

    fs::remove_file(root.path().join("mine/sad/text.mp3")).unwrap();
    import(root.path());
    let second = trainer(root.path(), &["features", "--work", "w"]);
    assert_eq!(second.code, 0, "{}", second.err);
    second.says("0 measured, 8 in the cache already");
}

#[test]
fn a_collection_of_broken_files_is_no_success() {
    let root = tempfile::tempdir().unwrap();
    for mood in MOODS {
        let folder = root.path().join("mine").join(mood);
        fs::create_dir_all(&folder).unwrap();
        fs::copy(data("bad/text.mp3"), folder.join("text.mp3")).unwrap();
    }
    import(root.path());
    assert_eq!(trainer(root.path(), &["features", "--work", "w"]).code, 1);
}

#[test]
fn midi_files_are_rendered_and_a_missing_soundfont_is_named() {
    let root = tempfile::tempdir().unwrap();
    collection(root.path(), 1);
    fs::write(root.path().join("mine/calm/note.mid"), MIDI).unwrap();
    import(root.path());

    let absent = ["features", "--work", "w", "--soundfont", "no.sf2"];
    let run = trainer(root.path(), &absent);
    assert_eq!(run.code, 1);
    run.says("hint: ");
    run.says("apt-get install");

    // `make test` installs the synthesizer and its instruments.
    let run = trainer(root.path(), &["features", "--work", "w"]);
    assert_eq!(run.code, 0, "{}", run.err);
    run.says("5 measured");
}

#[test]
fn what_no_judge_can_learn_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    let run = trainer(at, &["features", "--work", "w"]);
    assert_eq!(run.code, 1);
    run.says("hint: make it with `trainer import");

    // The table of earlier versions is read by import alone.
    fs::create_dir(at.join("w")).unwrap();
    fs::write(at.join("w/corpus.csv"), "").unwrap();
    let run = trainer(at, &["features", "--work", "w"]);
    run.says("corpus.csv is of an earlier version");

    write_tone(&at.join("a.wav"), 220.0);
    let ensemble = ["train", "ensemble", "--songs", "t.csv", "--work", "w"];
    for (table, refusal) in [
        (
            "path,mood\na.wav,sad\n",
            "no song is labelled calm or happy or energetic",
        ),
        (
            "path,valence,arousal\na.wav,0,1\n",
            "no song of the table has a mood",
        ),
        (
            "path,id,mood\na.wav,x,sad\na.wav,x,sad\n",
            "the id x comes twice",
        ),
        (
            "path,id,mood,label_space\na.wav,x,sad,playlist-mood\na.wav,y,sad,\n",
            "mean different things: x is playlist-mood, y is perceived-quadrant",
        ),
    ] {
        fs::write(at.join("t.csv"), table).unwrap();
        let run = trainer(at, &ensemble);
        assert_eq!(run.code, 1, "{table}");
        assert!(run.err.contains(refusal), "{table}: {}", run.err);
        assert!(run.err.contains("hint: "), "{table}: {}", run.err);
    }
}

#[test]
fn songs_without_a_mood_are_measured_and_heard_but_not_learnt() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    collection(at, 5);
    let mut rated = "path,valence,arousal\n".to_owned();
    for song in 0..5 {
        write_tone(
            &at.join(format!("rated/{song}.wav")),
            700.0 + 10.0 * song as f32,
        );
        writeln!(rated, "rated/{song}.wav,0.{song},-0.{song}").unwrap();
    }
    fs::write(at.join("rated.csv"), rated).unwrap();
    let data = ["--data", "mine", "--data", "rated.csv"];
    let run = trainer(at, &[&["import", "--work", "w"], &data[..]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    run.says("energetic 5, no mood 5");
    let run = trainer(at, &["features", "--work", "w"]);
    run.says("25 measured");
    let run = trainer(at, &["train", "ensemble", "--work", "w"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let run = trainer(
        at,
        &[
            "study",
            "--work",
            "w",
            "--net-tasks",
            "none",
            "--folds",
            "200",
        ],
    );
    run.says("5 songs of w/songs.csv have no mood");
}

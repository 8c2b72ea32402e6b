//! `trainer train features`.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::sounds::write_tone;
use super::{Run, models, trainer};

/// `songs` tones of six groups, louder in energy the higher they are.
fn scene(songs: usize) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let mut music = "file,group,mood,split\n".to_owned();
    let mut scores = "file,vibenet_energy\n".to_owned();
    for song in 0..songs {
        let height = (song * 7 % songs) as f32 / songs as f32;
        write_tone(
            &root.path().join(format!("{song}.wav")),
            200.0 + 1_000.0 * height,
        );
        writeln!(music, "{song}.wav,group {},sad,train", song % 6).unwrap();
        writeln!(scores, "{song}.wav,{}", 0.2 + 0.6 * height).unwrap();
    }
    fs::write(root.path().join("music.csv"), music).unwrap();
    fs::write(root.path().join("scores.csv"), scores).unwrap();
    root
}

fn train(at: &Path) -> Run {
    let tables = ["--songs", "music.csv", "--scores", "scores.csv"];
    trainer(
        at,
        &[&["train", "features", "--work", "w"], &tables[..]].concat(),
    )
}

/// The refusal holds all of these words.
fn refused(at: &Path, words: &[&str]) {
    let run = train(at);
    assert_eq!(run.code, 1, "{}", run.err);
    for word in words {
        assert!(run.err.contains(word), "{word:?} is not in: {}", run.err);
    }
    run.says("hint: ");
}

fn edit(at: &Path, name: &str, from: &str, to: &str) {
    let text = fs::read_to_string(at.join(name)).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(at.join(name), text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_regressor_is_fitted_exported_and_used() {
    let root = scene(36);
    let at = root.path();
    let run = train(at);
    assert_eq!(run.code, 0, "{}", run.err);
    let line = run.out.lines().nth(1).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[..4], ["energy", "yes", "36", "6"], "{}", run.out);

    models::write(&at.join("m"));
    let before = fs::read(at.join("m/ensemble.bin")).unwrap();
    let export = ["export", "--features-only", "--work", "w", "--models", "m"];
    let run = trainer(at, &export);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(before, fs::read(at.join("m/ensemble.bin")).unwrap());
    let run = trainer(
        at,
        &["predict", "--models", "m", "--format", "json", "0.wav"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let entries: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let features = &entries[0]["report"]["features"];
    let energy = features["energy"].as_f64().unwrap();
    assert!((0.1..0.5).contains(&energy), "{energy}");
    assert!(features["valence"].is_null(), "{features}");

    // Without songs there is no table of features.
    let run = trainer(at, &["table", "--work", "w", "--out", "songs.csv"]);
    assert_eq!(run.code, 1);
    run.says("w/songs.csv");

    for mood in ["sad", "calm", "happy", "energetic"] {
        write_tone(&at.join(format!("mine/{mood}/1.wav")), 300.0);
        write_tone(&at.join(format!("mine/{mood}/2.wav")), 1_100.0);
    }
    trainer(at, &["import", "--data", "mine", "--work", "w"]);
    trainer(at, &["features", "--work", "w"]);
    let run = trainer(at, &["table", "--work", "w", "--out", "songs.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let mut table = csv::Reader::from_path(at.join("songs.csv")).unwrap();
    let mut place = |name| {
        table
            .headers()
            .unwrap()
            .iter()
            .position(|n| n == name)
            .unwrap()
    };
    let (energy, valence, path) = (place("energy"), place("track_valence"), place("path"));
    let songs: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(songs.len(), 8);
    for song in &songs {
        assert!((0.0..=1.0).contains(&song[energy].parse::<f64>().unwrap()));
        assert_eq!((&song[valence], &song[path]), ("", ""));
    }

    // The cache makes the second run give the same bytes without measuring.
    let bytes = fs::read(at.join("w/features/features.bin")).unwrap();
    train(at);
    assert_eq!(bytes, fs::read(at.join("w/features/features.bin")).unwrap());
}

#[test]
fn without_a_regressor_the_commands_say_how_to_get_one() {
    let root = tempfile::tempdir().unwrap();
    let run = trainer(root.path(), &["export", "--features-only", "--work", "w"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err
            .contains("hint: fit it with `trainer train features`"),
        "{}",
        run.err
    );
}

#[test]
fn tables_are_refused_by_column_and_line() {
    let root = scene(30);
    let at = root.path();
    let whole = ["music.csv", "scores.csv"].map(|name| fs::read(at.join(name)).unwrap());
    let restore = || {
        fs::write(at.join("music.csv"), &whole[0]).unwrap();
        fs::write(at.join("scores.csv"), &whole[1]).unwrap();
    };

    edit(at, "scores.csv", "file,", "name,");
    refused(at, &["scores.csv lacks the columns: file"]);
    restore();
    edit(at, "scores.csv", "vibenet_energy", "energetic");
    refused(at, &["scores.csv has no scores", "valence"]);
    restore();
    for bad in ["1.5", "-0.1", "NaN", "", "loud"] {
        edit(at, "scores.csv", "0.wav,0.2\n", &format!("0.wav,{bad}\n"));
        refused(at, &["scores.csv, line 2: energy is", "from 0 to 1"]);
        restore();
    }
    edit(at, "scores.csv", "1.wav", "0.wav");
    refused(at, &["scores.csv, line 3", "line 2, too"]);
    restore();
    edit(at, "music.csv", "0.wav", "absent.wav");
    edit(at, "scores.csv", "0.wav", "absent.wav");
    refused(at, &["left out: ", "absent.wav", "29 songs of 6 groups"]);
    restore();
    let text = String::from_utf8(whole[1].clone()).unwrap();
    fs::write(at.join("scores.csv"), text.replace(".wav", ".ogg")).unwrap();
    refused(at, &["no file of scores.csv stands in the table"]);
}

#[test]
fn a_group_in_both_splits_is_refused() {
    let root = scene(30);
    let at = root.path();
    edit(
        at,
        "music.csv",
        "6.wav,group 0,sad,train",
        "6.wav,group 0,sad,validation",
    );
    refused(
        at,
        &["music.csv, line 8: the group group 0 is in validation here, in train in line 2"],
    );
}

#[test]
fn groups_that_are_held_out_are_not_fitted_on() {
    let root = scene(35);
    let at = root.path();
    // Lines that say nothing have the side of their group.
    let music = fs::read_to_string(at.join("music.csv")).unwrap();
    let music = music.replacen("group 0,sad,train", "group 0,sad,validation", 1);
    fs::write(at.join("music.csv"), music.replace(",train", ",")).unwrap();
    refused(at, &["29 songs of 5 groups", "6 more are held out"]);
}

#[test]
fn few_songs_or_groups_are_refused_with_their_number() {
    let root = scene(29);
    refused(root.path(), &["29 songs of 6 groups", "at least 30 of 5"]);
    let root = scene(30);
    let at = root.path();
    let music = fs::read_to_string(at.join("music.csv")).unwrap();
    let fewer = music
        .replace("group 4", "group 0")
        .replace("group 5", "group 1");
    fs::write(at.join("music.csv"), fewer).unwrap();
    refused(at, &["30 songs of 4 groups"]);
}

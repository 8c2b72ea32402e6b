//! What `trainer study` refuses before it runs any system.

use std::fs;
use std::path::Path;

use super::sounds::MOODS;
use super::study::{HEADER, scene, songs, table_of};
use super::trainer;

/// Runs a study that must be refused before any system is run; the arguments come after
/// those that all have.
fn refused(root: &Path, arguments: &[&str], message: &str, hint: &str) {
    let common = ["study", "--work", "w", "--out", "out", "--epochs", "1"];
    let run = trainer(root, &[&common, arguments].concat());
    assert_eq!(run.code, 1, "{arguments:?}: {}", run.err);
    assert_eq!(run.out, "");
    let mut last = run.err.lines().rev();
    let (hinted, error) = (last.next().unwrap(), last.next().unwrap());
    assert!(
        error.starts_with("error: ") && error.contains(message),
        "{}",
        run.err
    );
    assert!(
        hinted.starts_with("hint: ") && hinted.contains(hint),
        "{}",
        run.err
    );
    assert!(!run.err.contains("majority,"), "{}", run.err);
    assert!(!root.join("out").exists(), "{arguments:?}");
}

#[test]
fn a_table_that_cannot_be_studied_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let one_happy = table_of(&["sad", "calm"]) + &songs()[11].replace(",energetic\n", ",happy\n");
    let no_features: Vec<String> = table_of(&MOODS)
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split(',').collect();
            format!("{},{},{}\n", words[0], words[1], words[words.len() - 1])
        })
        .collect();
    let cases: [(&str, String, &[&str], &str, &str); 8] = [
        (
            "sad.csv",
            table_of(&["sad"]),
            &[],
            "all songs are labelled sad",
            "two moods",
        ),
        (
            "one.csv",
            one_happy.clone(),
            &[],
            "only one group is labelled happy",
            "label more",
        ),
        (
            "rows.csv",
            one_happy,
            &["--by-rows"],
            "only one song is labelled happy",
            "label more",
        ),
        (
            "negative.csv",
            table_of(&["sad", "calm"]),
            &["--tasks", "binary"],
            "binary: no song is positive",
            "leave the task out",
        ),
        (
            "three.csv",
            table_of(&["sad", "calm", "happy"]),
            &["--tasks", "binary,moods"],
            "moods: no song is energetic",
            "leave the task out",
        ),
        (
            "merry.csv",
            table_of(&MOODS).replace(",happy\n", ",merry\n"),
            &[],
            "merry.csv, line 9: unknown mood \"merry\"",
            "moods are sad, calm, happy and energetic",
        ),
        (
            "bare.csv",
            no_features.concat(),
            &[],
            "bare.csv has neither sound nor features",
            "add a column path",
        ),
        (
            "empty.csv",
            HEADER.to_owned(),
            &[],
            "the table empty.csv is empty",
            "one line a song",
        ),
    ];
    for (name, table, arguments, message, hint) in cases {
        fs::write(root.path().join(name), table).unwrap();
        let arguments = [&["--songs", name], arguments].concat();
        refused(root.path(), &arguments, message, hint);
    }
}

#[test]
fn options_that_cannot_be_met_are_refused() {
    let root = scene();
    let other = "row,id,label,fold\n0,id0,sad,0\n1,id1,sad,1\n2,id2,sad,2\n";
    fs::write(root.path().join("other.csv"), other).unwrap();
    let mut torn = vec!["row,id,label,fold\n".to_owned()];
    for (row, song) in songs().iter().enumerate() {
        let mood = song.trim_end().rsplit(',').next().unwrap();
        let fold = if mood == "happy" { 2 } else { row % 2 };
        torn.push(format!("{row},id{row},{mood},{fold}\n"));
    }
    fs::write(root.path().join("torn.csv"), torn.concat()).unwrap();
    let cases: [(&[&str], &str, &str); 8] = [
        (
            &["--folds", "200"],
            "40 groups, expected at least 200",
            "fewer folds",
        ),
        (&["--folds", "1"], "1 folds, expected at least", "more"),
        (&["--folds", "2"], "2 folds, expected at least 3", "more"),
        (
            &["--net", "nonsense"],
            "no network \"nonsense\"",
            "Conv, rectangular",
        ),
        (
            &["--fold-table", "other.csv"],
            "other.csv is for other songs: 3 lines, the table has 160",
            "made for this table",
        ),
        (
            &["--fold-table", "songs.csv"],
            "reading songs.csv",
            "row,id,label,fold",
        ),
        (
            &["--fold-table", "torn.csv"],
            "moods: all songs that are happy are in fold 2",
            "other folds",
        ),
        (
            &["--transfer", "none.csv"],
            "there is no table none.csv",
            "trainer import",
        ),
    ];
    for (arguments, message, hint) in cases {
        let arguments = [&["--songs", "songs.csv"], arguments].concat();
        refused(root.path(), &arguments, message, hint);
    }
}

//! `tag`, `playlists` and `watch`, and the program `undertone`.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{ChildStdout, Stdio};

use serde_json::Value;

use super::predict::predict;
use super::sounds::write_tone;
use super::{Run, command, data, models, undertone};

/// A folder with models, songs in four formats, and their results.
fn judged() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    models::write(&at.join("m"));
    fs::create_dir_all(at.join("songs/b")).unwrap();
    for name in ["sweep.mp3", "sweep.flac", "sweep.ogg", "b/sweep.m4a"] {
        let from = data("audio").join(name.trim_start_matches("b/"));
        fs::copy(from, at.join("songs").join(name)).unwrap();
    }
    let arguments = ["songs", "--store", "v", "--out", "r.jsonl"];
    assert_eq!(predict(at, &arguments).code, 0);
    // As if the small judges were sure of anything.
    let results = fs::read_to_string(at.join("r.jsonl")).unwrap();
    let sure = results.replace("\"unsure\":true", "\"unsure\":false");
    fs::write(at.join("r.jsonl"), sure).unwrap();
    root
}

fn tag(root: &Path, arguments: &[&str]) -> Run {
    undertone(root, &[&["tag", "--store", "v"], arguments].concat())
}

/// The rows of a table, each as file, field, before and after.
fn rows(table: &str) -> Vec<Vec<String>> {
    let mut table = csv::Reader::from_reader(table.as_bytes());
    let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    table.records().map(|read| row(read.unwrap())).collect()
}

/// The file's decoded sound, by its length and bits.
fn contents(root: &Path) -> Vec<Vec<u8>> {
    let names = ["sweep.mp3", "sweep.flac", "sweep.ogg", "b/sweep.m4a"];
    names
        .map(|name| fs::read(root.join("songs").join(name)).unwrap())
        .to_vec()
}

#[test]
fn tags_are_told_written_kept_and_taken_back() {
    let root = judged();
    let at = root.path();
    let before = contents(at);
    let dry = tag(at, &["r.jsonl", "--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert!(dry.err.contains("4 would be tagged"), "{}", dry.err);
    assert_eq!(contents(at), before);
    assert!(!at.join("r.jsonl.tags.csv").exists());

    let run = tag(at, &["r.jsonl"]);
    assert_eq!((run.code, &run.out), (0, &dry.out), "{}", run.err);
    let changes = rows(&run.out);
    assert!(
        changes
            .iter()
            .any(|row| row[1] == "mood" && row[3] == "calm"),
        "{changes:?}"
    );
    assert!(
        changes
            .iter()
            .any(|row| row[1] == "comment" && row[3].starts_with("Undertone: "))
    );
    assert!(
        contents(at)
            .iter()
            .zip(&before)
            .all(|(now, then)| now != then)
    );
    assert_eq!(
        rows(&fs::read_to_string(at.join("r.jsonl.tags.csv")).unwrap()),
        changes
    );

    // The verdict goes with the sound, and a second time there is nothing to do.
    let again = predict(at, &["songs", "--store", "v"]);
    assert!(again.err.contains("0 judged, 4 kept"), "{}", again.err);
    let again = tag(at, &["r.jsonl"]);
    assert!(
        again.err.contains("0 tagged, 4 as they are"),
        "{}",
        again.err
    );

    let restored = tag(at, &["--restore", "r.jsonl.tags.csv"]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(restored.err.contains("4 restored"), "{}", restored.err);
    assert_eq!(tag(at, &["r.jsonl", "--dry-run"]).out, dry.out);
    let twice = tag(at, &["--restore", "r.jsonl.tags.csv"]);
    assert!(
        twice.err.contains("0 restored, 4 as they are"),
        "{}",
        twice.err
    );
}

#[test]
fn what_is_tagged_stays_unless_it_is_to_be_replaced() {
    let root = judged();
    let at = root.path();
    // As if somebody had said another mood.
    let results = fs::read_to_string(at.join("r.jsonl")).unwrap();
    fs::write(
        at.join("sad.jsonl"),
        results.replace("\"mood\":\"calm\"", "\"mood\":\"sad\""),
    )
    .unwrap();
    assert_eq!(tag(at, &["sad.jsonl"]).code, 0);
    let run = tag(at, &["r.jsonl"]);
    let changes = rows(&run.out);
    assert!(changes.iter().all(|row| row[1] == "comment"), "{changes:?}");
    let run = tag(at, &["r.jsonl", "--overwrite"]);
    let moods: Vec<_> = rows(&run.out)
        .into_iter()
        .filter(|row| row[1] == "mood")
        .collect();
    assert_eq!(moods.len(), 4, "{}", run.out);
    assert!(
        moods.iter().all(|row| row[2..] == ["sad", "calm"]),
        "{moods:?}"
    );
}

#[test]
fn another_song_under_the_name_is_not_tagged() {
    let root = judged();
    let at = root.path();
    write_tone(&at.join("other.wav"), 300.0);
    fs::copy(data("beat/beat.mp3"), at.join("songs/sweep.mp3")).unwrap();
    fs::remove_file(at.join("songs/sweep.ogg")).unwrap();
    let run = tag(at, &["r.jsonl"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(
        run.err.contains("sweep.mp3: it is not as long"),
        "{}",
        run.err
    );
    assert!(run.err.contains("sweep.ogg: "), "{}", run.err);
    assert!(
        run.err.contains("2 tagged, 0 as they are, 2 failed"),
        "{}",
        run.err
    );
}

#[test]
fn playlists_are_by_mood_or_by_rule_and_from_a_root() {
    let root = judged();
    let at = root.path();
    let run = undertone(
        at,
        &["playlists", "r.jsonl", "--out", "lists", "--root", "songs"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let calm = fs::read_to_string(at.join("lists/calm.m3u8")).unwrap();
    assert!(
        calm.starts_with("#EXTM3U\n#EXTINF:4,sweep\nb/sweep.m4a\n"),
        "{calm}"
    );
    assert_eq!(calm.lines().count(), 9);
    let sad = fs::read_to_string(at.join("lists/sad.m3u8")).unwrap();
    assert_eq!(sad, "#EXTM3U\n");

    let rules = ["--where", "mood=calm", "--where", "duration_s<10"];
    let arguments = ["playlists", "r.jsonl", "--name", "short"];
    let run = undertone(at, &[&arguments[..], &rules].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let short = fs::read_to_string(at.join("short.m3u8")).unwrap();
    assert!(short.contains("\nsongs/b/sweep.m4a\n"), "{short}");
    let none = undertone(at, &[&arguments[..], &["--where", "mood=sad"]].concat());
    assert_eq!(none.code, 1);
    assert!(none.err.contains("no song is to be listed"), "{}", none.err);
    let wrong = undertone(at, &[&arguments[..], &["--where", "mood"]].concat());
    assert_eq!(wrong.code, 64, "{}", wrong.err);
}

/// The next result of that file; others may come twice, as a new folder's do.
fn next_of(lines: &mut Lines<BufReader<ChildStdout>>, name: &str) -> Value {
    loop {
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        if line["file"].as_str().unwrap().ends_with(name) {
            return line;
        }
    }
}

#[test]
fn a_watched_folder_is_judged_as_it_changes() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    models::write(&at.join("m"));
    write_tone(&at.join("songs/a.wav"), 200.0);
    let arguments = [
        "watch", "songs", "--models", "m", "--quiet", "1", "--store", "v",
    ];
    let mut run = command(at, at)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let first = next_of(&mut lines, "songs/a.wav");
    fs::write(at.join("songs/cover.jpg"), "no song").unwrap();
    write_tone(&at.join("songs/new/b.wav"), 300.0);
    assert_eq!(next_of(&mut lines, "songs/new/b.wav")["status"], "ok");
    write_tone(&at.join("songs/a.wav"), 400.0);
    let third = next_of(&mut lines, "songs/a.wav");
    assert_ne!(third["sha256"], first["sha256"]);
    run.kill().unwrap();
    run.wait().unwrap();
    let after = predict(at, &["songs", "--store", "v"]);
    assert!(after.err.contains("0 judged, 2 kept"), "{}", after.err);
}

#[test]
fn completions_and_manual_pages_are_written() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    let shell = undertone(at, &["completions", "bash"]);
    assert!(shell.out.contains("playlists"), "{}", shell.out);
    assert_eq!(undertone(at, &["man", "man"]).code, 0);
    let page = fs::read_to_string(at.join("man/undertone-judge.1")).unwrap();
    assert!(page.contains("\\-\\-jobs"), "{page}");
    let wrong = undertone(at, &["train"]);
    assert_eq!(wrong.code, 64);
}

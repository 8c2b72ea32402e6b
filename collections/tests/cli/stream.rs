//! `trainer predict -`: answers to other programs.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::predict::{predict, scene};
use super::{Run, command};

/// Runs the program with that on stdin.
fn ask(root: &Path, arguments: &[&str], requests: &[u8]) -> Run {
    let mut run = command(root, root)
        .args(["judge", "--models", "m", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    run.stdin.take().unwrap().write_all(requests).unwrap();
    run.wait_with_output().unwrap().into()
}

fn answers(run: &Run) -> Vec<Value> {
    let lines = run.out.lines().map(serde_json::from_str);
    lines.map(Result::unwrap).collect()
}

#[test]
fn paths_and_bytes_get_the_verdict_of_the_file() {
    let root = scene();
    let bytes = fs::read(root.path().join("songs/high.wav")).unwrap();
    let sound = STANDARD.encode(bytes);
    let requests = [
        "songs/high.wav".to_owned(),
        json!({"id": 7, "path": "songs/high.wav"}).to_string(),
        json!({"id": {"any": "thing"}, "bytes": sound, "name": "x.wav"}).to_string(),
    ];
    let run = ask(root.path(), &[], requests.join("\n").as_bytes());
    assert_eq!(run.code, 0, "{}", run.err);
    let answers = answers(&run);
    assert!(answers.iter().all(|answer| answer["protocol"] == 1));
    assert_eq!(answers[0].get("id"), None);
    assert_eq!(answers[1]["id"], 7);
    assert_eq!(answers[2]["id"], json!({"any": "thing"}));
    assert_eq!(answers[2]["file"], "x.wav");
    let file = predict(root.path(), &["songs/high.wav", "--format", "jsonl"]);
    let file: Value = serde_json::from_str(&file.out).unwrap();
    for answer in &answers {
        assert_eq!(answer["report"], file["report"]);
        assert_eq!(answer["sha256"], file["sha256"]);
    }
}

#[test]
fn a_line_that_is_wrong_is_answered_by_a_line() {
    let root = scene();
    let requests = b"{\"id\": 1\n{\"id\": 2, \"path\": \"gone.mp3\"}\n{\"id\": 3, \"path\": \"songs/high.wav\"}\nsongs\n";
    let run = ask(root.path(), &[], requests);
    assert_eq!(run.code, 2, "{}", run.err);
    let answers = answers(&run);
    assert_eq!(answers[0]["error"]["kind"], "request");
    assert_eq!(answers[0]["file"], "line 1");
    assert_eq!(answers[1]["id"], 2);
    assert_eq!(answers[1]["error"]["kind"], "unreadable");
    assert_eq!(answers[2]["status"], "ok");
    assert_eq!(answers[3]["error"]["message"], "it is a folder");
    assert_eq!(
        run.err
            .lines()
            .filter(|line| line.starts_with("failed"))
            .count(),
        3
    );
}

#[test]
fn a_process_answers_before_the_next_question() {
    let root = scene();
    let mut run = command(root.path(), root.path())
        .args(["judge", "--models", "m", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut questions = run.stdin.take().unwrap();
    let mut answers = BufReader::new(run.stdout.take().unwrap());
    for id in 0..3 {
        writeln!(questions, "{}", json!({"id": id, "path": "songs/high.wav"})).unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["id"], id);
    }
    drop(questions);
    assert!(run.wait().unwrap().success());
}

#[test]
fn paths_may_end_with_a_zero_byte_and_answers_have_any_form() {
    let root = scene();
    fs::rename(
        root.path().join("songs/high.wav"),
        root.path().join("songs/a\nb.wav"),
    )
    .unwrap();
    let arguments = ["--null", "--format", "csv"];
    let run = ask(
        root.path(),
        &arguments,
        b"songs/a\nb.wav\0songs/album/low.wav\0",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let mut csv = csv::Reader::from_reader(run.out.as_bytes());
    let files: Vec<String> = csv
        .records()
        .map(|row| row.unwrap()[0].to_owned())
        .collect();
    assert_eq!(files, ["songs/a\nb.wav", "songs/album/low.wav"]);
    let run = ask(root.path(), &["songs"], b"");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("- stands alone"), "{}", run.err);
}

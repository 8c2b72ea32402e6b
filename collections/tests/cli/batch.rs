//! `undertone judge` over many songs: threads, the store, and what may get in the way.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::predict::{entries, predict, scene};
use super::sounds::{Coding, tone, write_tone, write_wav};
use super::{Run, command, data, models, undertone};

/// So many songs, each of another pitch.
fn many(root: &Path, songs: u8) {
    models::write(&root.join("m"));
    for song in 0..songs {
        write_tone(
            &root.join(format!("songs/{song:02}.wav")),
            150.0 + 20.0 * f32::from(song),
        );
    }
}

fn kept(root: &Path, more: &[&str]) -> Run {
    let arguments = ["songs", "--store", "v.sqlite", "--format", "jsonl"];
    predict(root, &[&arguments, more].concat())
}

/// Whether the last line tells those numbers of judged and kept songs.
fn tells(run: &Run, judged: usize, kept: usize) -> bool {
    let line = format!("{judged} judged, {kept} kept from before,");
    run.err.lines().last().unwrap().starts_with(&line)
}

/// A run that writes lines, with the store `v.sqlite`.
fn start(root: &Path) -> Child {
    let arguments = ["judge", "--models", "m", "songs", "--store", "v.sqlite"];
    command(root, root)
        .args(arguments)
        .args(["--format", "jsonl", "--jobs", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn threads_change_neither_results_nor_their_order() {
    let root = tempfile::tempdir().unwrap();
    many(root.path(), 12);
    let bad = data("bad/text.mp3");
    fs::copy(bad, root.path().join("songs/05b.mp3")).unwrap();
    let runs = ["1", "4"].map(|jobs| {
        predict(
            root.path(),
            &["songs", "--jobs", jobs, "--format", "json", "--no-store"],
        )
    });
    assert_eq!(runs[0].code, 2, "{}", runs[0].err);
    assert_eq!(runs[0].out, runs[1].out);
    let entries = entries(&runs[1]);
    let files = entries.iter().map(|entry| entry["file"].as_str().unwrap());
    assert!(files.is_sorted());
    assert_eq!(entries.len(), 13);
}

#[test]
fn a_second_run_asks_only_for_what_is_new_or_changed() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    many(at, 4);
    fs::copy(data("bad/text.mp3"), at.join("songs/bad.mp3")).unwrap();
    let first = kept(at, &[]);
    assert!(tells(&first, 4, 0), "{}", first.err);
    let second = kept(at, &[]);
    assert!(tells(&second, 0, 4), "{}", second.err);
    assert_eq!((second.code, &second.out), (2, &first.out));

    // The same song elsewhere is known by its contents; another in its place is not.
    fs::rename(at.join("songs/00.wav"), at.join("songs/moved.wav")).unwrap();
    write_wav(
        &at.join("songs/01.wav"),
        8_000,
        1,
        &tone(8_000, 5.0, 999.0),
        Coding::Integer,
    );
    write_tone(&at.join("songs/new.wav"), 1_234.0);
    let third = kept(at, &[]);
    assert!(tells(&third, 2, 3), "{}", third.err);

    let fresh = kept(at, &["--fresh"]);
    assert!(tells(&fresh, 5, 0), "{}", fresh.err);
    assert_eq!(fresh.out, third.out);
    // Other models, other verdicts; those of the first are still there.
    let card = fs::read(at.join("m/mood.json")).unwrap();
    let weight = ["verdict", "network_weight"];
    models::edit_card(&at.join("m/mood.json"), &weight, 0.9.into());
    assert!(tells(&kept(at, &[]), 5, 0));
    fs::write(at.join("m/mood.json"), card).unwrap();
    assert!(tells(&kept(at, &[]), 0, 5));
}

#[test]
fn without_a_word_the_store_lies_in_the_users_cache() {
    let root = scene();
    let run = || -> Run {
        let mut program = command(root.path(), &root.path().join("cache"));
        program
            .args(["judge", "--models", "m", "songs"])
            .output()
            .unwrap()
            .into()
    };
    assert!(tells(&run(), 2, 0));
    assert!(tells(&run(), 0, 2));
    assert!(
        root.path()
            .join("cache/undertone/verdicts.sqlite")
            .is_file()
    );
    let unkept = predict(root.path(), &["songs", "--no-store"]);
    assert!(tells(&unkept, 2, 0), "{}", unkept.err);
}

#[test]
fn a_run_that_is_killed_loses_no_song_that_it_has_told() {
    let root = tempfile::tempdir().unwrap();
    many(root.path(), 30);
    let mut run = start(root.path());
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let told: Vec<String> = lines.by_ref().take(3).map(Result::unwrap).collect();
    run.kill().unwrap();
    run.wait().unwrap();
    let again = kept(root.path(), &[]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.lines().take(3).eq(&told));
    assert_eq!(again.out.lines().count(), 30);
    let counts = again.err.lines().last().unwrap();
    let kept: usize = counts.split(' ').nth(2).unwrap().parse().unwrap();
    assert!(kept >= 3, "{counts}");
}

#[test]
fn two_runs_at_once_do_no_harm() {
    let root = tempfile::tempdir().unwrap();
    many(root.path(), 10);
    let runs = [start(root.path()), start(root.path())];
    let outputs = runs.map(|run| run.wait_with_output().unwrap());
    assert!(outputs.iter().all(|output| output.status.success()));
    assert_eq!(outputs[0].stdout, outputs[1].stdout);
    assert!(tells(&kept(root.path(), &[]), 0, 10));
}

#[test]
fn a_reader_that_leaves_ends_the_run() {
    let root = tempfile::tempdir().unwrap();
    many(root.path(), 40);
    let mut run = start(root.path());
    let mut reader = BufReader::new(run.stdout.take().unwrap());
    reader.read_line(&mut String::new()).unwrap();
    drop(reader);
    assert!(run.wait().unwrap().success());
    let again = kept(root.path(), &[]);
    assert!(!tells(&again, 0, 40), "it went on: {}", again.err);
}

#[test]
fn an_array_is_whole_where_the_run_breaks_off() {
    let root = scene();
    fs::copy(data("bad/text.mp3"), root.path().join("songs/z.mp3")).unwrap();
    let run = predict(root.path(), &["songs", "--format", "json", "--strict"]);
    assert_eq!(run.code, 1);
    assert_eq!(entries(&run).len(), 2);
    let run = predict(root.path(), &["songs", "--out", "r.json", "--strict"]);
    assert_eq!(run.code, 1);
    assert!(!root.path().join("r.json").exists(), "half a file");
}

#[cfg(unix)]
#[test]
fn what_is_no_song_is_a_line_and_stops_nothing() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    let root = scene();
    let at = root.path();
    let odd = std::ffi::OsStr::from_bytes(b"songs/\xff.wav");
    write_tone(&at.join(odd), 500.0);
    symlink(at.join("songs"), at.join("songs/album/loop")).unwrap();
    let _socket = UnixListener::bind(at.join("songs/socket.mp3")).unwrap();
    let run = predict(at, &["gone.mp3", "songs", "--format", "jsonl"]);
    assert_eq!(run.code, 2, "{}", run.err);
    let lines: Vec<serde_json::Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |name: &str| {
        let mut lines = lines.iter();
        lines
            .find(|line| line["file"].as_str().unwrap().ends_with(name))
            .unwrap()
    };
    assert_eq!(of("gone.mp3")["error"]["kind"], "unreadable");
    assert_eq!(of("socket.mp3")["error"]["kind"], "unreadable");
    assert_eq!(of("loop")["error"]["kind"], "unreadable");
    assert_eq!(of("\u{fffd}.wav")["status"], "ok");
    assert_eq!(lines.len(), 6);
    let told = run.err.lines().filter(|line| line.starts_with("failed: "));
    assert_eq!(told.count(), 3, "{}", run.err);
}

#[test]
fn a_song_that_changes_while_it_is_read_has_no_verdict() {
    let root = scene();
    let song = root.path().join("songs/high.wav");
    let is_over = AtomicBool::new(false);
    let run = thread::scope(|scope| {
        scope.spawn(|| {
            let mut song = OpenOptions::new().append(true).open(&song).unwrap();
            for _ in 0..60_000 {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                song.write_all(&[0]).unwrap();
                thread::sleep(Duration::from_millis(1));
            }
        });
        let run = kept(root.path(), &[]);
        is_over.store(true, Ordering::Relaxed);
        run
    });
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(
        run.err.contains("high.wav: the file changed"),
        "{}",
        run.err
    );
    // Not even under the contents that were hashed.
    let store = rusqlite::Connection::open(root.path().join("v.sqlite")).unwrap();
    let count = "SELECT count(*) FROM verdicts";
    assert_eq!(
        store
            .query_row(count, [], |row| row.get::<_, i64>(0))
            .unwrap(),
        1
    );
    assert!(tells(&kept(root.path(), &[]), 1, 1));
}

#[test]
fn a_store_that_is_none_is_refused_before_the_first_song() {
    let root = scene();
    fs::write(root.path().join("v.sqlite"), "no store ".repeat(100)).unwrap();
    let run = kept(root.path(), &[]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("v.sqlite can't be opened"), "{}", run.err);
    assert!(run.err.contains("--no-store"), "{}", run.err);
    let run = undertone(root.path(), &["judge", "songs", "--fresh", "--no-store"]);
    assert_eq!(run.code, 64);
}

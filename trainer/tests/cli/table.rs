//! `trainer clean`, `overview` and `vectors` on a small table.

use std::fs;
use std::path::Path;

use crate::trainer;

/// A table of four sounds: one of them twice, one that is no sound.
fn write_table(folder: &Path) {
    let data = crate::data("");
    let row = |id: &str, mood: &str, file: &str| {
        format!("{id},{mood},0.5,{}\n", data.join(file).display())
    };
    let table = [
        "id,mood,energy,path\n".to_owned(),
        row("wav", "calm", "audio/sweep.wav"),
        row("mp3", "calm", "audio/sweep.mp3"),
        row("song", "happy", "song/song.ogg"),
        row("text", "sad", "bad/text.mp3"),
    ];
    fs::write(folder.join("songs.csv"), table.concat()).unwrap();
}

#[test]
fn a_table_becomes_vectors() {
    let folder = tempfile::tempdir().unwrap();
    write_table(folder.path());
    let run = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        trainer(folder.path(), &words)
    };

    let overview = run("overview --songs songs.csv --json overview.json");
    assert_eq!(overview.code, 0, "{}", overview.err);
    assert!(overview.out.contains("labels: "), "{}", overview.out);
    let json = fs::read_to_string(folder.path().join("overview.json")).unwrap();
    assert!(json.contains("\"songs\": 4"), "{json}");

    let clean = run("clean --songs songs.csv --out clean --work work");
    assert_eq!(clean.code, 0, "{}", clean.err);
    assert!(clean.out.contains("= kept"), "{}", clean.out);
    let dropped = fs::read_to_string(folder.path().join("clean/dropped.csv")).unwrap();
    assert!(dropped.contains("mp3,calm,duplicate"), "{dropped}");
    assert!(dropped.contains("text,sad,gap"), "{dropped}");

    let line = "vectors --songs clean/songs_clean.csv --out clean --duration 2 --png --work work";
    let vectors = run(line);
    assert_eq!(vectors.code, 0, "{}", vectors.err);
    let (made, again) = (
        "2 mel vectors [128, 87] made",
        "0 mel vectors [128, 87] made, 2 there",
    );
    vectors.says(made);
    let file = |name: &str| folder.path().join("clean").join(name);
    assert!(file("calm_vectors/wav.npy").is_file());
    assert!(file("calm_vectors/wav.png").is_file());
    let second = run(line);
    second.says(again);
}

/// The vectors of a table.
const VECTORS: [&str; 5] = ["vectors", "--songs", "songs.csv", "--out", "v"];

#[test]
fn a_song_without_a_vector_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write_table(folder.path());
    let run = trainer(folder.path(), &[&VECTORS[..], &["--work", "w"]].concat());
    assert_eq!(run.code, 2, "{}", run.err);
    run.says("no vector: text: ");
    run.says("too short, zeros follow");
}

#[test]
fn an_impossible_recipe_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    write_table(folder.path());
    let run = trainer(
        folder.path(),
        &[&VECTORS[..], &["--hop-length", "0"]].concat(),
    );
    assert_eq!(run.code, 1);
    run.says("the hop is 0");
    assert!(!folder.path().join("v").exists());
}

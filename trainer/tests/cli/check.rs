//! `trainer check`.

use std::fs;
use std::path::Path;

use super::sounds::{Coding, write_wav};
use super::trainer;

const RATE: u32 = 16_000;

/// Sixteen seconds of the chords C, F, G7, C at 120 BPM, a chord a bar of four beats, the
/// first of which is louder.
fn write_chords(path: &Path) {
    let chords = [[48, 64, 67], [53, 65, 69], [55, 65, 71], [48, 64, 67]];
    let samples: Vec<f32> = (0..16 * RATE)
        .map(|n| {
            let t = n as f32 / RATE as f32;
            let beat = (2.0 * t) as usize;
            let level = if beat.is_multiple_of(4) { 0.3 } else { 0.15 };
            let decay = level * (-6.0 * (t % 0.5)).exp();
            let notes = chords[beat / 4 % 4].iter();
            let tones = notes.map(|&note| {
                let hertz = 440.0 * ((note as f32 - 69.0) / 12.0).exp2();
                let partial = |k: f32| (std::f32::consts::TAU * k * hertz * t).sin() / k;
                (1..6).map(|k| partial(k as f32)).sum::<f32>()
            });
            decay * tones.sum::<f32>()
        })
        .collect();
    write_wav(path, RATE, 1, &samples, Coding::Integer);
}

/// The scores in the table's line of that name.
fn scores(table: &str, name: &str) -> Vec<String> {
    let line = table.lines().find(|line| line.contains(name)).unwrap();
    let cells = line.split('|').map(|cell| cell.trim().to_owned());
    cells.filter(|cell| !cell.is_empty()).skip(1).collect()
}

#[test]
fn what_is_known_is_compared_with_what_is_heard() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    write_chords(&at.join("sounds/right.wav"));
    write_chords(&at.join("sounds/wrong.wav"));
    fs::write(at.join("sounds/broken.wav"), "RIFF").unwrap();
    let truth = "file,tempo_bpm,key,mode,time_signature,collection\n\
                 right,120,0,1,4/4,true\n\
                 wrong,60,9,0,3/4,false\n\
                 broken,120,0,1,4/4,broken\n";
    fs::write(at.join("truth.csv"), truth).unwrap();
    let arguments = ["check", "--truth", "truth.csv", "--audio", "sounds"];
    let run = trainer(at, &arguments);
    assert_eq!(run.code, 2, "{}", run.err);
    run.says("broken.wav");
    let right = scores(&run.out, "true");
    assert!(
        right.iter().filter(|score| *score == "1.000").count() >= 4,
        "{}",
        run.out
    );
    // Half the tempo is right by accuracy 2 only, A minor scores 0.3 for C major.
    let wrong = scores(&run.out, "false");
    for score in ["0.000", "1.000", "0.300"] {
        assert!(wrong.iter().any(|cell| cell == score), "{}", run.out);
    }
}

#[test]
fn where_nothing_can_be_measured_the_first_reason_is_given() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.wav"), "RIFF").unwrap();
    for (lines, words) in [("a,120\n", "a.wav: "), ("", "no lines")] {
        fs::write(
            root.path().join("truth.csv"),
            format!("file,tempo_bpm\n{lines}"),
        )
        .unwrap();
        let run = trainer(root.path(), &["check", "--truth", "truth.csv"]);
        assert_eq!(run.code, 1);
        run.says(words);
    }
}

#[test]
fn a_table_without_truth_is_refused() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("truth.csv"), "file,mood\na.wav,sad\n").unwrap();
    let run = trainer(root.path(), &["check", "--truth", "truth.csv"]);
    assert_eq!(run.code, 1);
    for words in ["tempo_bpm", "time_signature", "hint: "] {
        run.says(words);
    }
}

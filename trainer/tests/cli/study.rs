//! `trainer study` from songs to report.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use ndarray::Array2;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use super::sounds::{MOODS, write_tunes};
use super::{Run, data, trainer};

pub const HEADER: &str = "id,artist,track_name,danceability,energy,key,loudness,mode,speechiness,\
    acousticness,instrumentalness,liveness,valence,tempo,duration_ms,time_signature,mood\n";

/// Artists of the made-up table, with [`SONGS`] songs each.
const ARTISTS: usize = 40;
const SONGS: usize = 4;

/// What every system of the made-up table is called.
const SYSTEMS: [&str; 17] = [
    "8-node net",
    "SVM (SMOTE)",
    "SVM (first)",
    "SVM (grid)",
    "SVM (grid, SMOTE)",
    "decision tree (SMOTE)",
    "decision tree (first)",
    "decision tree (grid)",
    "decision tree (grid, SMOTE)",
    "logistic regression",
    "majority",
    "random forest (SMOTE)",
    "random forest (first)",
    "random forest (grid)",
    "random forest (grid, SMOTE)",
    "stack",
    "stack (SMOTE)",
];

const REPORTS: [&str; 3] = ["report.json", "report.md", "report.html"];

/// The study of `songs.csv` that most tests run.
const STUDY: [&str; 11] = [
    "study",
    "--songs",
    "songs.csv",
    "--work",
    "w",
    "--tasks",
    "binary",
    "--folds",
    "3",
    "--epochs",
    "3",
];

/// Invented songs, one line each: energy and valence tell the moods apart, but not well.
pub fn songs() -> Vec<String> {
    let mut rng = StdRng::seed_from_u64(1);
    let mut noise = |spread: f64| {
        let drawn: f64 = (0..3).map(|_| rng.random_range(-1.0..1.0)).sum();
        spread * drawn
    };
    let share = |value: f64| value.clamp(0.01, 0.99);
    (0..ARTISTS * SONGS)
        .map(|song| {
            let artist = song / SONGS;
            // Most artists have a mood of their own; the last song is of another.
            let mood = (artist + usize::from(song % SONGS == SONGS - 1)) % MOODS.len();
            let energy = [0.3, 0.35, 0.65, 0.85][mood];
            let valence = [0.2, 0.55, 0.75, 0.5][mood];
            format!(
                "id{song},Artist {artist},Song {song},{:.3},{:.3},{},{:.2},{},{:.3},{:.3},{:.3},\
                 {:.3},{:.3},{:.2},{:.0},4,{}\n",
                share(0.5 + noise(0.15)),
                share(energy + noise(0.12)),
                song % 12,
                -14.0 + 10.0 * energy + noise(2.0),
                song % 2,
                share(0.1 + noise(0.04)),
                share(1.0 - energy + noise(0.15)),
                share(0.2 + noise(0.1)),
                share(0.2 + noise(0.1)),
                share(valence + noise(0.12)),
                100.0 + 40.0 * energy + noise(15.0),
                200_000.0 + noise(30_000.0),
                MOODS[mood]
            )
        })
        .collect()
}

/// The songs of some moods as a table.
pub fn table_of(moods: &[&str]) -> String {
    let ends = |song: &String| {
        moods
            .iter()
            .any(|mood| song.ends_with(&format!(",{mood}\n")))
    };
    let songs: String = songs().into_iter().filter(ends).collect();
    format!("{HEADER}{songs}")
}

/// A folder with the whole table in it, as `songs.csv`.
pub fn scene() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("songs.csv"), table_of(&MOODS)).unwrap();
    root
}

/// The folder of the finished folds of `w/study/NAME`.
fn runs_of(root: &Path, name: &str) -> Option<PathBuf> {
    let mut entries = fs::read_dir(root.join("w/study").join(name)).ok()?;
    entries.find_map(|entry| {
        let path = entry.ok()?.path();
        let name = path.file_name()?.to_string_lossy().into_owned();
        name.starts_with("runs-").then_some(path)
    })
}

/// Every file below a folder with the time of its last change.
fn stamps(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let changed = entry.metadata().unwrap().modified().unwrap();
            (entry.into_path(), changed)
        })
        .collect()
}

fn reports(root: &Path) -> [Vec<u8>; 3] {
    REPORTS.map(|name| fs::read(root.join("w/study/report").join(name)).unwrap())
}

fn report(root: &Path) -> Value {
    serde_json::from_slice(&reports(root)[0]).unwrap()
}

/// A report without what depends on the machine's speed.
fn timeless(mut report: Value) -> Value {
    match &mut report {
        Value::Object(fields) => {
            fields.retain(|name, _| !name.starts_with("seconds"));
            for value in fields.values_mut() {
                *value = timeless(value.take());
            }
        }
        Value::Array(values) => {
            for value in values {
                *value = timeless(value.take());
            }
        }
        _ => {}
    }
    report
}

/// The systems of the report's only task by name.
fn systems(report: &Value) -> BTreeMap<&str, &Value> {
    let [task] = report["tasks"].as_array().unwrap().as_slice() else {
        panic!("expected one task");
    };
    let systems = task["systems"].as_array().unwrap().iter();
    systems
        .map(|system| (system["name"].as_str().unwrap(), system))
        .collect()
}

fn macro_f1(system: &Value) -> f64 {
    system["scores"]["macro_f1"].as_f64().unwrap()
}

#[test]
fn a_table_becomes_a_report_and_nothing_is_done_twice() {
    let root = scene();
    let table = root.path().join("songs.csv");
    let mut text = fs::read_to_string(&table).unwrap();
    let one = songs().swap_remove(0);
    // The first song under another id, one song in two moods, one without energy.
    text += &one.replace("id0,", "again,");
    for mood in ["sad", "happy"] {
        let two = one.replace("id0,Artist 0,Song 0,", "two,Artist 90,Two moods,");
        text += &two.replace(",sad\n", &format!(",{mood}\n"));
    }
    text += "gap,Artist 91,Gap,0.5,,1,-9,1,0.1,0.5,0.2,0.2,0.5,120,200000,4,sad\n";
    fs::write(&table, text).unwrap();

    let run = trainer(root.path(), &STUDY);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out, "");
    let report = report(root.path());
    let systems = systems(&report);
    assert!(systems.keys().eq(SYSTEMS.iter()), "{:?}", systems.keys());
    let majority = macro_f1(systems["majority"]);
    for (name, system) in &systems {
        assert_eq!(system["folds"].as_array().unwrap().len(), 3, "{name}");
        assert_eq!(system["scores"]["n"], ARTISTS * SONGS, "{name}");
        if *name != "majority" {
            let score = macro_f1(system);
            assert!(
                score > majority + 0.1,
                "{name}: {score}, majority {majority}"
            );
        }
    }
    let [_, markdown, html] = reports(root.path()).map(|text| String::from_utf8(text).unwrap());
    assert!(markdown.starts_with("# The mood of songs: a study\n"));
    assert!(html.starts_with("<!doctype html>"), "{}", &html[..80]);
    assert!(html.trim_end().ends_with("</html>"));
    for name in SYSTEMS {
        assert!(markdown.contains(name) && html.contains(name), "{name}");
    }
    stages_are_there(root.path());

    let (first, runs) = (reports(root.path()), runs_of(root.path(), "songs").unwrap());
    let before = stamps(&runs);
    let again = trainer(root.path(), &STUDY);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(stamps(&runs), before);
    assert!(reports(root.path()) == first, "the reports differ");
    let worked = again.err.contains(", fold ") || again.err.contains(", epoch ");
    assert!(!worked, "{}", again.err);
}

/// The stages of the cleaning and the folds.
fn stages_are_there(root: &Path) {
    let read = |name: &str| fs::read_to_string(root.join("w/study/songs").join(name)).unwrap();
    let lines = |name: &str| read(name).lines().count() - 1;
    for mood in MOODS {
        assert_eq!(
            lines(&format!("{mood}_no_duplicates_no_nan.csv")),
            40,
            "{mood}"
        );
    }
    assert_eq!((lines("sad.csv"), lines("sad_no_duplicates.csv")), (43, 41));
    assert_eq!((lines("songs_clean.csv"), lines("conflicts.csv")), (160, 2));
    let dropped = read("dropped.csv");
    for song in [
        "again,sad,duplicate,",
        "two,happy,conflict,",
        "gap,sad,gap,",
    ] {
        assert!(dropped.contains(song), "{dropped}");
    }
    let overview: Value = serde_json::from_str(&read("overview.json")).unwrap();
    assert_eq!(overview["songs"], ARTISTS * SONGS);

    let mut folds_of: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    let folds = read("folds.csv");
    for line in csv::Reader::from_reader(folds.as_bytes()).records() {
        let line = line.unwrap();
        let song: usize = line[1].strip_prefix("id").unwrap().parse().unwrap();
        let fold = line[3].parse().unwrap();
        folds_of.entry(song / SONGS).or_default().push(fold);
    }
    assert_eq!(folds_of.len(), ARTISTS);
    for (artist, folds) in &folds_of {
        assert_eq!(folds, &[folds[0]; SONGS], "artist {artist}");
    }
    let mut used: Vec<u8> = folds_of.into_values().flatten().collect();
    used.sort_unstable();
    used.dedup();
    assert_eq!(used, [0, 1, 2]);
}

#[test]
fn a_killed_study_goes_on_to_the_same_report() {
    let (whole, killed) = (scene(), scene());
    let undisturbed = trainer(whole.path(), &STUDY);
    assert_eq!(undisturbed.code, 0, "{}", undisturbed.err);

    let mut study = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args(STUDY)
        .current_dir(killed.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let reached = || {
        let file = "binary/random-forest-first/fold-0.json";
        runs_of(killed.path(), "songs").is_some_and(|runs| runs.join(file).is_file())
    };
    while !reached() && started.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_millis(2));
    }
    study.kill().unwrap();
    study.wait().unwrap();
    assert!(reached());
    assert!(!killed.path().join("w/study/report").exists());

    let resumed = trainer(killed.path(), &STUDY);
    assert_eq!(resumed.code, 0, "{}", resumed.err);
    let done = |run: &Run, what: &str| run.err.contains(what);
    for (what, again) in [
        ("SVM (first), binary, fold 0", false),
        ("random forest (first), binary, fold 1", true),
    ] {
        assert!(done(&undisturbed, what), "{}", undisturbed.err);
        assert_eq!(done(&resumed, what), again, "{}", resumed.err);
    }
    let [whole, resumed] = [whole, killed].map(|root| timeless(report(root.path())));
    assert!(whole == resumed, "the reports differ");
}

#[test]
fn sounds_become_spectrograms_and_a_network() {
    let root = tempfile::tempdir().unwrap();
    write_tunes(root.path(), 12);
    fs::copy(data("bad/text.mp3"), root.path().join("mine/sad/text.mp3")).unwrap();
    let run = trainer(
        root.path(),
        &["import", "--data", "mine", "--out", "mine.csv"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let run = trainer(
        root.path(),
        &[
            "study",
            "--songs",
            "mine.csv",
            "--work",
            "w",
            "--net",
            "Conv, rectangular",
            "--net-tasks",
            "binary",
            "--tasks",
            "binary",
            "--folds",
            "3",
            "--net-folds",
            "1",
            "--epochs",
            "1",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let named = "left out: mine/sad/text.mp3: no sound: the file can't be decoded";
    run.says(named);

    for mood in MOODS {
        let folder = root.path().join(format!("w/study/mine/{mood}_vectors"));
        let files: Vec<PathBuf> = stamps(&folder).into_keys().collect();
        assert_eq!(files.len(), 12, "{files:?}");
        for file in files {
            let values: Array2<f32> = ndarray_npy::read_npy(file).unwrap();
            assert_eq!(values.dim(), (128, 1292));
        }
    }
    let report = report(root.path());
    let systems = systems(&report);
    assert_eq!(systems.len(), SYSTEMS.len() + 1);
    let net = systems["Conv, rectangular"];
    assert_eq!(net["folds"].as_array().unwrap().len(), 1);
    let model = "binary/conv-rectangular/fold-0/model.onnx";
    let model = runs_of(root.path(), "mine").unwrap().join(model);
    assert_eq!(net["model_bytes"], model.metadata().unwrap().len());
    assert_eq!(systems["SVM (first)"]["scores"]["n"], 48);
}

#[test]
fn the_folds_of_the_table_are_taken() {
    let root = tempfile::tempdir().unwrap();
    let fold = |song: usize| song / SONGS % 4;
    let lines = songs().into_iter().enumerate();
    let lines = lines.map(|(song, line)| format!("{},{line}", fold(song)));
    let table = format!("fold,{HEADER}{}", lines.collect::<String>());
    fs::write(root.path().join("songs.csv"), table).unwrap();
    for (more, count, published) in [(&[][..], 4, true), (&["--folds", "3"], 3, false)] {
        let run = trainer(root.path(), &[&STUDY[..7], more].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let folds = fs::read(root.path().join("w/study/songs/folds.csv")).unwrap();
        let mut folds = csv::Reader::from_reader(folds.as_slice());
        let places = folds.records().map(Result::unwrap);
        let places: Vec<usize> = places.map(|line| line[3].parse().unwrap()).collect();
        assert_eq!(places.iter().max(), Some(&(count - 1)));
        let same = places
            .iter()
            .enumerate()
            .all(|(song, of)| *of == fold(song));
        assert_eq!(same, published);
        let report = report(root.path());
        for (name, system) in systems(&report) {
            assert_eq!(system["folds"].as_array().unwrap().len(), count, "{name}");
        }
        let named = "The folds that the table of songs names";
        assert_eq!(report.to_string().contains(named), published);
    }
}

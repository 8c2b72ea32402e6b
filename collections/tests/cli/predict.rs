//! `undertone judge`.

use std::fs;
use std::path::Path;

use undertone::card::sha256_hex;

use super::sounds::{Coding, MIDI, tone, write_tone, write_wav};
use super::{Run, data, models, undertone};

/// A folder with models and songs in it.
pub fn scene() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    models::write(&root.path().join("m"));
    write_tone(&root.path().join("songs/album/low.wav"), 200.0);
    write_tone(&root.path().join("songs/high.wav"), 3_000.0);
    root
}

pub fn predict(root: &Path, arguments: &[&str]) -> Run {
    undertone(root, &[&["judge", "--models", "m"], arguments].concat())
}

/// The entries of `--format json`.
pub fn entries(run: &Run) -> Vec<serde_json::Value> {
    serde_json::from_str(&run.out).unwrap()
}

#[test]
fn folders_are_judged_to_the_bottom_in_all_three_forms() {
    let root = scene();
    let run = predict(root.path(), &["songs", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let json = entries(&run);
    assert_eq!(json.len(), 2);
    assert_eq!(json[0]["file"], "songs/album/low.wav");
    assert_eq!(json[0]["status"], "ok");
    let report = &json[0]["report"];
    assert_eq!(report["mood"], "calm");
    assert_eq!(report["duration_s"], 4.0);
    let sum: f64 = report["moods"]
        .as_object()
        .unwrap()
        .values()
        .map(|p| p.as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-5);
    assert_eq!(report["models"]["network"].as_str().unwrap().len(), 64);

    let run = predict(root.path(), &["songs", "--format", "csv"]);
    let mut csv = csv::Reader::from_reader(run.out.as_bytes());
    assert!(
        csv.headers()
            .unwrap()
            .iter()
            .any(|name| name == "track_tempo")
    );
    assert_eq!(csv.records().map(Result::unwrap).count(), 2);

    let run = predict(root.path(), &["songs"]);
    assert!(run.out.contains("songs/high.wav"), "{}", run.out);
}

#[test]
fn bad_songs_are_entries_and_are_told_and_counted() {
    let root = scene();
    let bad = data("bad/text.mp3");
    let arguments = [bad.to_str().unwrap(), "songs", "--format", "json"];
    let run = predict(root.path(), &arguments);
    assert_eq!(run.code, 2, "{}", run.err);
    let json = entries(&run);
    assert_eq!(json[0]["error"]["kind"], "undecodable");
    assert_eq!(json[1]["status"], "ok");
    let told: Vec<&str> = run.err.lines().collect();
    assert!(told[0].starts_with("failed: "), "{}", run.err);
    assert!(
        told[1].starts_with("2 judged, 0 kept from before, 1 failed"),
        "{}",
        run.err
    );

    let run = predict(root.path(), &[&arguments[..], &["--strict"]].concat());
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("text.mp3"), "{}", run.err);
}

#[test]
fn every_bad_input_has_its_name() {
    let root = scene();
    let at = |name: &str| root.path().join("bad").join(name);
    let write = |name: &str, rate, seconds, coding| {
        write_wav(&at(name), rate, 1, &tone(rate, seconds, 300.0), coding);
    };
    write("half-second.wav", 8_000, 0.5, Coding::Integer);
    write_wav(
        &at("silence.wav"),
        8_000,
        2,
        &vec![0.0; 32_000],
        Coding::Integer,
    );
    let mut broken = tone(8_000, 4.0, 300.0);
    broken[9_000] = f32::NAN;
    write_wav(&at("nan.wav"), 8_000, 1, &broken, Coding::Float);
    write_wav(&at("one-hertz.wav"), 1, 1, &[0.5; 8], Coding::Integer);
    for name in ["empty.mp3", "text.mp3", "video-without-sound.mp4"] {
        fs::copy(data("bad").join(name), at(name)).unwrap();
    }
    let run = predict(root.path(), &["bad", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let kinds: Vec<_> = entries(&run)
        .iter()
        .map(|entry| {
            let file = entry["file"].as_str().unwrap();
            let kind = entry["error"]["kind"].as_str().unwrap();
            (file.trim_start_matches("bad/").to_owned(), kind.to_owned())
        })
        .collect();
    let expected = [
        ("empty.mp3", "empty"),
        ("half-second.wav", "too-short"),
        ("nan.wav", "not-finite"),
        ("one-hertz.wav", "unsupported-rate"),
        ("silence.wav", "silent"),
        ("text.mp3", "undecodable"),
        ("video-without-sound.mp4", "no-audio"),
    ];
    assert_eq!(
        kinds,
        expected.map(|(file, kind)| (file.to_owned(), kind.to_owned()))
    );
}

#[test]
fn many_channels_and_high_rates_are_judged() {
    let root = scene();
    let at = |name: &str| root.path().join("odd").join(name);
    write_wav(
        &at("eight.wav"),
        8_000,
        8,
        &tone(8_000, 4.0, 200.0),
        Coding::Integer,
    );
    write_wav(
        &at("fast.wav"),
        192_000,
        1,
        &tone(192_000, 4.0, 200.0),
        Coding::Float,
    );
    for name in ["truncated-sweep.mp3", "truncated-sweep.ogg"] {
        fs::copy(data("bad").join(name), at(name)).unwrap();
    }
    let run = predict(root.path(), &["odd", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(entries(&run).len(), 4);
}

#[test]
fn the_container_changes_no_probability() {
    let root = scene();
    let songs = ["aac", "flac", "m4a", "mp3", "ogg", "wav"]
        .map(|extension| data("audio").join("sweep").with_extension(extension));
    let mut arguments: Vec<&str> = songs.iter().filter_map(|song| song.to_str()).collect();
    arguments.extend(["--format", "json"]);
    let run = predict(root.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    let judged = entries(&run);
    assert_eq!(judged.len(), 6);
    let calm = |entry: &serde_json::Value| entry["report"]["moods"]["calm"].as_f64().unwrap();
    for entry in &judged[1..] {
        assert!(
            (calm(entry) - calm(&judged[0])).abs() < 0.02,
            "{}",
            entry["file"]
        );
    }
}

/// A song with a clear beat before and after 128 kbit/s MP3 by LAME, which turns the level
/// down to 95 %. `trainer/benches/reencode.py` measures the same on many songs.
#[test]
fn mp3_changes_no_feature_by_much() {
    let (songs, models) = (data("beat"), data("../../static/models"));
    let [songs, models] = [songs, models].map(|path| path.display().to_string());
    let arguments = ["judge", "--models", &models, &songs, "--format", "json"];
    let run = undertone(Path::new("."), &arguments);
    let judged = entries(&run);
    let feature = |at: usize, name: &str| {
        let value = &judged[at]["report"]["features"][name];
        value.as_f64().unwrap_or_else(|| panic!("{name}: {value}"))
    };
    for name in ["key", "mode", "time_signature"] {
        let of = |at: usize| &judged[at]["report"]["features"][name];
        assert_eq!(of(0), of(1), "{name}");
    }
    let key = ["key", "mode"].map(|name| &judged[0]["report"]["features"][name]);
    assert_eq!(key, [&7.0.into(), &serde_json::Value::from(1.0)]);
    let near = |name: &str, bound: f64, expected: f64| {
        let change = feature(1, name) - feature(0, name);
        assert!((change - expected).abs() <= bound, "{name}: {change}");
    };
    near("tempo", 0.01 * feature(0, "tempo"), 0.0);
    near("loudness", 0.3, 20.0 * 0.95_f64.log10());
    near("duration_ms", 60.0, 0.0);
    for name in [
        "danceability",
        "energy",
        "speechiness",
        "acousticness",
        "instrumentalness",
        "liveness",
        "valence",
    ] {
        near(name, 0.03, 0.0);
    }
}

#[test]
fn a_folder_without_songs_is_an_error() {
    let root = scene();
    fs::create_dir(root.path().join("none")).unwrap();
    let run = predict(root.path(), &["none"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("no songs in none"), "{}", run.err);
}

#[test]
fn models_that_do_not_fit_are_refused_by_file_name() {
    let root = scene();
    let model = |name: &str| root.path().join("m").join(name);
    let refused = |words: &str| {
        let run = predict(root.path(), &["songs"]);
        assert_eq!((run.code, run.out.as_str()), (1, ""));
        assert!(run.err.contains(words), "{words:?} is not in: {}", run.err);
    };
    let whole = fs::read(model("mood.onnx")).unwrap();
    fs::write(model("mood.onnx"), &whole[..whole.len() / 2]).unwrap();
    refused("mood.onnx has");
    let mut flipped = whole.clone();
    flipped[100] ^= 1;
    fs::write(model("mood.onnx"), &flipped).unwrap();
    refused("mood.onnx does not match its card");
    fs::write(model("mood.onnx"), &whole).unwrap();
    models::edit_card(&model("mood.json"), &["front_end", "n_mels"], 96.into());
    refused("mood.onnx expects n_mels = 96");
    fs::remove_file(model("ensemble.bin")).unwrap();
    refused("ensemble.bin is missing");
}

#[test]
fn midi_is_rendered_by_its_contents_and_kept() {
    let root = scene();
    let at = root.path();
    fs::create_dir(at.join("notes")).unwrap();
    fs::write(at.join("notes/a.mid"), MIDI).unwrap();
    fs::write(at.join("notes/named.mp3"), MIDI).unwrap();
    fs::write(at.join("notes/broken.mid"), b"MThd and nothing else").unwrap();
    let arguments = ["notes", "--format", "json", "--store", "s"];
    let run = predict(at, &arguments);
    assert_eq!(run.code, 2, "{}", run.err);
    let json = entries(&run);
    let [a, broken, named] = json.as_slice() else {
        panic!("{json:?}")
    };
    assert!(a["report"]["duration_s"].as_f64() > Some(3.0), "{a}");
    assert_eq!(a["report"], named["report"]);
    assert_eq!(a["sha256"], sha256_hex(MIDI));
    assert_eq!(broken["status"], "error");
    let run = predict(at, &arguments);
    run.says("0 judged, 2 kept from before, 1 failed");

    // Where instruments are missing it is said, and asked again.
    let absent = predict(at, &[&arguments[..], &["--soundfont", "no.sf2"]].concat());
    assert_eq!(absent.code, 1, "{}", absent.err);
    assert_eq!(entries(&absent)[0]["error"]["kind"], "no-synthesizer");
    absent.says("apt-get install");
    predict(at, &arguments).says("0 judged, 2 kept from before, 1 failed");
}

//! The whole way: from songs to verified models, and from corrections to better ones.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::sounds::{MOODS, write_tunes};
use super::{Run, models, trainer};

/// Runs one command, given as one line, which must work.
fn run(at: &Path, line: &str) -> Run {
    let run = trainer(at, &line.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, 0, "{line}: {}", run.err);
    run
}

#[test]
fn a_folder_per_mood_becomes_verified_models() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    write_tunes(at, 8);
    fs::write(at.join("body.onnx"), models::body()).unwrap();
    // One song twice: the cleaning takes it out.
    fs::copy(at.join("mine/sad/0.wav"), at.join("mine/sad/again.wav")).unwrap();

    let imported = run(at, "import --data mine --work w");
    imported.says("33 songs: sad 9");
    let cleaned = run(at, "clean --work w");
    assert!(
        cleaned.out.contains("- duplicates         1"),
        "{}",
        cleaned.out
    );

    let songs = "--work w --songs w/clean/songs_clean.csv";
    let measured = run(at, &format!("features {songs}"));
    measured.says("32 measured");
    run(at, &format!("hear {songs} --body body.onnx"));
    run(at, &format!("train ensemble {songs}"));
    run(at, &format!("train network {songs} --epochs 1"));
    let evaluated = run(at, &format!("evaluate {songs} --epochs 1"));
    for system in ["majority", "ensemble", "network"] {
        assert!(
            evaluated.out.contains(system),
            "{system}: {}",
            evaluated.out
        );
    }
    run(at, &format!("export {songs} --epochs 1 --models m"));
    // The exported network holds the body that it was trained on.
    let again = run(at, &format!("hear {songs} --body m/mood.onnx"));
    again.says("0 heard, 32 heard before");
    let exported = fs::read(at.join("m/mood.onnx")).unwrap();
    run(at, &format!("train network {songs} --epochs 1"));
    let trained = fs::read(at.join("w/network/mood.onnx")).unwrap();
    assert!(exported == trained, "another body, other layers");

    let card = fs::read_to_string(at.join("m/mood.json")).unwrap();
    let card: Value = serde_json::from_str(&card).unwrap();
    assert_eq!(card["about"]["data"][0]["name"], "mine", "{card}");
    assert_eq!(card["about"]["data"][0]["labels"], "folder", "{card}");

    fs::create_dir(at.join("s")).unwrap();
    for mood in MOODS {
        let song = at.join(format!("mine/{mood}/0.wav"));
        fs::copy(song, at.join(format!("s/{mood}.wav"))).unwrap();
    }
    let verify = "verify --models m --samples s --golden golden.json";
    run(at, &format!("{verify} --update"));
    let verified = run(at, verify);
    assert!(verified.out.contains("4 songs"), "{}", verified.out);
}

/// The ensemble's probabilities of a song.
fn ensemble_of(at: &Path, song: &str) -> Value {
    let judged = run(at, &format!("predict --models m --format json {song}"));
    let entries: Value = serde_json::from_str(&judged.out).unwrap();
    entries[0]["report"]["judges"]["ensemble"]["moods"].clone()
}

#[test]
fn what_was_corrected_on_the_page_is_learnt() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    write_tunes(at, 8);
    run(at, "import --data mine --work w");
    run(at, "features --work w");
    fs::write(at.join("body.onnx"), models::body()).unwrap();
    run(at, "hear --body body.onnx --work w");
    run(at, "train network --work w --epochs 1");
    let song = "mine/happy/0.wav";
    let taught = |export: Option<&str>| {
        if let Some(export) = export {
            run(at, &format!("import --data mine --data {export} --work w"));
        }
        run(at, "train ensemble --work w");
        run(at, "export --work w --epochs 1 --models m");
        let moods = ensemble_of(at, song);
        let share = |mood: &str| moods[mood].as_f64().unwrap();
        [share("happy"), share("sad")]
    };
    let [happy, sad] = taught(None);
    assert!(happy > sad, "before: happy {happy}, sad {sad}");

    // Every verdict is "calm" and sure of itself; the visitor hears the happy songs as sad
    // and the sad ones as happy.
    let mut export =
        "\u{feff}file,status,duration_s,mood,unsure,arousal,valence,said\r\n".to_owned();
    for mood in MOODS {
        let word = match mood {
            "happy" => "sad",
            "sad" => "happy",
            _ => "",
        };
        for song in 0..8 {
            let file = format!("mine/{mood}/{song}.wav");
            write!(export, "{file},ok,4,calm,false,-0.9,0.9,{word}\r\n").unwrap();
        }
    }
    fs::write(at.join("undertone.csv"), export).unwrap();
    let [happy, sad] = taught(Some("undertone.csv"));
    assert!(sad > happy, "after: happy {happy}, sad {sad}");
    let songs = fs::read_to_string(at.join("w/songs.csv")).unwrap();
    assert_eq!(
        songs.matches(",said,perceived-quadrant,1,").count(),
        16,
        "{songs}"
    );
}

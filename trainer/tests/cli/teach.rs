//! `trainer teach`, and a network that learns from it.

use std::fs;

use super::features::{MIDI, collection, import};
use super::{models, trainer};

#[test]
fn a_teacher_hears_every_recording_once_and_the_network_learns_from_it() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    collection(at, 5);
    fs::write(at.join("teacher.onnx"), models::teacher()).unwrap();
    import(at);
    assert_eq!(trainer(at, &["features", "--work", "w"]).code, 0);
    let teach = ["teach", "--teacher", "teacher.onnx", "--work", "w"];
    let run = trainer(at, &teach);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("20 heard, 0 heard before"), "{}", run.err);
    let run = trainer(at, &teach);
    assert!(run.err.contains("0 heard, 20 heard before"), "{}", run.err);

    let train = ["train", "network", "--epochs", "1", "--work", "w"];
    let run = trainer(at, &train);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("with lessons of a teacher"), "{}", run.err);
    assert!(at.join("w/network/mood.onnx").is_file());
    let untaught = [&train[..], &["--untaught"]].concat();
    let run = trainer(at, &untaught);
    assert!(run.err.contains("without lessons"), "{}", run.err);
    assert!(at.join("w/network-untaught/mood.onnx").is_file());
}

#[test]
fn what_can_not_teach_or_be_left_out_is_named() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    collection(at, 2);
    import(at);
    trainer(at, &["features", "--work", "w"]);
    let run = trainer(at, &["teach", "--teacher", "none.onnx", "--work", "w"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("none.onnx"), "{}", run.err);
    assert!(run.err.contains("hint: "), "{}", run.err);
    fs::write(at.join("other.onnx"), b"not a model").unwrap();
    let run = trainer(at, &["teach", "--teacher", "other.onnx", "--work", "w"]);
    assert!(
        run.err.contains("other.onnx is not the teacher"),
        "{}",
        run.err
    );
    let without = ["train", "network", "--work", "w", "--without", "yours"];
    let run = trainer(at, &without);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("no recording is of \"yours\""),
        "{}",
        run.err
    );
}

#[test]
fn midi_is_arranged_for_training_alone() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    for mood in ["sad", "calm", "happy", "energetic"] {
        fs::create_dir_all(at.join("mine").join(mood)).unwrap();
        for song in 0..5 {
            fs::write(at.join(format!("mine/{mood}/{song}.mid")), MIDI).unwrap();
        }
    }
    let import = [
        "import",
        "--data",
        "mine",
        "--work",
        "w",
        "--arrangements",
        "2",
    ];
    let run = trainer(at, &import);
    assert_eq!(run.code, 0, "{}", run.err);
    let table = fs::read_to_string(at.join("w/songs.csv")).unwrap();
    let (arranged, own): (Vec<&str>, Vec<&str>) = table
        .lines()
        .skip(1)
        .partition(|line| line.starts_with("arranged/"));
    let trained = own.iter().filter(|line| line.contains(",train,")).count();
    assert!(trained > 0);
    assert_eq!(arranged.len(), 2 * trained);
    let halved = |line: &&str| line.contains("\"folder, arranged\",perceived-quadrant,0.5,");
    assert!(
        arranged
            .iter()
            .all(|line| halved(line) && line.contains(",train,"))
    );
    let files = fs::read_dir(at.join("w/arranged")).unwrap();
    assert_eq!(files.count(), arranged.len());
}

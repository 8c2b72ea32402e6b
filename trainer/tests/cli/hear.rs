//! `trainer hear`, and what is refused as a body.

use std::fs;

use super::features::{collection, import};
use super::sounds::MIDI;
use super::{models, trainer};

#[test]
fn the_body_hears_every_recording_once() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    collection(at, 5);
    fs::write(at.join("body.onnx"), models::body()).unwrap();
    import(at);
    let early = trainer(at, &["train", "network", "--work", "w"]);
    assert_eq!(early.code, 1);
    early.says("`trainer hear`");
    let hear = ["hear", "--body", "body.onnx", "--work", "w"];
    let run = trainer(at, &hear);
    assert_eq!(run.code, 0, "{}", run.err);
    run.says("20 heard, 0 heard before");
    run.says("the weights are rounded, for 20 recordings");
    let run = trainer(at, &hear);
    run.says("0 heard, 20 heard before");
    assert!(!run.err.contains("rounded"), "{}", run.err);
    // What is damaged is made anew, and is the same.
    fs::write(at.join("w/tokens/body.onnx"), b"damaged").unwrap();
    let train = trainer(at, &["train", "network", "--work", "w"]);
    assert_eq!(train.code, 1);
    train.says("body.onnx is damaged");
    let run = trainer(at, &hear);
    run.says("0 heard, 20 heard before");
    run.says("the weights are rounded");
}

#[test]
fn what_is_no_body_is_named() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    collection(at, 2);
    import(at);
    let run = trainer(at, &["hear", "--body", "none.onnx", "--work", "w"]);
    assert_eq!(run.code, 1);
    run.says("none.onnx");
    run.says("hint: ");
    fs::write(at.join("other.onnx"), b"not a model").unwrap();
    let run = trainer(at, &["hear", "--body", "other.onnx", "--work", "w"]);
    run.says("other.onnx has no body of the network");
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
    let import = ["import", "--data", "mine", "--work", "w"];
    let run = trainer(at, &[&import[..], &["--arrangements", "2"]].concat());
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

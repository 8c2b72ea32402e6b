//! `trainer verify`.

use std::fs;
use std::path::Path;

use super::sounds::write_tone;
use super::{Run, models, trainer};

fn verify(root: &Path, more: &[&str]) -> Run {
    let arguments = [
        "verify",
        "--models",
        "m",
        "--samples",
        "s",
        "--golden",
        "golden.json",
    ];
    trainer(root, &[&arguments, more].concat())
}

#[test]
fn golden_answers_are_written_on_demand_and_held_afterwards() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    models::write(&at.join("m"));
    write_tone(&at.join("s/a.wav"), 300.0);

    let run = verify(at, &[]);
    assert_eq!(run.code, 1);
    run.says("golden.json");
    run.says("--update");

    assert_eq!(verify(at, &["--update"]).code, 0);
    let run = verify(at, &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("1 songs, greatest difference 0.0e0"),
        "{}",
        run.out
    );

    // Another sound under the same name: the answers differ.
    write_tone(&at.join("s/a.wav"), 3_000.0);
    let run = verify(at, &[]);
    assert_eq!(run.code, 1);
    run.says("a.wav: the network says");
}

#[test]
fn a_damaged_model_is_found_before_it_runs() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    models::write(&at.join("m"));
    fs::write(at.join("m/ensemble.bin"), "short").unwrap();
    let run = verify(at, &[]);
    assert_eq!(run.code, 1);
    run.says("ensemble.bin has 5 bytes");
    run.says("hint: write the models again");
}

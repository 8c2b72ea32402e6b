//! The program as it is called: exit codes, stdout, stderr.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test a panic is the message"
)]

mod check;
mod corpora;
mod crawl;
mod features;
mod hear;
mod loopback;
#[allow(dead_code, reason = "the tests of collections use all of it")]
#[path = "../../../collections/tests/cli/models.rs"]
mod models;
mod page;
mod regress;
#[path = "../../../collections/tests/cli/run.rs"]
mod run;
mod songs;
#[allow(dead_code, reason = "the tests of collections use all of it")]
#[path = "../../../collections/tests/cli/sounds.rs"]
mod sounds;
mod study;
mod study_refusals;
mod table;
mod verify;
mod way;

use std::path::{Path, PathBuf};
use std::process::Command;

use run::{Run, run};

/// Runs the program in the folder `at`.
fn trainer(at: &Path, arguments: &[&str]) -> Run {
    let cache = tempfile::tempdir().unwrap();
    run(command(at, cache.path()).args(arguments))
}

/// The program in the folder `at`, with a user's cache of its own.
fn command(at: &Path, cache: &Path) -> Command {
    run::command(env!("CARGO_BIN_EXE_trainer"), at, cache)
}

/// A file of the repository's `tests/data`.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/data")
        .join(name)
}

#[test]
fn help_lists_the_steps_in_order() {
    let run = trainer(Path::new("."), &["--help"]);
    assert_eq!(run.code, 0);
    let steps = [
        "import", "crawl", "features", "train", "export", "evaluate", "predict", "verify",
    ];
    let places = steps.map(|step| run.out.find(&format!("\n  {step} ")).unwrap());
    assert!(places.is_sorted(), "{}", run.out);
    assert!(run.out.contains("Exit codes"), "{}", run.out);
}

#[test]
fn a_wrong_command_line_has_a_code_of_its_own() {
    let run = trainer(Path::new("."), &["predict", "--format", "xml", "a.mp3"]);
    assert_eq!(run.code, 64);
    assert_eq!(run.out, "");
    run.says("table, json, csv");
}

#[test]
fn what_undertone_does_with_songs_trainer_does_too() {
    let root = tempfile::tempdir().unwrap();
    models::write(&root.path().join("m"));
    sounds::write_tone(&root.path().join("a.wav"), 300.0);
    let judged = trainer(
        root.path(),
        &["predict", "--models", "m", "--no-store", "a.wav"],
    );
    assert_eq!(judged.code, 0, "{}", judged.err);
    assert!(judged.out.contains("a.wav"), "{}", judged.out);
    let help = trainer(root.path(), &["--help"]).out;
    for command in ["merge", "tag", "playlists", "watch"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
}

//! The program as it is called: exit codes, stdout, stderr.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test a panic is the message"
)]

mod batch;
mod check;
mod collection;
mod corpora;
mod crawl;
mod features;
mod hear;
mod loopback;
mod models;
mod page;
mod parts;
mod predict;
mod regress;
mod songs;
mod sounds;
mod stream;
mod study;
mod study_refusals;
mod table;
mod verify;
mod way;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a run of the program left behind.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    /// Checks that these words are on stderr.
    #[track_caller]
    fn says(&self, words: &str) {
        assert!(self.err.contains(words), "{}", self.err);
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs the program in the folder `at`.
fn trainer(at: &Path, arguments: &[&str]) -> Run {
    let cache = tempfile::tempdir().unwrap();
    run(command(at, cache.path()).args(arguments))
}

/// Runs a command.
fn run(command: &mut Command) -> Run {
    command.output().unwrap().into()
}

/// The program in the folder `at`, with a user's cache of its own.
fn command(at: &Path, cache: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainer"));
    command.current_dir(at).env("XDG_CACHE_HOME", cache);
    command
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

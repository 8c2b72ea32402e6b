//! The program as it is called: exit codes, stdout, stderr.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test a panic is the message"
)]

mod batch;
mod collection;
#[allow(dead_code, reason = "the tests of the trainer use the rest")]
mod models;
mod parts;
mod predict;
mod run;
#[allow(dead_code, reason = "the tests of the trainer use the rest")]
mod sounds;
mod stream;

use std::path::{Path, PathBuf};
use std::process::Command;

use run::Run;

/// Runs the program in the folder `at`.
fn undertone(at: &Path, arguments: &[&str]) -> Run {
    let cache = tempfile::tempdir().unwrap();
    run::run(command(at, cache.path()).args(arguments))
}

/// The program in the folder `at`, with a user's cache of its own.
fn command(at: &Path, cache: &Path) -> Command {
    run::command(env!("CARGO_BIN_EXE_undertone"), at, cache)
}

/// A file of the repository's `tests/data`.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/data")
        .join(name)
}

//! A run of a program.

use std::path::Path;
use std::process::{Command, Output};

/// What a run of the program left behind.
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Stdout.
    pub out: String,
    /// Stderr.
    pub err: String,
}

impl Run {
    /// Checks that these words are on stderr.
    #[track_caller]
    pub fn says(&self, words: &str) {
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

/// A program in the folder `at`, with a user's cache of its own.
pub fn command(program: &str, at: &Path, cache: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(at).env("XDG_CACHE_HOME", cache);
    command
}

/// Runs a command.
pub fn run(command: &mut Command) -> Run {
    command.output().unwrap().into()
}

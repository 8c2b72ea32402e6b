//! The command line: parse, run, turn the result into an exit code.

pub mod collection;
mod folder;
pub mod predict;
mod undertone;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::console::{self, Outcome};

pub use folder::{IN_PROJECT, folder as models_folder};
pub use undertone::dispatch as undertone;

/// Exit code of a wrong command line (`EX_USAGE` of sysexits.h); 2, clap's own, means
/// that some files failed.
const USAGE: u8 = 64;

/// Exit codes, as they stand at the end of `--help`.
pub const EXIT_CODES: &str = "\
Exit codes:
  0   all done
  1   nothing done, or an error
  2   some files failed and are listed
  64  the command line is wrong";

/// Runs a program.
#[must_use]
pub fn run<C: Parser>(dispatch: fn(&C) -> Result<Outcome>) -> ExitCode {
    let cli = match C::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help goes to stdout, errors to stderr; nothing can be done if that fails.
            let _ = message.print();
            return ExitCode::from(if message.use_stderr() { USAGE } else { 0 });
        }
    };
    match dispatch(&cli) {
        Ok(Outcome::All) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Some) => ExitCode::from(2),
        Err(error) => {
            console::report(&error);
            ExitCode::from(1)
        }
    }
}

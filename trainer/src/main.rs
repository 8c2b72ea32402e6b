//! Trains, measures and exports the models of Undertone.

use std::process::ExitCode;

fn main() -> ExitCode {
    trainer::trainer()
}

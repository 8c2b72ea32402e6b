//! Trains, measures and exports the models of Undertone: the program `trainer`. Files, results and
//! verdicts come from the crate `collections`.

use std::process::ExitCode;

#[macro_use(note)]
extern crate collections;

#[cfg(test)]
mod broken;
mod check;
mod cli;
mod evaluate;
mod judges;
mod learn;
mod measured;
mod npy;
mod songs;
mod sound;
mod study;

/// Training allocates and frees large tensors all the time; measured 3.7 times
/// faster than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The program.
#[must_use]
pub fn trainer() -> ExitCode {
    collections::cli::run(cli::trainer)
}

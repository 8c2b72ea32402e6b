//! Trains, measures and exports the models of Undertone, and judges collections of songs: the
//! programs `trainer` and `undertone`.

use std::process::ExitCode;

#[macro_use]
mod console;

mod check;
mod cli;
mod collection;
mod evaluate;
mod files;
#[cfg(test)]
mod fuzz;
mod judges;
mod learn;
mod measured;
mod predict;
mod results;
mod songs;
mod sound;
mod study;

/// Training allocates and frees large tensors all the time; measured 3.7 times
/// faster than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The program of those who train.
#[must_use]
pub fn trainer() -> ExitCode {
    cli::run(cli::trainer)
}

/// The program of those who listen: what `trainer` can do with songs alone.
#[must_use]
pub fn undertone() -> ExitCode {
    cli::run(cli::undertone)
}

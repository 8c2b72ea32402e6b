//! Trains, measures and exports the models of Undertone.

use std::process::ExitCode;

mod cache;
mod check;
mod classic;
mod cli;
mod corpus;
mod decode;
mod evaluate;
mod example;
mod export;
mod files;
mod judging;
mod models;
mod neural;
mod predict;
mod regress;
mod songs;
mod study;
mod tagging;
mod teach;
mod training;
mod transfer;
mod vectors;
mod verify;

/// Training allocates and frees large tensors all the time; measured 3.7 times
/// faster than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}

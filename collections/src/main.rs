//! Tells the mood of songs, writes it into their tags and into playlists, and watches folders.

use std::process::ExitCode;

/// The network allocates and frees large tensors all the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    collections::cli::run(collections::cli::undertone)
}

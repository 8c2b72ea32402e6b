//! Tells the mood of songs, writes it into their tags and into playlists, and watches folders.

use std::process::ExitCode;

fn main() -> ExitCode {
    trainer::undertone()
}

//! The options that most commands share.

use std::path::PathBuf;

use clap::Args;

use crate::measured::cache;
use crate::sound::decode::DEFAULT_SOUNDFONT;

/// Where everything between the steps is kept.
#[derive(Debug, Clone, Args)]
pub struct WorkArgs {
    /// Folder for the manifest, the cache and the trained judges
    #[arg(long, value_name = "DIR", default_value = "target/trainer")]
    pub work: PathBuf,
}

/// How recordings become sound and numbers.
#[derive(Debug, Clone, Args)]
pub struct MeasuringArgs {
    /// Instruments for MIDI files
    #[arg(long, value_name = "SF2", default_value = DEFAULT_SOUNDFONT)]
    pub soundfont: PathBuf,
    /// Threads [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

impl MeasuringArgs {
    /// As the cache takes them.
    pub fn options(&self) -> cache::Options {
        cache::Options {
            soundfont: self.soundfont.clone(),
            jobs: self.jobs.map(usize::from),
        }
    }
}

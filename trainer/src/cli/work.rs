//! The options that most commands share.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::measured::cache;
use crate::songs::song::Song;
use crate::songs::table::{SONGS, read_songs};
use crate::sound::decode::DEFAULT_SOUNDFONT;

/// Where everything between the steps is kept.
#[derive(Debug, Clone, Args)]
pub struct WorkArgs {
    /// Folder for the table of songs, the cache and the trained judges
    #[arg(long, value_name = "DIR", default_value = "target/trainer")]
    pub work: PathBuf,
}

/// Which songs.
#[derive(Debug, Clone, Args)]
pub struct SongsArgs {
    /// Table of songs, as `trainer import` writes it [default: songs.csv in the work folder]
    #[arg(long, value_name = "CSV")]
    pub songs: Option<PathBuf>,
    #[command(flatten)]
    pub work: WorkArgs,
}

impl SongsArgs {
    /// The work folder.
    pub fn work(&self) -> &Path {
        &self.work.work
    }

    /// The table.
    pub fn path(&self) -> PathBuf {
        let table = self.songs.clone();
        table.unwrap_or_else(|| self.work().join(SONGS))
    }

    /// The songs of the table.
    pub fn read(&self) -> Result<Vec<Song>> {
        read_songs(&self.path())
    }
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

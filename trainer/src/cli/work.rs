//! The options that most commands share.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::songs::song::Song;
use crate::songs::table::{SONGS, read_songs};

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
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read(&self) -> Result<Vec<Song>> {
        read_songs(&self.path())
    }
}

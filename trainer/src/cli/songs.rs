//! `trainer import`: where the study's songs come from.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::Outcome;
use crate::songs::import;

/// Options of `trainer import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Folder with sub-folders sad, calm, happy and energetic, a list of sounds
    /// (path,mood), or a table of track features
    #[arg(long, value_name = "PATH")]
    pub data: PathBuf,
    /// The study's table
    #[arg(long, value_name = "CSV", default_value = "target/trainer/songs.csv")]
    pub out: PathBuf,
}

/// Runs `trainer import`.
pub fn import(args: &ImportArgs) -> Result<Outcome> {
    import::run(&args.data, &args.out)?;
    Ok(Outcome::All)
}

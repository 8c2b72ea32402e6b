//! `trainer import` and `trainer crawl`: where the study's songs come from.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::Outcome;
use crate::songs::import;
use crate::songs::spotify::{self, Addresses, PlaylistRequest};

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

/// Options of `trainer crawl`.
#[derive(Debug, Args)]
#[command(after_help = CRAWL_HELP)]
pub struct CrawlArgs {
    /// A playlist and the mood of its songs, as sad=ID or happy=URL; may be repeated
    #[arg(long = "playlist", value_name = "MOOD=ID|URL", required = true)]
    pub playlists: Vec<PlaylistRequest>,
    /// Folder for what is fetched; a second run asks only for what is missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Base address of the Web API
    #[arg(long, hide = true, value_name = "URL", default_value = spotify::API)]
    pub api_url: String,
    /// Base address of the service that gives tokens
    #[arg(long, hide = true, value_name = "URL", default_value = spotify::ACCOUNTS)]
    pub accounts_url: String,
}

const CRAWL_HELP: &str = "\
Credentials are read from SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET.
DIR holds playlists/ (pages as answered), features/, previews/ID.mp3 and songs.csv.
Sounds of your own in DIR/previews are taken up when they are named after the
track's id or \"Artist - Title\".";

/// Runs `trainer import`.
pub fn import(args: &ImportArgs) -> Result<Outcome> {
    import::run(&args.data, &args.out)?;
    Ok(Outcome::All)
}

/// Runs `trainer crawl`.
pub fn crawl(args: &CrawlArgs) -> Result<Outcome> {
    let addresses = Addresses {
        api: args.api_url.clone(),
        accounts: args.accounts_url.clone(),
    };
    spotify::run(&args.playlists, &args.out, addresses)
}

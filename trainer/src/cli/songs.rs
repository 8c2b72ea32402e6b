//! `trainer import` and `trainer crawl`: where songs come from.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::work::WorkArgs;
use crate::songs::import;
use crate::songs::spotify::{self, Addresses, PlaylistRequest};
use crate::songs::table::SONGS;
use collections::console::Outcome;

/// Options of `trainer import`.
#[derive(Debug, Args)]
#[command(after_help = IMPORT_HELP)]
pub struct ImportArgs {
    #[command(flatten)]
    pub import: import::Options,
    /// The table [default: songs.csv in the work folder]
    #[arg(long, value_name = "CSV")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub work: WorkArgs,
}

const IMPORT_HELP: &str = "\
Tables are read by the names of their columns; ; and tab between fields, decimal commas,
UTF-16 and Windows-1252 are read as well. A table gives sounds (path, file) or the 13 track
features, and labels: mood (mood_string, label, class, target), or valence and arousal in
-1 to 1. Also read: id, artist, title, group, split (train, validation), fold, corpus,
licence, label_kind, label_space, weight, preview_url. Without a column arousal, valence is
Spotify's feature; label_valence and track_valence are never mistaken.
What the page exports (undertone.csv, undertone.json) is labelled by what was said, never by
its verdicts; of a file that other data label otherwise, what was said counts.
Songs of one artist, and of one file, share a group over all data.";

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
    let out = args.out.clone();
    let out = out.unwrap_or_else(|| args.work.work.join(SONGS));
    import::run(&args.import, &out)?;
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

//! Songs of Spotify's playlists, by its Web API.
//!
//! Playlists are read page by page, track features in batches, previews one by one;
//! each answer is kept in a file, so that a second run asks only for what is missing.

mod answers;
mod assemble;
mod client;
mod crawl;
mod credentials;
mod features;
mod http;
mod pace;
mod playlist;
mod previews;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::Result;

use self::client::Client;
use self::credentials::Credentials;
use self::http::Http;
use self::pace::Pace;
use crate::console::Outcome;

pub use self::playlist::PlaylistRequest;

/// Base address of the Web API.
pub const API: &str = "https://api.spotify.com/v1";
/// Base address of the service that gives tokens.
pub const ACCOUNTS: &str = "https://accounts.spotify.com";

/// Where the services are, without a slash at the end.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// Base address of the Web API.
    pub api: String,
    /// Base address of the service that gives tokens.
    pub accounts: String,
}

/// Fetches the playlists into `folder` and writes `folder/songs.csv`.
///
/// # Errors
/// When credentials are missing or refused, the services can't be reached, or the
/// folder can't be written to. A playlist that is refused is named and left out.
pub fn run(playlists: &[PlaylistRequest], folder: &Path, addresses: Addresses) -> Result<Outcome> {
    let http = Http::new(Pace::polite());
    let mut client = Client::new(http, addresses, Credentials::from_environment()?);
    crawl::crawl(&mut client, playlists, folder)
}

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

pub use self::client::{ACCOUNTS, API, Addresses};
pub use self::crawl::run;
pub use self::playlist::PlaylistRequest;

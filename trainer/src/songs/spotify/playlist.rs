//! A playlist: how it is named, and its tracks.

use std::path::Path;
use std::str::FromStr;

use anyhow::Result;
use undertone::Mood;

use super::answers::{Entry, Page, Track};
use super::client::Client;
use collections::console::Hint;
use collections::files;

/// Length of Spotify's base-62 ids (Web API, "Spotify URIs and IDs").
const ID_LENGTH: usize = 22;
/// Most entries of a page (Web API reference, "Get Playlist Items").
const PAGE: usize = 50;

/// A playlist and the mood of its songs.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaylistRequest {
    /// The label of all its songs.
    pub mood: Mood,
    /// Spotify's id.
    pub id: String,
}

impl FromStr for PlaylistRequest {
    type Err = String;

    /// Reads `sad=ID`, `sad=spotify:playlist:ID` or
    /// `sad=https://open.spotify.com/playlist/ID?si=…`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (mood, playlist) = text
            .split_once('=')
            .ok_or("expected MOOD=ID or MOOD=https://open.spotify.com/playlist/ID")?;
        let mood = Mood::from_name(mood)
            .ok_or_else(|| format!("{mood:?} is no mood: sad, calm, happy or energetic"))?;
        let last = playlist.rsplit(['/', ':']).next().unwrap_or(playlist);
        let id = last.split('?').next().unwrap_or(last);
        if id.len() != ID_LENGTH || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(format!(
                "{playlist:?} names no playlist: an id has {ID_LENGTH} letters and digits"
            ));
        }
        if last != playlist && !playlist.contains("playlist") {
            return Err(format!("{playlist:?} is no playlist"));
        }
        Ok(Self {
            mood,
            id: id.to_owned(),
        })
    }
}

/// The tracks of a playlist. Pages that are already in `folder` are not asked for.
///
/// # Errors
/// A [`super::http::Refusal`] when Spotify gives no such playlist; another error when
/// there is no answer or the folder can't be used.
pub fn tracks(client: &mut Client, id: &str, folder: &Path) -> Result<Vec<Track>> {
    let folder = folder.join("playlists").join(id);
    let mut entries = Vec::new();
    let mut next = Some(client.address(&format!("/playlists/{id}/items?limit={PAGE}")));
    for number in 1.. {
        let Some(url) = next else { break };
        let page = page(client, &url, &folder.join(format!("{number:04}.json")))?;
        // A page without entries is the end, whatever it names as the next.
        next = page.next.filter(|_| !page.items.is_empty());
        entries.extend(page.items);
    }
    let all = entries.len();
    let tracks: Vec<Track> = entries.into_iter().filter_map(Entry::into_track).collect();
    let others = all - tracks.len();
    if others > 0 {
        note!("playlist {id}: {others} entries are no tracks of Spotify and are left out");
    }
    Ok(tracks)
}

fn page(client: &mut Client, url: &str, path: &Path) -> Result<Page> {
    if path.is_file() {
        return files::read_json(path).hint("delete it, and it is fetched again");
    }
    let page: Page = client.get(url)?.json()?;
    files::write_json(path, &page)?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1234567890abcdefABCDEF";

    #[test]
    fn a_playlist_is_named_by_id_uri_or_address() {
        for playlist in [
            ID.to_owned(),
            format!("spotify:playlist:{ID}"),
            format!("https://open.spotify.com/playlist/{ID}?si=0a=b"),
            format!("https://open.spotify.com/intl-de/playlist/{ID}"),
        ] {
            let request: PlaylistRequest = format!("Sad={playlist}").parse().unwrap();
            assert_eq!((request.mood, request.id.as_str()), (Mood::Sad, ID));
        }
    }

    #[test]
    fn what_names_no_playlist_is_refused() {
        for text in [
            ID.to_owned(),
            format!("angry={ID}"),
            "sad=".to_owned(),
            "sad=../../etc".to_owned(),
            format!("sad=https://open.spotify.com/track/{ID}"),
        ] {
            assert!(text.parse::<PlaylistRequest>().is_err(), "{text}");
        }
    }
}

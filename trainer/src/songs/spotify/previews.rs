//! The sound of the tracks: files of one's own, or Spotify's previews of 30 s.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::answers::Track;
use super::client::Client;
use super::http::{Busy, Refusal};
use collections::console;
use collections::decode::is_audio;
use collections::files;

/// Folder of the sounds within that of the crawl.
const PREVIEWS: &str = "previews";
/// After so many failures one after another the rest is left for another run.
const FAILURES_IN_A_ROW: usize = 3;

/// The sounds of a crawl's tracks.
#[derive(Debug, Default)]
pub struct Sounds {
    /// Files by track id.
    pub by_id: HashMap<String, PathBuf>,
    /// What could not be fetched, and why.
    pub failed: Vec<String>,
}

impl Sounds {
    /// The sounds that lie in `folder/previews` already.
    ///
    /// # Errors
    /// When the folder can't be used.
    pub fn of(tracks: &[&Track], folder: &Path) -> Result<Self> {
        let folder = folder.join(PREVIEWS);
        files::make_folder(&folder)?;
        let shelf = Shelf::of(&folder)?;
        let found = tracks
            .iter()
            .filter_map(|track| Some((track.id().to_owned(), shelf.find(track)?.clone())));
        Ok(Self {
            by_id: found.collect(),
            failed: Vec::new(),
        })
    }

    /// Fetches the previews that are missing into `folder/previews`. What is there when
    /// an error comes stays noted.
    ///
    /// # Errors
    /// When the service asks for a long wait, several previews in a row can't be fetched,
    /// or the folder can't be used.
    pub fn fetch(&mut self, client: &mut Client, tracks: &[&Track], folder: &Path) -> Result<()> {
        let folder = folder.join(PREVIEWS);
        let mut in_a_row = 0;
        let bar = console::progress(tracks.len(), "previews");
        for track in bar.wrap_iter(tracks.iter()) {
            let Some(url) = track.preview_url.as_deref() else {
                continue;
            };
            if self.by_id.contains_key(track.id()) {
                continue;
            }
            match download(client, track.id(), url) {
                Ok(sound) => {
                    in_a_row = 0;
                    let path = folder.join(format!("{}.mp3", track.id()));
                    files::write(&path, &sound)?;
                    self.by_id.insert(track.id().to_owned(), path);
                }
                // A refusal is an answer: the service is there.
                Err(error) if error.is::<Refusal>() => {
                    in_a_row = 0;
                    self.failed.push(format!("{error:#}"));
                }
                Err(error) => {
                    in_a_row += 1;
                    if error.is::<Busy>() || in_a_row == FAILURES_IN_A_ROW {
                        return Err(error);
                    }
                    self.failed.push(format!("{error:#}"));
                }
            }
        }
        Ok(())
    }
}

/// The preview of a track. Errors name the track, not the address.
fn download(client: &mut Client, id: &str, url: &str) -> Result<Vec<u8>> {
    let what = format!("preview of {id}");
    let reply = client.download(&what, url)?;
    if reply.status != 200 {
        return Err(reply.refusal()).context(what);
    }
    if !is_mp3(&reply.body) {
        return Err(reply.refused("the answer is no mp3".to_owned())).context(what);
    }
    Ok(reply.body)
}

/// Whether that is the start of an MP3 file: an ID3 tag (id3.org, "ID3 tag version 2.3.0", section
/// 3.1), or the sync word of an MPEG audio frame whose layer is not the reserved one
/// (ISO/IEC 11172-3, clause 2.4.2.3).
fn is_mp3(bytes: &[u8]) -> bool {
    let is_frame = |head: &[u8]| head[0] == 0xff && head[1] & 0xe0 == 0xe0 && head[1] & 0x06 != 0;
    bytes.starts_with(b"ID3") || bytes.get(..2).is_some_and(is_frame)
}

/// The sounds that lie in the folder, by name.
struct Shelf {
    by_stem: HashMap<String, PathBuf>,
    by_words: HashMap<String, PathBuf>,
}

impl Shelf {
    fn of(folder: &Path) -> Result<Self> {
        let mut paths = files::list(folder)?;
        paths.retain(|path| path.is_file() && is_audio(path));
        let stem = |path: &PathBuf| {
            let stem = path.file_stem().unwrap_or_default();
            stem.to_string_lossy().into_owned()
        };
        Ok(Self {
            by_words: paths.iter().map(|p| (words(&stem(p)), p.clone())).collect(),
            by_stem: paths.iter().map(|p| (stem(p), p.clone())).collect(),
        })
    }

    /// The file that is named after the track's id, or "Artist - Title" with the main
    /// artist or all of them.
    fn find(&self, track: &Track) -> Option<&PathBuf> {
        if let Some(path) = self.by_stem.get(track.id()) {
            return Some(path);
        }
        let artists = track.artists();
        let (main, title) = (artists.first()?, words(track.title()));
        if title.is_empty() {
            return None;
        }
        let named = |artist: &str| self.by_words.get(&format!("{}{title}", words(artist)));
        named(main).or_else(|| named(&artists.join(" ")))
    }
}

/// Only the letters and digits, in lower case: file names can't hold every title.
fn words(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_in_words_is_no_mp3() {
        for sound in [&b"ID3\x04"[..], b"\xff\xfb\x90", b"\xff\xf3\x40"] {
            assert!(is_mp3(sound), "{sound:?}");
        }
        for other in [&b""[..], b"\xff", b"<html>", b"\xff\xf1\x50", b"RIFF"] {
            assert!(!is_mp3(other), "{other:?}");
        }
    }

    #[test]
    fn sounds_of_ones_own_are_found_by_id_or_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["abc.flac", "Ann - A_B (live).mp3", ".part-x", "notes.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let shelf = Shelf::of(folder.path()).unwrap();
        let find = |json: &str| {
            let track: Track = serde_json::from_str(json).unwrap();
            let name = shelf.find(&track).and_then(|path| path.file_name());
            name.map(|name| name.to_string_lossy().into_owned())
        };
        let by_id = find(r#"{"id":"abc","name":"?","artists":[]}"#);
        assert_eq!(by_id.as_deref(), Some("abc.flac"));
        let named = r#"{"id":"d","name":"A/B (Live)","artists":[{"name":"Ann"},{"name":"Bob"}]}"#;
        assert_eq!(find(named).as_deref(), Some("Ann - A_B (live).mp3"));
        assert_eq!(
            find(r#"{"id":"e","name":"","artists":[{"name":"notes"}]}"#),
            None
        );
    }
}

//! The sound of the tracks: files of one's own, or Spotify's previews of 30 s.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::answers::Track;
use super::client::Client;
use super::http::Refusal;
use crate::cli::console;
use crate::decode::is_audio;
use crate::files;

/// After so many failures one after another the rest is left for another run.
const FAILURES_IN_A_ROW: usize = 3;

/// The sounds that are there after a run.
#[derive(Debug, Default)]
pub struct Sounds {
    /// Files by track id.
    pub by_id: HashMap<String, PathBuf>,
    /// Tracks whose preview could not be fetched, with the reason.
    pub failed: Vec<(String, String)>,
}

/// Finds or fetches the sound of every track, in `folder/previews`.
///
/// # Errors
/// When several previews in a row can't be fetched, or the folder can't be used.
pub fn fetch(client: &mut Client, tracks: &[&Track], folder: &Path) -> Result<Sounds> {
    let folder = folder.join("previews");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("the folder {} can't be made", folder.display()))?;
    let shelf = Shelf::of(&folder)?;
    let mut sounds = Sounds::default();
    let mut in_a_row = 0;
    let bar = console::progress(tracks.len(), "previews");
    for track in tracks {
        bar.inc(1);
        let id = track.id().to_owned();
        if let Some(path) = shelf.find(track) {
            sounds.by_id.insert(id, path.clone());
            continue;
        }
        let Some(url) = track.preview_url.as_deref() else {
            continue;
        };
        let path = folder.join(format!("{id}.mp3"));
        match download(client, url, &path) {
            Ok(()) => {
                in_a_row = 0;
                sounds.by_id.insert(id, path);
            }
            Err(error) => {
                // A refusal is an answer: the service is there.
                in_a_row = if error.is::<Refusal>() {
                    0
                } else {
                    in_a_row + 1
                };
                if in_a_row == FAILURES_IN_A_ROW {
                    return Err(error);
                }
                sounds.failed.push((id, format!("{error:#}")));
            }
        }
    }
    bar.finish_and_clear();
    Ok(sounds)
}

fn download(client: &mut Client, url: &str, path: &Path) -> Result<()> {
    let reply = client.download(url)?;
    if reply.status != 200 || reply.body.is_empty() {
        return Err(reply.refusal().into());
    }
    files::write_whole(path, |out| Ok(out.write_all(&reply.body)?))
}

/// The sounds that lie in the folder, by name.
struct Shelf {
    by_stem: HashMap<String, PathBuf>,
    by_words: HashMap<String, PathBuf>,
}

impl Shelf {
    fn of(folder: &Path) -> Result<Self> {
        let context = || format!("the folder {} can't be read", folder.display());
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(context)? {
            paths.push(entry.with_context(context)?.path());
        }
        paths.retain(|path| path.is_file() && is_audio(path));
        paths.sort();
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

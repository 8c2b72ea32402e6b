//! What is known of every song's sound.

use std::path::Path;

use anyhow::Result;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;

use super::fingerprint::{Fingerprint, SECONDS};
use crate::songs::song::Song;
use crate::sound::hashes;
use collections::console;
use collections::decode;
use collections::files;

/// To be raised when decoding or the fingerprint changes.
const VERSION: &str = "fingerprint 2";

/// A sound that could be read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sound {
    /// Hash of the file.
    pub(super) sha256: String,
    /// Fingerprint; `None` for MIDI files, which are known by their hash alone.
    pub(super) fingerprint: Option<Fingerprint>,
}

/// A sound, or why it can't be read; no word where the table names none.
pub(super) type Heard = Result<Sound, String>;

/// Reads the sound of every song, in their order; fingerprints are kept in the folder
/// `cache` under the hash of the file. A sound that can't be read is an error of its own.
///
/// # Errors
/// When the cache can't be written to.
pub(super) fn sounds(songs: &[Song], cache: &Path) -> Result<Vec<Heard>> {
    files::make_folder(cache)?;
    // A table of features alone may have a million rows: no error is made for each.
    let paths = songs.iter().filter_map(|song| song.path.as_deref());
    let hashes = hashes(cache, paths.map(Some))?;
    let bar = console::progress(hashes.len(), "fingerprints");
    let heard = hashes.into_par_iter().progress_with(bar).map(|hash| {
        let sound = match hash {
            Ok((path, sha256)) => sound(path, sha256, cache)?,
            Err(error) => Err(error),
        };
        Ok(sound.map_err(|error| format!("{error:#}")))
    });
    let mut heard = heard.collect::<Result<Vec<Heard>>>()?.into_iter();
    let of_song = |song: &Song| song.path.as_ref().and_then(|_| heard.next());
    let all = songs.iter().map(of_song);
    Ok(all
        .map(|heard| heard.unwrap_or_else(|| Err(String::new())))
        .collect())
}

/// The outer error is one of the cache, the inner one of this sound.
fn sound(path: &Path, sha256: String, cache: &Path) -> Result<Result<Sound>> {
    if decode::is_midi(path) {
        return Ok(decode::check_midi(path).map(|()| Sound {
            sha256,
            fingerprint: None,
        }));
    }
    let name = files::sha256_of_parts(&[VERSION, &sha256]);
    let kept = cache.join(format!("{name}.fingerprint.json"));
    let read = std::fs::read(&kept).ok();
    let read = read.and_then(|text| serde_json::from_slice(&text).ok());
    let fingerprint = match read.map_or_else(|| fingerprint(path), Ok) {
        Ok(fingerprint) => fingerprint,
        Err(error) => return Ok(Err(error)),
    };
    if !kept.is_file() {
        files::write_whole(&kept, |out| Ok(serde_json::to_writer(out, &fingerprint)?))?;
    }
    Ok(Ok(Sound {
        sha256,
        fingerprint: Some(fingerprint),
    }))
}

fn fingerprint(path: &Path) -> Result<Fingerprint> {
    let pcm = decode::decode_beginning(path, Some(SECONDS))?;
    Fingerprint::of(&pcm)
}

//! From what stands on the command line to a list of songs.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use walkdir::WalkDir;

use crate::console::Hint;
use crate::sound::decode::{AUDIO_EXTENSIONS, is_audio};

/// Files as they are named; folders searched to the bottom for audio, by name.
///
/// # Errors
/// When a folder can't be read or holds no songs.
pub fn find(inputs: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut songs = Vec::new();
    for input in inputs {
        if !input.is_dir() {
            songs.push(input.clone());
            continue;
        }
        let before = songs.len();
        for entry in WalkDir::new(input).sort_by_file_name() {
            let entry = entry.with_context(|| format!("{} can't be read", input.display()))?;
            if entry.path().is_file() && is_audio(entry.path()) {
                songs.push(entry.into_path());
            }
        }
        if songs.len() == before {
            return Err(anyhow!("there are no songs in {}", input.display()))
                .hint(format!("songs end in .{}", AUDIO_EXTENSIONS.join(", .")));
        }
    }
    Ok(songs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_searched_and_named_files_taken_as_they_are() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("album")).unwrap();
        for name in ["b.mp3", "album/a.OGG", "cover.jpg"] {
            std::fs::write(root.path().join(name), "x").unwrap();
        }
        let named = root.path().join("cover.jpg");
        let found = find(&[root.path().to_owned(), named.clone()]).unwrap();
        let expected = ["album/a.OGG", "b.mp3", "cover.jpg"];
        assert_eq!(found, expected.map(|name| root.path().join(name)));
    }

    #[test]
    fn a_folder_without_songs_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        assert!(find(&[root.path().to_owned()]).is_err());
    }
}

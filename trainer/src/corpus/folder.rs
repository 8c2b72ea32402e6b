//! A collection of one's own: `DIR/sad/*.mp3`, `DIR/happy/album/*.flac`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use undertone::Mood;
use walkdir::WalkDir;

use super::{Labelled, stem};
use crate::console::Hint;
use crate::files;
use crate::sound::decode::{is_audio, is_midi};

/// The owner sorted the songs by ear.
const WEIGHT: f32 = 1.0;

/// Reads all songs below `root`, whose sub-folders are named after the moods.
pub(super) fn read(root: &Path) -> Result<Vec<Labelled>> {
    let root = std::path::absolute(root)
        .with_context(|| format!("the folder {} can't be found", root.display()))?;
    let corpus = name_of(&root);
    let mut songs = Vec::new();
    for (folder, mood) in mood_folders(&root)? {
        for entry in WalkDir::new(&folder).sort_by_file_name() {
            let entry = entry.with_context(|| format!("{} can't be read", folder.display()))?;
            let path = entry.path();
            if path.is_file() && (is_audio(path) || is_midi(path)) {
                songs.push(labelled(&root, &corpus, &folder, path, mood)?);
            }
        }
    }
    if songs.is_empty() {
        return Err(anyhow!("there are no songs in {}", root.display()))
            .hint("put them into sub-folders sad, calm, happy and energetic");
    }
    Ok(songs)
}

/// The sub-folders and their moods; any other folder is refused by name.
fn mood_folders(root: &Path) -> Result<Vec<(PathBuf, Mood)>> {
    let entries = std::fs::read_dir(root)
        .with_context(|| format!("the folder {} can't be read", root.display()))?;
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("the folder {} can't be read", root.display()))?
            .path();
        let name = name_of(&path);
        if !path.is_dir() || name.starts_with('.') {
            continue;
        }
        let mood = Mood::from_name(&name)
            .ok_or_else(|| anyhow!("the folder {} is named after no mood", path.display()))
            .hint("the folders must be named sad, calm, happy and energetic")?;
        folders.push((path, mood));
    }
    folders.sort();
    Ok(folders)
}

fn labelled(root: &Path, corpus: &str, folder: &Path, path: &Path, mood: Mood) -> Result<Labelled> {
    let inside = path.strip_prefix(root).unwrap_or(path);
    Ok(Labelled {
        // The extension stays: `a.mp3` and `a.ogg` may stand side by side.
        id: format!("{corpus}/{}", inside.to_string_lossy().replace('\\', "/")),
        path: path.to_owned(),
        corpus: corpus.to_owned(),
        label: mood,
        label_kind: "folder".to_owned(),
        artist: String::new(),
        group: format!("{corpus}/{}", group(folder, path)?),
        published: None,
        weight: WEIGHT,
        licence: "unknown".to_owned(),
    })
}

/// The album where there is one, else the contents: copies of one file under two
/// names must not stand on both sides of the split.
fn group(folder: &Path, path: &Path) -> Result<String> {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    match inside.parent() {
        Some(album) if !album.as_os_str().is_empty() => Ok(stem(album)),
        _ => files::sha256_of(path).with_context(|| format!("{} can't be read", path.display())),
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(
        || "folder".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (number, file) in files.iter().enumerate() {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, number.to_string()).unwrap();
        }
        root
    }

    #[test]
    fn the_folder_is_the_label_and_the_album_the_group() {
        let root = collection(&[
            "SAD/a.mp3",
            "sad/vol. 1/b.ogg",
            "Happy/vol. 1/c.wav",
            "x.txt",
        ]);
        let songs = read(root.path()).unwrap();
        assert_eq!(songs.len(), 3);
        let group = |name: &str| {
            let song = songs.iter().find(|song| song.id.ends_with(name)).unwrap();
            (song.label, song.group.clone())
        };
        assert_eq!(group("b.ogg").1, group("c.wav").1);
        assert_ne!(group("a.mp3").1, group("b.ogg").1);
        assert_eq!(group("a.mp3").0, Mood::Sad);
    }

    #[test]
    fn a_folder_of_another_name_is_refused() {
        let root = collection(&["sad/a.mp3", "angry/b.mp3"]);
        let error = read(root.path()).err().unwrap();
        assert!(error.to_string().contains("angry"), "{error}");
    }
}

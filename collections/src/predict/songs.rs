//! From what stands on the command line to a list of songs.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use walkdir::WalkDir;

use crate::console::Hint;
use crate::decode::{AUDIO_EXTENSIONS, is_song};
use crate::files::slashed;
use crate::results::{Record, Shard};

/// A song, or a place where there may have been some.
pub type Found = Result<PathBuf, Record>;

/// Files as they are named; folders searched to the bottom for audio and MIDI, by name, through
/// links. Of all these only what the shard holds.
///
/// # Errors
/// When a folder can't be read at all or holds no songs.
pub fn find(inputs: &[PathBuf], shard: Shard) -> Result<Vec<Found>> {
    let mut songs = Vec::new();
    for input in inputs {
        if !input.is_dir() {
            if shard.holds(&slashed(input)) {
                songs.push(Ok(input.clone()));
            }
            continue;
        }
        let mut found = 0;
        for entry in WalkDir::new(input).follow_links(true).sort_by_file_name() {
            let one = match entry {
                Ok(entry) if entry.file_type().is_dir() || !is_song(entry.path()) => continue,
                Ok(entry) => Ok(entry.into_path()),
                Err(error) => Err(unreadable(input, &error)),
            };
            found += usize::from(one.is_ok());
            let path = match &one {
                Ok(path) => path.as_path(),
                Err(bad) => Path::new(&bad.entry.file),
            };
            // From the folder, so that it may lie elsewhere on another machine.
            let name = slashed(path.strip_prefix(input).unwrap_or(path));
            if shard.holds(&name) {
                songs.push(one);
            }
        }
        if found == 0 {
            return Err(anyhow!("there are no songs in {}", input.display())).hint(format!(
                "songs end in .mid, .{}",
                AUDIO_EXTENSIONS.join(", .")
            ));
        }
    }
    Ok(songs)
}

fn unreadable(input: &Path, error: &walkdir::Error) -> Record {
    let detail = match (error.loop_ancestor(), error.io_error()) {
        (Some(above), _) => format!("the link leads back to {}", above.display()),
        (None, Some(error)) => error.to_string(),
        (None, None) => error.to_string(),
    };
    let file = error.path().unwrap_or(input).to_string_lossy();
    Record::failed(file, "unreadable", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: &[Found]) -> Vec<String> {
        let name = |one: &Found| match one {
            Ok(path) => path.to_string_lossy().into_owned(),
            Err(bad) => format!("{}: {}", bad.entry.file, bad.error().unwrap().message),
        };
        found.iter().map(name).collect()
    }

    #[test]
    fn folders_are_searched_and_named_files_taken_as_they_are() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("album")).unwrap();
        for name in ["b.mp3", "album/a.OGG", "cover.jpg"] {
            std::fs::write(root.path().join(name), "x").unwrap();
        }
        let named = root.path().join("cover.jpg");
        let found = find(&[root.path().to_owned(), named], Shard::ALL).unwrap();
        let expected = ["album/a.OGG", "b.mp3", "cover.jpg"];
        let expected = expected.map(|name| root.path().join(name).display().to_string());
        assert_eq!(names(&found), expected);
    }

    #[test]
    fn a_folder_without_songs_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        assert!(find(&[root.path().to_owned()], Shard::ALL).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_a_loop_is_named_once() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let at = root.path();
        std::fs::create_dir_all(at.join("music/album")).unwrap();
        std::fs::create_dir(at.join("other")).unwrap();
        std::fs::write(at.join("other/b.mp3"), "x").unwrap();
        symlink(at.join("other"), at.join("music/linked")).unwrap();
        symlink(at.join("music"), at.join("music/album/up")).unwrap();
        symlink(at.join("gone.mp3"), at.join("music/gone.mp3")).unwrap();
        let found = names(&find(&[at.join("music")], Shard::ALL).unwrap());
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found[0].contains("album/up: the link leads back to"),
            "{found:?}"
        );
        assert!(found[1].contains("gone.mp3: No such file"), "{found:?}");
        assert!(found[2].ends_with("linked/b.mp3"), "{found:?}");
    }
}

//! A collection of one's own: `DIR/sad/*.mp3`, `DIR/happy/album/*.flac`; and what is no music:
//! `DIR/speech/*.wav`, `DIR/noise/*.wav`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use undertone::card::LabelSpace;
use undertone::{Kind, Mood};
use walkdir::WalkDir;

use super::song::Song;
use collections::console::Hint;
use collections::decode::is_song;
use collections::files;

/// What file servers, archives and desktops leave beside music.
const BYPRODUCTS: [&str; 2] = ["@eaDir", "__MACOSX"];

/// Why files are left aside, and how many.
#[derive(Debug, Default)]
pub struct LeftAside(BTreeMap<&'static str, usize>);

impl LeftAside {
    /// Counts a file that is no song of anybody's; gives whether it is one.
    pub fn is_aside(&mut self, path: &Path) -> bool {
        let why = reason(path);
        if let Some(why) = why {
            *self.0.entry(why).or_default() += 1;
        }
        why.is_some()
    }

    /// Says on stderr what was left aside of `source`.
    pub fn tell(&self, source: &Path) {
        let counts: Vec<String> = self.0.iter().map(|(why, n)| format!("{n} {why}")).collect();
        if !counts.is_empty() {
            let (source, counts) = (source.display(), counts.join(", "));
            note!("left aside in {source}: {counts}");
        }
    }
}

/// Why a file is left aside; `None` where it is not.
fn reason(path: &Path) -> Option<&'static str> {
    if path.to_str().is_none() {
        return Some("with a name that is no UTF-8");
    }
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let mut parts = path.components();
    if name.starts_with("._") || parts.any(|part| is_byproduct(part.as_os_str())) {
        return Some("left by other systems (._*, @eaDir, __MACOSX)");
    }
    let is_empty = path
        .metadata()
        .is_ok_and(|meta| meta.is_file() && meta.len() == 0);
    is_empty.then_some("empty")
}

fn is_byproduct(name: &OsStr) -> bool {
    BYPRODUCTS.iter().any(|byproduct| name == *byproduct)
}

/// What a folder's name says of its songs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Mood(Mood),
    Kind(Kind),
}

impl Label {
    fn from_name(name: &str) -> Option<Self> {
        let named = |kind: &Kind| kind.name().eq_ignore_ascii_case(name);
        let kind = Kind::HEARD.into_iter().find(named).map(Self::Kind);
        Mood::from_name(name).map(Self::Mood).or(kind)
    }
}

/// Reads all songs below `root`, whose sub-folders are named after moods or kinds of sound. What is no
/// song of anybody's is left aside and counted.
///
/// # Errors
/// When the folder can't be read, has another sub-folder, or holds no songs.
pub fn read(root: &Path) -> Result<Vec<Song>> {
    let root = std::path::absolute(root)
        .with_context(|| format!("the folder {} can't be found", root.display()))?;
    let corpus: Arc<str> = name_of(&root).into();
    let mut aside = LeftAside::default();
    let mut songs = Vec::new();
    for (folder, label) in labelled_folders(&root)? {
        for entry in WalkDir::new(&folder).sort_by_file_name() {
            // A folder that can't be read does not stop the others.
            let Ok(entry) = entry.inspect_err(|error| note!("{error}")) else {
                continue;
            };
            let path = entry.path();
            let is_song = path.is_file() && is_song(path);
            if is_song && !aside.is_aside(path) {
                match song(&root, &corpus, &folder, path, label) {
                    Ok(song) => songs.push(song),
                    Err(error) => note!("left out: {error:#}"),
                }
            }
        }
    }
    aside.tell(&root);
    if songs.is_empty() {
        return Err(anyhow!("there are no songs in {}", root.display()))
            .hint("put them into sub-folders sad, calm, happy and energetic");
    }
    Ok(songs)
}

/// The sub-folders and what they say; any other folder is refused by name.
fn labelled_folders(root: &Path) -> Result<Vec<(PathBuf, Label)>> {
    let unread = || format!("the folder {} can't be read", root.display());
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(root).with_context(unread)? {
        let path = entry.with_context(unread)?.path();
        let name = name_of(&path);
        if !path.is_dir() || name.starts_with('.') || is_byproduct(OsStr::new(&name)) {
            continue;
        }
        let label = Label::from_name(&name)
            .ok_or_else(|| anyhow!("the folder {} is named after no mood", path.display()))
            .hint(
                "the folders must be named sad, calm, happy and energetic, or after what is no \
                 music: speech, noise, tone",
            )?;
        folders.push((path, label));
    }
    folders.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(folders)
}

fn song(root: &Path, corpus: &Arc<str>, folder: &Path, path: &Path, label: Label) -> Result<Song> {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let title = path.file_stem().unwrap_or_default();
    let (mood, word, label_space) = match label {
        Label::Mood(mood) => (Some(mood), "", LabelSpace::PerceivedQuadrant),
        Label::Kind(kind) => (None, kind.name(), LabelSpace::SoundKind),
    };
    Ok(Song {
        // The extension stays: `a.mp3` and `a.ogg` may stand side by side.
        id: format!("{corpus}/{}", inside.to_string_lossy().replace('\\', "/")),
        title: title.to_string_lossy().into_owned(),
        path: Some(path.to_owned()),
        corpus: corpus.clone(),
        mood,
        label: word.into(),
        label_kind: "folder".into(),
        label_space,
        group: format!("{corpus}/{}", group(folder, path)?).into(),
        ..Song::default()
    })
}

/// The album where there is one, else the contents: copies of one file under two
/// names must not stand on both sides of the split.
fn group(folder: &Path, path: &Path) -> Result<String> {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    match inside.parent() {
        Some(album) if !album.as_os_str().is_empty() => {
            Ok(files::slashed(&album.with_extension("")))
        }
        _ => files::sha256_of(path).with_context(|| format!("{} can't be read", path.display())),
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name();
    name.map_or_else(
        || "folder".into(),
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
        let find = |name: &str| songs.iter().find(|song| song.id.ends_with(name)).unwrap();
        assert_eq!(find("b.ogg").group, find("c.wav").group);
        assert_ne!(find("a.mp3").group, find("b.ogg").group);
        assert_eq!(find("a.mp3").mood, Some(Mood::Sad));
    }

    #[test]
    fn what_is_no_music_has_folders_too() {
        let root = collection(&["Speech/a.wav", "noise/rain/b.wav", "calm/c.wav"]);
        let songs = read(root.path()).unwrap();
        let labels = songs
            .iter()
            .map(|song| (&*song.label, song.mood, song.label_space));
        let labels: Vec<_> = labels.collect();
        assert!(labels.contains(&("speech", None, LabelSpace::SoundKind)));
        assert!(labels.contains(&("noise", None, LabelSpace::SoundKind)));
        assert!(labels.contains(&("", Some(Mood::Calm), LabelSpace::PerceivedQuadrant)));
    }

    #[test]
    fn a_folder_of_another_name_is_refused() {
        let root = collection(&["sad/a.mp3", "angry/b.mp3"]);
        let error = read(root.path()).err().unwrap();
        assert!(error.to_string().contains("angry"), "{error}");
    }

    #[test]
    fn what_other_systems_leave_is_no_song() {
        let root = collection(&[
            "sad/a.mp3",
            "sad/._a.mp3",
            "sad/@eaDir/a.mp3",
            "sad/b/__MACOSX/a.mp3",
            "__MACOSX/sad/a.mp3",
            "@eaDir/x.mp3",
        ]);
        std::fs::write(root.path().join("sad/empty.mp3"), "").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let name = OsStr::from_bytes(b"sad/caf\xe9.mp3");
            std::fs::write(root.path().join(name), "x").unwrap();
        }
        let songs = read(root.path()).unwrap();
        assert_eq!(songs.len(), 1, "{songs:?}");
    }
}

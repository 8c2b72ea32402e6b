//! Songs sorted by mood: playlists, and a plan of folders.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::csv::{self, Reader};
use crate::mood::Mood;
use crate::tags::Tags;

/// One song of a playlist or of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<'a> {
    /// Where it lies, from the folder that holds what was dropped; `/` between names.
    pub path: &'a str,
    /// Its name, as a player shows it.
    pub title: String,
    /// Duration in seconds.
    pub duration_s: f64,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// What the file says of it.
    pub tags: &'a Tags,
    /// Beats per minute.
    pub bpm: Option<f64>,
    /// Short name of its key; empty where it is not known.
    pub key: String,
    /// Its mood; `None` where that is in doubt.
    pub mood: Option<Mood>,
}

impl Listed<'_> {
    /// Name of its folder in a plan.
    fn folder(&self) -> &'static str {
        self.mood.map_or("unsure", Mood::name)
    }
}

/// How the places of songs are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// The folder that holds what was dropped, with or without a sign at its end; where it is
    /// empty, places start from there.
    pub root: String,
    /// Whether `\` stands between names, as Windows has it, and not `/`.
    pub backslashes: bool,
}

impl Paths {
    /// The place of a song, of which `path` is [`Listed::path`].
    #[must_use]
    pub fn of(&self, path: &str) -> String {
        let (here, other) = if self.backslashes {
            ('\\', '/')
        } else {
            ('/', '\\')
        };
        let root = self.root.trim().replace(other, &here.to_string());
        let path = if self.backslashes {
            path.replace('/', "\\")
        } else {
            path.to_owned()
        };
        match root.trim_end_matches(here) {
            "" if root.is_empty() => path,
            root => format!("{root}{here}{path}"),
        }
    }
}

/// The songs as an extended M3U playlist in UTF-8 (`.m3u8`), in their order.
#[must_use]
pub fn playlist(songs: &[Listed<'_>], paths: &Paths) -> String {
    let mut text = String::from("#EXTM3U\n");
    for song in songs {
        // A line end would end the entry; no player shows one.
        let title = song.title.replace(['\r', '\n'], " ");
        let seconds = song.duration_s.round();
        let path = paths.of(song.path);
        // What starts with this sign is a comment.
        let here = match path.starts_with('#') {
            true if paths.backslashes => ".\\",
            true => "./",
            false => "",
        };
        // Writing to a String can't fail.
        let _ = writeln!(text, "#EXTINF:{seconds:.0},{title}\n{here}{path}");
    }
    text
}

/// Where each song would lie if there were a folder for each mood, as a table.
#[must_use]
pub fn plan(songs: &[Listed<'_>], reader: Reader) -> String {
    let mut text = String::from(reader.mark());
    csv::push_line(&mut text, &["path", "planned"].map(str::to_owned), reader);
    for song in songs {
        // What begins with the name of a mood is no formula.
        let planned = format!("{}/{}", song.folder(), song.path);
        csv::push_line(&mut text, &[csv::plain(song.path, reader), planned], reader);
    }
    text
}

/// The same as a script for a POSIX shell. It copies, and replaces no file.
#[must_use]
pub fn plan_script(songs: &[Listed<'_>]) -> String {
    let mut text = String::from(
        "#!/bin/sh\n\
         # Copies songs into a folder for each mood. Run it in the folder that holds what was\n\
         # dropped on the page. No file is moved or replaced.\n\
         set -eu\n\
         copy() { [ -e \"$2\" ] || cp -- \"$1\" \"$2\"; }\n",
    );
    let target = |song: &Listed<'_>| format!("./{}/{}", song.folder(), song.path);
    let folders: BTreeSet<String> = songs
        .iter()
        .map(|song| {
            let target = target(song);
            let folder = target.rsplit_once('/').map(|(folder, _)| folder);
            folder.unwrap_or(".").to_owned()
        })
        .collect();
    for folder in folders {
        let _ = writeln!(text, "mkdir -p -- {}", quoted(&folder));
    }
    for song in songs {
        let source = quoted(&format!("./{}", song.path));
        let _ = writeln!(text, "copy {source} {}", quoted(&target(song)));
    }
    text
}

/// A word that a POSIX shell takes as it stands.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

//! A library as Rekordbox and other programs for DJs take it: "rekordbox XML format list",
//! version 1.0.0, by `AlphaTheta`.

use std::fmt::Write as _;

use super::listing::{Listed, Paths};
use crate::features::Key;
use crate::mood::Mood;

/// The short name of a key: 0 is C, 11 is B; a mode of 1 is major, 0 minor. Empty where
/// either is not known.
#[must_use]
pub fn key_name(key: Option<f64>, mode: Option<f64>) -> String {
    Key::new(key, mode).map_or_else(String::new, Key::name)
}

/// The songs as a collection, and a playlist for each mood and for what is unsure.
#[must_use]
pub fn xml(songs: &[Listed<'_>], paths: &Paths) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DJ_PLAYLISTS Version=\"1.0.0\">\n",
    );
    let version = env!("CARGO_PKG_VERSION");
    // Writing to a String can't fail.
    let _ = writeln!(
        text,
        "<PRODUCT Name=\"Undertone\" Version=\"{version}\" Company=\"\"/>\n<COLLECTION Entries=\"{}\">",
        songs.len()
    );
    for (index, song) in songs.iter().enumerate() {
        text.push_str("<TRACK");
        for (name, value) in attributes(index + 1, song, paths) {
            if !value.is_empty() {
                let _ = write!(text, " {name}=\"{}\"", escaped(&value));
            }
        }
        text.push_str("/>\n");
    }
    text.push_str("</COLLECTION>\n<PLAYLISTS>\n<NODE Type=\"0\" Name=\"ROOT\" Count=\"1\">\n");
    let groups: Vec<_> = Mood::ALL.into_iter().map(Some).chain([None]).collect();
    let count = groups.len();
    let _ = writeln!(
        text,
        "<NODE Type=\"0\" Name=\"Undertone\" Count=\"{count}\">"
    );
    for mood in groups {
        let tracks = songs
            .iter()
            .enumerate()
            .filter(|(_, song)| song.mood == mood);
        let keys: Vec<_> = tracks.map(|(index, _)| index + 1).collect();
        let _ = writeln!(
            text,
            "<NODE Type=\"1\" Name=\"{}\" KeyType=\"0\" Entries=\"{}\">",
            mood.map_or("unsure", Mood::name),
            keys.len()
        );
        for key in keys {
            let _ = writeln!(text, "<TRACK Key=\"{key}\"/>");
        }
        text.push_str("</NODE>\n");
    }
    text.push_str("</NODE>\n</NODE>\n</PLAYLISTS>\n</DJ_PLAYLISTS>\n");
    text
}

fn attributes(id: usize, song: &Listed<'_>, paths: &Paths) -> [(&'static str, String); 13] {
    let tags = song.tags;
    let name = if tags.title.is_empty() {
        song.title.clone()
    } else {
        tags.title.clone()
    };
    let number = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let bpm = song.bpm.map(|bpm| format!("{bpm:.2}"));
    [
        ("TrackID", id.to_string()),
        ("Name", name),
        ("Artist", tags.artist.clone()),
        ("Album", tags.album.clone()),
        ("Size", song.bytes.to_string()),
        ("TotalTime", format!("{:.0}", song.duration_s)),
        ("TrackNumber", number(tags.track.map(f64::from))),
        ("Year", number(tags.year.map(f64::from))),
        ("AverageBpm", bpm.unwrap_or_default()),
        ("Tonality", song.key.clone()),
        (
            "Comments",
            song.mood.map_or("unsure", Mood::name).to_owned(),
        ),
        ("Location", location(&paths.of(song.path))),
        ("Kind", kind(song.path)),
    ]
}

/// `"MP3 File"`, by the ending of the name.
fn kind(path: &str) -> String {
    match path.rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 4 && !ending.contains('/') => {
            format!("{} File", ending.to_uppercase())
        }
        _ => String::new(),
    }
}

/// The address of a file (RFC 8089).
fn location(path: &str) -> String {
    let mut address = String::from("file://localhost/");
    for byte in path.replace('\\', "/").trim_start_matches('/').bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                address.push(char::from(byte));
            }
            other => {
                let _ = write!(address, "%{other:02X}");
            }
        }
    }
    address
}

/// A value as it stands between quotes; what XML can't hold at all becomes a space.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => text.push(' '),
            letter if letter.is_control() => text.push(' '),
            letter => text.push(letter),
        }
    }
    text
}

//! Which files of a folder are songs, by name and declared type.

/// Endings of sound files. What the browser can't decode gets its own message later.
const ENDINGS: [&str; 24] = [
    "mp3", "mp2", "m4a", "m4b", "mp4", "aac", "flac", "ogg", "oga", "ogv", "opus", "wav", "wave",
    "webm", "weba", "mka", "aif", "aiff", "aifc", "wma", "amr", "caf", "3gp", "alac",
];

/// Whether a file of that name and declared type (empty where there is none) is a song, as
/// far as can be told without reading it.
#[must_use]
pub fn is_song(name: &str, kind: &str) -> bool {
    // macOS puts a file of that name beside each file on foreign disks; it is no sound.
    if name.starts_with("._") {
        return false;
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let known = ending.is_some_and(|ending| {
        let mut endings = ENDINGS.iter();
        endings.any(|known| known.eq_ignore_ascii_case(ending))
    });
    known || kind.starts_with("audio/") && !kind.ends_with("mpegurl") && !kind.ends_with("x-scpls")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn songs_are_told_from_what_lies_beside_them() {
        for name in [
            "a.mp3",
            "A.MP3",
            "名前.flac",
            "🎵.opus",
            "a.b.ogg",
            "old.wma",
        ] {
            assert!(is_song(name, ""), "{name}");
        }
        assert!(is_song("no ending", "audio/mpeg"));
        for (name, kind) in [
            ("cover.jpg", "image/jpeg"),
            ("list.m3u8", "audio/x-mpegurl"),
            ("list.m3u", "audio/mpegurl"),
            ("list.pls", "audio/x-scpls"),
            ("._a.mp3", "audio/mpeg"),
            (".DS_Store", ""),
            ("mp3", ""),
            ("notes.txt", "text/plain"),
            ("", ""),
        ] {
            assert!(!is_song(name, kind), "{name}");
        }
    }
}

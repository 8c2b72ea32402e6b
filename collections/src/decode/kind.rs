//! What a file is by its name.

use std::path::Path;

/// Extensions that are taken for audio when a folder is searched, in lower case.
pub const AUDIO_EXTENSIONS: [&str; 17] = [
    "mp3", "ogg", "oga", "opus", "flac", "wav", "w64", "m4a", "mp4", "aac", "m4b", "aif", "aiff",
    "aifc", "caf", "mka", "webm",
];

/// Extensions that are rendered instead of decoded, in lower case.
const MIDI_EXTENSIONS: [&str; 2] = ["mid", "midi"];

/// Whether the file's name says that it is one of [`AUDIO_EXTENSIONS`].
#[must_use]
pub fn is_audio(path: &Path) -> bool {
    extension(path).is_some_and(|ext| AUDIO_EXTENSIONS.contains(&ext.as_str()))
}

/// Whether the file's name says that it is a MIDI file.
#[must_use]
pub fn is_midi(path: &Path) -> bool {
    extension(path).is_some_and(|ext| MIDI_EXTENSIONS.contains(&ext.as_str()))
}

/// Whether the file's name says that it holds sound or notes.
#[must_use]
pub fn is_song(path: &Path) -> bool {
    is_audio(path) || is_midi(path)
}

/// The extension in lower case.
#[must_use]
pub fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_file_is_its_extension_in_any_case() {
        assert!(is_audio(Path::new("a/b.MP3")));
        assert!(is_midi(Path::new("b.Mid")));
        assert!(is_song(Path::new("b.midi")) && !is_audio(Path::new("b.midi")));
        assert!(!is_song(Path::new("mp3")));
        assert!(!is_song(Path::new("cover.jpg")));
    }
}

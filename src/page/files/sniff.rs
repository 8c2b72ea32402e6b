//! What a file is, by its first bytes: names and declared types are often wrong.

use crate::text::Text;
use crate::text::trouble::details;

/// Bytes to look at: the signatures end at 12, a web page may begin with white space.
pub const SNIFF_BYTES: u16 = 512;

/// Kind of file, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A sound or video format; some browser may decode it.
    Media(&'static str),
    /// Certainly something else; the text says what.
    Other(Text),
    /// No known signature.
    Unknown,
}

impl FileKind {
    /// Whether [`crate::decode`] may read such files. It looks into what has no signature,
    /// too: a sound may begin after other bytes.
    #[must_use]
    pub fn can_be_read(self) -> bool {
        match self {
            Self::Media(name) => {
                matches!(name, "AIFF" | "CAF" | "FLAC" | "MP3" | "Ogg Vorbis" | "WAV")
            }
            Self::Unknown => true,
            Self::Other(_) => false,
        }
    }

    /// About how many bytes a second of sound has.
    #[must_use]
    pub fn bytes_a_second(self) -> f64 {
        match self {
            Self::Media("AIFF" | "WAV") => 176_400.0,
            Self::Media("FLAC") => 110_000.0,
            _ => 24_000.0,
        }
    }

    /// The kind of the file that starts with these bytes.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        let known = SIGNATURES.iter().find(|(offset, signature, _)| {
            head.get(*offset..)
                .is_some_and(|rest| rest.starts_with(signature))
        });
        match (known, head) {
            (Some((_, _, kind)), _) => *kind,
            // MPEG frames: 11 bits of sync, then version and layer; layer 0 is ADTS.
            (None, [0xff, second, ..]) if second & 0xf6 == 0xf0 => Self::Media("AAC"),
            (None, [0xff, second, ..]) if second & 0xe0 == 0xe0 && second & 0x06 != 0 => {
                Self::Media("MP3")
            }
            _ if is_web_page(head) => Self::Other(details::IS_WEB_PAGE),
            _ => Self::Unknown,
        }
    }
}

/// Offset, bytes and what they mean. Signatures as in the WHATWG MIME Sniffing Standard
/// §6.1 and §6.2 and, for what is not there, the formats' own definitions.
const SIGNATURES: [(usize, &[u8], FileKind); 22] = [
    (0, b"RIFX", FileKind::Media("WAV")),
    (8, b"WAVE", FileKind::Media("WAV")),
    (8, b"AIF", FileKind::Media("AIFF")),
    (0, b"ID3", FileKind::Media("MP3")),
    (28, b"\x01vorbis", FileKind::Media("Ogg Vorbis")),
    (0, b"OggS", FileKind::Media("Ogg")),
    (0, b"fLaC", FileKind::Media("FLAC")),
    (4, b"ftyp", FileKind::Media("MP4")),
    (0, b"\x1a\x45\xdf\xa3", FileKind::Media("WebM or Matroska")),
    (0, b"\x30\x26\xb2\x75", FileKind::Media("WMA")),
    (0, b"caff", FileKind::Media("CAF")),
    (0, b"#!AMR", FileKind::Media("AMR")),
    (0, b"MThd", FileKind::Other(details::IS_MIDI)),
    (0, b"\x89PNG", FileKind::Other(details::IS_PICTURE)),
    (0, b"\xff\xd8\xff", FileKind::Other(details::IS_PICTURE)),
    (0, b"GIF8", FileKind::Other(details::IS_PICTURE)),
    (8, b"WEBP", FileKind::Other(details::IS_PICTURE)),
    (0, b"%PDF", FileKind::Other(details::IS_PDF)),
    (0, b"PK\x03\x04", FileKind::Other(details::IS_ARCHIVE)),
    (0, b"Rar!", FileKind::Other(details::IS_ARCHIVE)),
    (0, b"7z\xbc\xaf", FileKind::Other(details::IS_ARCHIVE)),
    (0, b"\x1f\x8b", FileKind::Other(details::IS_ARCHIVE)),
];

/// Whether the text starts as HTML does, after white space.
fn is_web_page(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|tag| text.len() >= tag.len() && text[..tag.len()].eq_ignore_ascii_case(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPUS: &[u8] = include_bytes!("../../../tests/data/formats/opus.ogg");
    const VORBIS: &[u8] = include_bytes!("../../../tests/data/audio/sweep.ogg");

    #[test]
    fn what_the_decoder_reads_is_told_from_what_it_does_not() {
        assert!(FileKind::of(VORBIS).can_be_read());
        assert!(FileKind::of(b"fLaC").can_be_read());
        assert!(FileKind::of(b"FORM\0\0\0\x20AIFC").can_be_read());
        assert!(!FileKind::of(OPUS).can_be_read());
        assert!(FileKind::of(b"RIFX").can_be_read());
        assert!(FileKind::Unknown.can_be_read());
        assert!(!FileKind::of(b"PK\x03\x04").can_be_read());
    }

    #[test]
    fn media_is_told_from_the_rest() {
        let cases: [(&[u8], FileKind); 10] = [
            (b"RIFF\x24\x08\0\0WAVEfmt ", FileKind::Media("WAV")),
            (b"\0\0\0\x20ftypM4A ", FileKind::Media("MP4")),
            (b"\xff\xfb\x90\x64", FileKind::Media("MP3")),
            (OPUS, FileKind::Media("Ogg")),
            (VORBIS, FileKind::Media("Ogg Vorbis")),
            (b"\xff\xf1\x50\x80", FileKind::Media("AAC")),
            (b"\xff\xd8\xff\xe0", FileKind::Other(details::IS_PICTURE)),
            (b"\n <!DOCTYPE HTML>", FileKind::Other(details::IS_WEB_PAGE)),
            (b"", FileKind::Unknown),
            (b"hello", FileKind::Unknown),
        ];
        for (head, expected) in cases {
            assert_eq!(FileKind::of(head), expected, "{head:?}");
        }
    }
}

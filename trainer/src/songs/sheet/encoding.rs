//! From bytes to text: UTF-8, or what else a table may be written in.

use std::path::Path;

use anyhow::{Result, anyhow};
use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use collections::console::Hint;

/// A zip archive (APPNOTE 4.3.7), which is what a spreadsheet file is.
const ZIP_MARK: &[u8] = b"PK\x03\x04";
/// How far zero bytes are looked for: they tell UTF-16 without a mark.
const SNIFFED: usize = 1_024;
/// What to do about a file that is no text.
const SAVE_AS: &str = "save the table as UTF-8 (\"CSV UTF-8\" in a spreadsheet program)";

/// The text of a table. One that is neither UTF-8 nor UTF-16 is read in the encoding that it
/// is most probably in, which is said on stderr.
///
/// # Errors
/// When the file is no text.
pub fn decode(bytes: Vec<u8>, path: &Path) -> Result<String> {
    let name = path.display();
    if bytes.starts_with(ZIP_MARK) {
        return Err(anyhow!("{name} is a spreadsheet or an archive, not CSV")).hint(SAVE_AS);
    }
    let (encoding, mark) = Encoding::for_bom(&bytes)
        .or_else(|| wide(&bytes).map(|encoding| (encoding, 0)))
        .unwrap_or((UTF_8, 0));
    let text = if encoding == UTF_8 {
        utf8(bytes, mark, path)?
    } else {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if broken {
            return Err(anyhow!("{name} is damaged {}", encoding.name())).hint(SAVE_AS);
        }
        text.into_owned()
    };
    if let Some(zero) = text.find('\0') {
        let line = line_at(text.as_bytes(), zero);
        return Err(anyhow!("{name}, line {line}: a zero byte")).hint(SAVE_AS);
    }
    Ok(text)
}

/// UTF-16 without a mark: most characters of a table's start are ASCII, so that every other
/// byte is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(SNIFFED)];
    let zeros = |odd: usize| {
        let places = start.iter().skip(odd).step_by(2);
        places.filter(|byte| **byte == 0).count() > start.len() / 4
    };
    match (zeros(0), zeros(1)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8, or else one of the encodings of the time before it.
fn utf8(bytes: Vec<u8>, mark: usize, path: &Path) -> Result<String> {
    let error = match String::from_utf8(bytes) {
        Ok(mut text) => {
            text.drain(..mark);
            return Ok(text);
        }
        Err(error) => error,
    };
    let good = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let mut detector = EncodingDetector::new();
    detector.feed(&bytes, true);
    let encoding = detector.guess(None, false);
    let (text, broken) = encoding.decode_without_bom_handling(&bytes);
    // Letters do not decode to the control characters of ISO 8859.
    if broken || text.contains(|c| ('\u{80}'..='\u{9f}').contains(&c)) {
        let (name, line) = (path.display(), line_at(&bytes, good));
        let byte = bytes.get(good).copied().unwrap_or_default();
        return Err(anyhow!(
            "{name}, line {line}: the byte 0x{byte:02x} is not UTF-8, nor is the table {}",
            encoding.name()
        ))
        .hint(SAVE_AS);
    }
    note!(
        "{} is not UTF-8; it is read as {}",
        path.display(),
        encoding.name()
    );
    Ok(text.into_owned())
}

/// Number of the line of the byte at `place`, from 1.
fn line_at(bytes: &[u8], place: usize) -> usize {
    bytes[..place].split(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String> {
        decode(bytes.to_vec(), Path::new("t.csv"))
    }

    fn refusal(bytes: &[u8]) -> String {
        read(bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_mark_is_no_part_of_the_first_column() {
        assert_eq!(read(b"\xef\xbb\xbfid").unwrap(), "id");
    }

    #[test]
    fn older_encodings_are_read() {
        let text = "id,artist\n1,Beyonc\u{e9} Gr\u{f6}\u{df}e\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let western: Vec<u8> = text.chars().map(|c| c as u8).collect();
        for bytes in [
            little.clone(),
            big.clone(),
            western,
            [b"\xff\xfe".to_vec(), little].concat(),
            [b"\xfe\xff".to_vec(), big].concat(),
        ] {
            assert_eq!(read(&bytes).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(refusal(b"PK\x03\x04\x14\0").contains("spreadsheet"));
        assert!(refusal(b"id\n1\n2\0\n").contains("line 3: a zero byte"));
        assert!(refusal(b"\xff\xfei\0\x00\xd8d\0").contains("damaged UTF-16LE"));
    }
}

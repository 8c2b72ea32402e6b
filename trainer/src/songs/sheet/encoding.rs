//! From bytes to text: UTF-8 with or without a mark, and by name what else it is.

use std::path::Path;

use anyhow::{Result, anyhow};

use crate::console::Hint;

/// Marks at the start of a file (Unicode 16.0, section 23.8).
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
/// A zip archive (APPNOTE 4.3.7), which is what a spreadsheet file is.
const ZIP_MARK: &[u8] = b"PK\x03\x04";
/// How far zero bytes are looked for: they tell UTF-16 without a mark.
const SNIFFED: usize = 1_024;

/// The text of a table.
///
/// # Errors
/// When the file is no UTF-8.
pub fn decode<'a>(bytes: &'a [u8], path: &Path) -> Result<&'a str> {
    const SAVE_AS: &str = "save the table as UTF-8 (\"CSV UTF-8\" in a spreadsheet program)";
    let body = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    let path = path.display();
    if body.starts_with(ZIP_MARK) {
        return Err(anyhow!("{path} is a spreadsheet or an archive, not CSV")).hint(SAVE_AS);
    }
    let wide = UTF16_MARKS.iter().any(|mark| body.starts_with(mark))
        || body[..body.len().min(SNIFFED)].contains(&0);
    if wide {
        return Err(anyhow!("{path} is UTF-16, not UTF-8")).hint(SAVE_AS);
    }
    std::str::from_utf8(body).or_else(|error| {
        let good = error.valid_up_to();
        let line = body[..good].split(|byte| *byte == b'\n').count();
        Err(anyhow!(
            "{path}, line {line}: the byte 0x{:02x} is not UTF-8; the table is probably Latin-1",
            body[good]
        ))
        .hint(SAVE_AS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> String {
        decode(bytes, Path::new("t.csv")).unwrap_err().to_string()
    }

    #[test]
    fn a_mark_is_no_part_of_the_first_column() {
        assert_eq!(decode(b"\xef\xbb\xbfid", Path::new("t.csv")).unwrap(), "id");
    }

    #[test]
    fn other_encodings_are_refused_by_name() {
        assert!(refusal(b"\xff\xfei\0d\0").contains("is UTF-16"));
        assert!(refusal(b"i\0d\0").contains("is UTF-16"));
        let latin = refusal(b"id,artist\n1,Beyonc\xe9\n");
        assert!(latin.contains("line 2: the byte 0xe9"), "{latin}");
        assert!(latin.contains("Latin-1"), "{latin}");
        assert!(refusal(b"PK\x03\x04\x14\0").contains("spreadsheet"));
    }
}

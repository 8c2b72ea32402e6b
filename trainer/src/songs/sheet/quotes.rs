//! Broken quotes, which a lenient reader would turn into one huge field.

use std::path::Path;

use anyhow::{Result, anyhow};
use memchr::memchr;

use collections::console::Hint;

/// Where the scanner stands.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before the first character of a field.
    Start,
    /// In a field without quotes; quotes inside are ordinary (`12" mix`).
    Bare,
    /// Between quotes.
    Quoted,
    /// After a quote inside quotes: the end, or the first of a doubled one.
    Closed,
}

/// Checks that every quoted field ends, and ends its field (RFC 4180, section 2).
///
/// # Errors
/// When a quote is not closed or text follows one; the line is that of the opening.
pub fn check(text: &str, separator: u8, path: &Path) -> Result<()> {
    if memchr(b'"', text.as_bytes()).is_none() {
        return Ok(());
    }
    let (mut state, mut line, mut opened) = (State::Start, 1, 1);
    for byte in text.bytes() {
        state = match (state, byte) {
            (State::Quoted, b'"') => State::Closed,
            (State::Quoted, _) | (State::Closed, b'"') => State::Quoted,
            (_, b'\n' | b'\r') => State::Start,
            (_, byte) if byte == separator => State::Start,
            (State::Closed, _) => return refuse(path, opened, "text follows a closing quote"),
            (State::Start, b'"') => {
                opened = line;
                State::Quoted
            }
            _ => State::Bare,
        };
        line += u64::from(byte == b'\n');
    }
    if state == State::Quoted {
        return refuse(path, opened, "a quote is never closed");
    }
    Ok(())
}

fn refuse(path: &Path, line: u64, what: &str) -> Result<()> {
    Err(anyhow!("{}, line {line}: {what}", path.display()))
        .hint("a field is \"quoted\" whole, and a quote in it is doubled: \"the \"\"A\"\" side\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str) -> Option<String> {
        let answer = check(text, b',', Path::new("t.csv"));
        answer.err().map(|error| error.to_string())
    }

    #[test]
    fn good_quotes_pass() {
        for text in [
            "a,\"b, c\"\r\n",
            "a,\"b\nc\",\"\"",
            "\"\"\"x\"\"\",12\" mix\n",
            "",
        ] {
            assert_eq!(verdict(text), None, "{text}");
        }
    }

    #[test]
    fn broken_quotes_are_named_by_the_line_that_opens_them() {
        let open = verdict("a,b\n1,\"2\n3,4\n").unwrap();
        assert_eq!(open, "t.csv, line 2: a quote is never closed");
        let late = verdict("a,b\n1,\"2\n3,\"4\"\n").unwrap();
        assert_eq!(late, "t.csv, line 2: text follows a closing quote");
    }
}

//! What other programs say to `trainer predict -`, and what it answers.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::song::{Asked, Song, Sound};
use crate::results::Record;

/// Of requests and answers, as `docs/collections.md` tells them.
pub const PROTOCOL: u32 = 1;

/// The longest request: a song of some 380 MB in base64. What is longer is an error and
/// never in memory.
const LONGEST: u64 = 512 << 20;

/// A line that begins with a brace.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    protocol: Option<u32>,
    id: Option<Value>,
    path: Option<PathBuf>,
    bytes: Option<String>,
    name: Option<String>,
}

/// One answer, on one line.
#[derive(Debug, Serialize)]
pub struct Answer<'a> {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// As the request had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// The record.
    #[serde(flatten)]
    pub record: &'a Record,
}

/// The requests of a stream, which end with `end`: a line feed, or zero where each is a path.
pub fn requests(mut stream: impl BufRead + Send, end: u8) -> impl Iterator<Item = Asked> + Send {
    let mut number = 0;
    let mut is_lost = false;
    std::iter::from_fn(move || {
        while !is_lost {
            number += 1;
            match line(&mut stream, end, LONGEST) {
                Ok(None) => return None,
                Ok(Some(line)) if line.is_empty() => {}
                Ok(Some(line)) => return Some(asked(line, end, number)),
                Err(error) => {
                    // Behind a line that is too long another one begins.
                    is_lost = error.kind() != io::ErrorKind::FileTooLarge;
                    return Some(bad(None, number, &error.to_string()));
                }
            }
        }
        None
    })
}

/// The next line without its end; `None` behind the last.
fn line(stream: &mut impl BufRead, end: u8, longest: u64) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if stream.by_ref().take(longest).read_until(end, &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&end) {
        line.pop();
        if end == b'\n' && line.last() == Some(&b'\r') {
            line.pop();
        }
    } else if line.len() as u64 == longest {
        stream.skip_until(end)?;
        let message = format!("it is longer than {longest} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(Some(line))
}

fn asked(line: Vec<u8>, end: u8, number: usize) -> Asked {
    if end == b'\n' && line.starts_with(b"{") {
        return request(&line, number);
    }
    match path(line) {
        Some(path) => Asked {
            id: None,
            song: Ok(Song::from(path)),
        },
        None => bad(None, number, "it is no path"),
    }
}

/// Paths are bytes where the system's are, and UTF-8 elsewhere.
#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere not every line is a path"
)]
fn path(line: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(line).into())
}

#[cfg(not(unix))]
fn path(line: Vec<u8>) -> Option<PathBuf> {
    Some(String::from_utf8(line).ok()?.into())
}

fn request(line: &[u8], number: usize) -> Asked {
    let request: Request = match serde_json::from_slice(line) {
        Ok(request) => request,
        Err(error) => return bad(None, number, &format!("it is no request: {error}")),
    };
    let id = request.id;
    if let Some(protocol) = request.protocol
        && protocol != PROTOCOL
    {
        let wrong = format!("it asks for protocol {protocol}, and this program speaks {PROTOCOL}");
        return bad(id, number, &wrong);
    }
    let song = match (request.path, request.bytes) {
        (Some(path), None) => {
            let mut song = Song::from(path);
            song.name = request.name.unwrap_or(song.name);
            Ok(song)
        }
        (None, Some(bytes)) => match STANDARD.decode(bytes) {
            Ok(bytes) => Ok(Song {
                name: request.name.unwrap_or_else(|| format!("line {number}")),
                sound: Sound::Bytes(bytes),
            }),
            Err(error) => return bad(id, number, &format!("its bytes are no base64: {error}")),
        },
        _ => return bad(id, number, "it needs either a path or bytes"),
    };
    Asked { id, song }
}

fn bad(id: Option<Value>, number: usize, what: &str) -> Asked {
    let place = format!("line {number}");
    let song = Err(Record::failed(place, "request", what));
    Asked { id, song }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Id, name and bytes, or the message.
    fn read(text: &[u8], end: u8) -> Vec<String> {
        let one = |asked: Asked| {
            let id = asked.id.map_or_else(String::new, |id| format!("{id} "));
            id + &match asked.song {
                Ok(Song {
                    name,
                    sound: Sound::Bytes(bytes),
                }) => format!("{name} {bytes:?}"),
                Ok(Song {
                    name,
                    sound: Sound::File(path),
                }) => format!("{name} = {}", path.display()),
                Err(record) => {
                    let error = record.error().unwrap();
                    assert_eq!(error.kind, "request");
                    format!("{}: {}", record.entry.file, error.message)
                }
            }
        };
        requests(text, end).map(one).collect()
    }

    #[test]
    fn a_line_is_a_path_or_a_request() {
        let text = b"a b.mp3\r\n\n{\"id\": 7, \"path\": \"c.mp3\"}\n\
            {\"id\": \"x\", \"bytes\": \"AAEC\", \"name\": \"d.ogg\", \"protocol\": 1}\n{\"bytes\": \"\"}\nlast";
        let expected = [
            "a b.mp3 = a b.mp3",
            "7 c.mp3 = c.mp3",
            "\"x\" d.ogg [0, 1, 2]",
            "line 5 []",
            "last = last",
        ];
        assert_eq!(read(text, b'\n'), expected);
        let expected = ["a\nb = a\nb", "{c = {c"];
        assert_eq!(read(b"a\nb\0{c\0", 0), expected);
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_stops_nothing() {
        let text = b"{\n{\"id\": 1}\n{\"id\": 2, \"path\": \"a\", \"bytes\": \"\"}\n\
            {\"id\": 3, \"bytes\": \"?\"}\n{\"path\": \"a\", \"song\": 1}\n{\"path\": \"a\", \"protocol\": 2}\ngood";
        let got = read(text, b'\n');
        let expected = [
            "line 1: it is no request",
            "1 line 2: it needs either",
            "2 line 3: it needs either",
            "3 line 4: its bytes are no base64",
            "line 5: it is no request: unknown field `song`",
            "line 6: it asks for protocol 2",
            "good = good",
        ];
        for (got, expected) in got.iter().zip(expected) {
            assert!(got.starts_with(expected), "{got} / {expected}");
        }
        assert_eq!(got.len(), expected.len());
    }

    #[test]
    fn a_line_without_an_end_is_not_read_into_memory() {
        let mut stream = &b"0123456789\nab\n"[..];
        let error = line(&mut stream, b'\n', 4).unwrap_err();
        assert!(error.to_string().contains("longer than 4"), "{error}");
        assert_eq!(line(&mut stream, b'\n', 4).unwrap().unwrap(), b"ab");
        assert_eq!(line(&mut stream, b'\n', 4).unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn names_need_not_be_utf_8() {
        use std::os::unix::ffi::OsStrExt;
        let mut asked = requests(&b"\xff.mp3\n"[..], b'\n');
        let song = asked.next().unwrap().song.unwrap();
        let Sound::File(path) = song.sound else {
            unreachable!()
        };
        assert_eq!(path.as_os_str().as_bytes(), b"\xff.mp3");
    }
}

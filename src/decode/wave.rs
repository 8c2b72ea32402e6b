//! Heads of WAV files as they are: what players put up with, symphonia 0.6.1 does not (a
//! length of 0 or past the end, as programs write that pipe or break off; a missing pad;
//! big-endian RIFX; RF64 and Wave64 of more than 4 GB; MPEG frames inside). So the head is
//! read here, and symphonia gets a sound one.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

use super::window::Window;

/// Format tag of MPEG layer 3 (RFC 2361).
const MPEG_LAYER_3: u16 = 0x55;
/// Longest `fmt ` chunk that is read; extensible ones have 40 bytes.
const LONGEST_FORMAT: u64 = 128;
/// Beginnings of Sony's Wave64 and of its form.
const WAVE64: &[u8] = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00";
/// Where in a `ds64` chunk the length of the data stands (EBU Tech 3306).
const DS64_DATA: u64 = 8;
/// Chunks after which a file is no WAV file.
const MOST_CHUNKS: usize = 1_000;

/// How chunks are written.
struct Layout {
    is_big_endian: bool,
    /// Whether an id is a GUID and a length, which counts both, has eight bytes.
    is_wide: bool,
    /// First chunk.
    start: u64,
}

/// The format and where the sound lies.
#[derive(Default)]
struct Head {
    format: Vec<u8>,
    start: u64,
    length: u64,
}

/// The source with a sound head, where it is a WAV file, and the extension of what it holds.
///
/// # Errors
/// Those of the source.
pub(super) fn mend(
    mut source: Box<dyn MediaSource>,
) -> io::Result<(Box<dyn MediaSource>, Option<&'static str>)> {
    let Some(length) = source.byte_len().filter(|_| source.is_seekable()) else {
        return Ok((source, None));
    };
    let head = match layout(&mut source)? {
        Some(layout) => read_head(&mut source, &layout, length)?.map(|head| (head, layout)),
        None => None,
    };
    source.seek(SeekFrom::Start(0))?;
    let Some((head, layout)) = head else {
        return Ok((source, None));
    };
    let field = |at: usize| u16::from_le_bytes([head.format[at], head.format[at + 1]]);
    let (tag, channels, block) = (field(0), field(2).max(1), field(12).max(1));
    let is_mpeg = tag == MPEG_LAYER_3;
    let window = Window {
        head: if is_mpeg {
            Vec::new()
        } else {
            written(&head, block)
        },
        source,
        start: head.start,
        length: head.length,
        swapped: if layout.is_big_endian && !is_mpeg {
            usize::from((block / channels).max(1))
        } else {
            1
        },
        position: 0,
    };
    Ok((Box::new(window), Some(if is_mpeg { "mp3" } else { "wav" })))
}

/// A head for symphonia; a length that does not fit means to the end.
fn written(head: &Head, block: u16) -> Vec<u8> {
    let whole = head.length - head.length % u64::from(block);
    let length = u32::try_from(whole).unwrap_or(u32::MAX);
    let mut bytes = b"RIFF\xff\xff\xff\xffWAVEfmt ".to_vec();
    bytes.extend((head.format.len() as u32).to_le_bytes());
    bytes.extend(&head.format);
    bytes.extend(b"data");
    bytes.extend(length.to_le_bytes());
    bytes
}

/// How the chunks of the file are written; none where it is no WAV file.
fn layout(source: &mut impl MediaBytes) -> io::Result<Option<Layout>> {
    let before = tag(source)?;
    let bytes = source.bytes_at(before, 40)?;
    let is_wave = bytes.get(8..12) == Some(b"WAVE");
    let narrow = |is_big_endian| Layout {
        is_big_endian,
        is_wide: false,
        start: before + 12,
    };
    Ok(match bytes.get(..4) {
        Some(b"RIFF" | b"RF64" | b"BW64") if is_wave => Some(narrow(false)),
        Some(b"RIFX") if is_wave => Some(narrow(true)),
        _ if bytes.starts_with(WAVE64) && bytes.get(24..28) == Some(b"wave") => Some(Layout {
            is_big_endian: false,
            is_wide: true,
            start: before + 40,
        }),
        _ => None,
    })
}

/// Length of the `ID3v2` tag that the file begins with (§3.1 of its definition).
fn tag(source: &mut impl MediaBytes) -> io::Result<u64> {
    let bytes = source.bytes_at(0, 10)?;
    let [b'I', b'D', b'3', _, _, _, length @ ..] = bytes.as_slice() else {
        return Ok(0);
    };
    let length = length
        .iter()
        .fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
    Ok(10 + length)
}

/// Goes from chunk to chunk as far as the sound; none where there is no format or no sound.
fn read_head(source: &mut impl MediaBytes, layout: &Layout, file: u64) -> io::Result<Option<Head>> {
    let mut head = Head::default();
    let mut listed = None;
    let mut at = layout.start;
    for _ in 0..MOST_CHUNKS {
        let Some((id, start, length)) = chunk(source, layout, at)? else {
            break;
        };
        match &id {
            b"ds64" => {
                let bytes = source.bytes_at(start + DS64_DATA, 8)?;
                listed = bytes.try_into().ok().map(u64::from_le_bytes);
            }
            b"fmt " => {
                head.format = source.bytes_at(start, length.min(LONGEST_FORMAT))?;
                if layout.is_big_endian {
                    turn_round(&mut head.format);
                }
            }
            b"data" if head.format.len() >= 16 => {
                let left = file.saturating_sub(start);
                let length = match listed {
                    Some(listed) if length == u64::from(u32::MAX) => listed,
                    _ => length,
                };
                head.start = start;
                head.length = if length == 0 { left } else { length.min(left) };
                return Ok(Some(head));
            }
            _ => {}
        }
        let Some(end) = start.checked_add(length).filter(|end| *end < file) else {
            break;
        };
        at = next(source, layout, end)?;
    }
    Ok(None)
}

/// Id, first byte and length of the chunk at `at`.
fn chunk(
    source: &mut impl MediaBytes,
    layout: &Layout,
    at: u64,
) -> io::Result<Option<([u8; 4], u64, u64)>> {
    let header = if layout.is_wide { 24 } else { 8 };
    let bytes = source.bytes_at(at, header)?;
    let Some(id) = bytes
        .first_chunk::<4>()
        .filter(|_| bytes.len() as u64 == header)
    else {
        return Ok(None);
    };
    let length = if layout.is_wide {
        let length = bytes
            .last_chunk::<8>()
            .map_or(0, |l| u64::from_le_bytes(*l));
        length.saturating_sub(header)
    } else {
        let length = bytes.last_chunk::<4>().map_or(0, |length| {
            let read = if layout.is_big_endian {
                u32::from_be_bytes
            } else {
                u32::from_le_bytes
            };
            read(*length)
        });
        u64::from(length)
    };
    Ok(Some((*id, at + header, length)))
}

/// Where the chunk after one that ends at `end` begins: at an even place, but some programs
/// leave the pad out.
fn next(source: &mut impl MediaBytes, layout: &Layout, end: u64) -> io::Result<u64> {
    let padded = end.next_multiple_of(if layout.is_wide { 8 } else { 2 });
    let mut is_id = |at: u64| -> io::Result<bool> {
        let id = source.bytes_at(at, 4)?;
        Ok(id.len() == 4 && id.iter().all(|byte| (b' '..=b'~').contains(byte)))
    };
    Ok(if !is_id(padded)? && is_id(end)? {
        end
    } else {
        padded
    })
}

/// A `fmt ` chunk from big-endian to little-endian.
fn turn_round(format: &mut [u8]) {
    let widths = [2, 2, 4, 4, 2, 2, 2, 2, 4, 4, 2, 2];
    let mut rest = format;
    for width in widths {
        let Some((number, after)) = rest.split_at_mut_checked(width) else {
            return;
        };
        number.reverse();
        rest = after;
    }
}

/// Reading anywhere.
trait MediaBytes {
    /// So many bytes, or fewer where the file ends.
    fn bytes_at(&mut self, at: u64, count: u64) -> io::Result<Vec<u8>>;
}

impl MediaBytes for Box<dyn MediaSource> {
    fn bytes_at(&mut self, at: u64, count: u64) -> io::Result<Vec<u8>> {
        self.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        self.take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

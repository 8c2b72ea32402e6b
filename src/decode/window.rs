//! A part of a source behind a head of our own.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// Some bytes, then a part of a source, as if they were a file.
pub(super) struct Window {
    /// What comes first.
    pub(super) head: Vec<u8>,
    /// Where the rest lies.
    pub(super) source: Box<dyn MediaSource>,
    /// First byte of the part.
    pub(super) start: u64,
    /// Bytes of the part; the source has as many.
    pub(super) length: u64,
    /// Bytes of a number whose order is turned round; 1 for none.
    pub(super) swapped: usize,
    /// Where the next byte is read.
    pub(super) position: u64,
}

impl Window {
    const fn whole(&self) -> u64 {
        self.head.len() as u64 + self.length
    }

    /// Reads from byte `offset` of the part on.
    fn read_part(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        // Whole numbers only, so that each can be turned round.
        let width = self.swapped as u64;
        let before = offset % width;
        let wanted = (before + buffer.len() as u64).next_multiple_of(width);
        let from = offset - before;
        self.source.seek(SeekFrom::Start(self.start + from))?;
        let mut bytes = Vec::new();
        let wanted = wanted.min(self.length.saturating_sub(from));
        (&mut self.source).take(wanted).read_to_end(&mut bytes)?;
        for number in bytes.chunks_exact_mut(self.swapped) {
            number.reverse();
        }
        let bytes = bytes.get(before as usize..).unwrap_or_default();
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        Ok(count)
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A 32-bit machine reads files of more than 4 GB, too.
        let head = usize::try_from(self.position).ok();
        let head = head.and_then(|at| self.head.get(at..)).unwrap_or_default();
        let count = if head.is_empty() {
            self.read_part(self.position - self.head.len() as u64, buffer)?
        } else {
            let count = head.len().min(buffer.len());
            buffer[..count].copy_from_slice(&head[..count]);
            count
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let moved = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.whole().checked_add_signed(by),
        };
        self.position = moved
            .filter(|position| *position <= self.whole())
            .ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

impl MediaSource for Window {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.whole())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn window(swapped: usize) -> Window {
        Window {
            head: b"head".to_vec(),
            source: Box::new(Cursor::new((0..20).collect::<Vec<u8>>())),
            start: 3,
            length: 9,
            swapped,
            position: 0,
        }
    }

    #[test]
    fn a_window_is_its_head_and_its_part() {
        let mut all = Vec::new();
        window(1).read_to_end(&mut all).unwrap();
        assert_eq!(all, b"head\x03\x04\x05\x06\x07\x08\x09\x0a\x0b");
        let mut window = window(1);
        window.seek(SeekFrom::End(-2)).unwrap();
        let mut rest = [0; 5];
        assert_eq!(window.read(&mut rest).unwrap(), 2);
        assert_eq!(rest[..2], [10, 11]);
        assert!(window.seek(SeekFrom::Start(14)).is_err());
        assert!(window.seek(SeekFrom::Current(-14)).is_err());
    }

    #[test]
    fn numbers_are_turned_round_wherever_reading_begins() {
        for from in 4..10_u64 {
            let mut window = window(3);
            window.seek(SeekFrom::Start(from)).unwrap();
            let mut bytes = [0; 2];
            window.read_exact(&mut bytes).unwrap();
            let all = [5, 4, 3, 8, 7, 6, 11, 10, 9];
            let at = from as usize - 4;
            assert_eq!(bytes[..], all[at..at + 2]);
        }
    }
}

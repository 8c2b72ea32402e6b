//! A file of the visitor's as a decoder reads it, piece by piece, in a worker.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::Uint8Array;
use send_wrapper::SendWrapper;
use web_sys::{Blob, FileReaderSync};

use crate::decode::MediaSource;
use crate::dom;
use crate::text::Language;
use crate::text::trouble::details;

/// Bytes that are read at once: each time takes the browser a millisecond or two.
const PIECE: usize = 4 << 20;

/// A file that is read where it lies; never more than 4 MB of it is in memory.
pub struct BlobSource {
    /// A worker has one thread, so that what may not leave it does not.
    blob: SendWrapper<(Blob, FileReaderSync)>,
    length: u64,
    position: u64,
    piece: Vec<u8>,
    /// Where the piece begins in the file.
    piece_start: u64,
}

impl BlobSource {
    /// For the worker that it is made in.
    ///
    /// # Errors
    /// Outside a worker.
    pub fn new(blob: Blob) -> io::Result<Self> {
        let reader = FileReaderSync::new().map_err(|error| refused(&error))?;
        Ok(Self {
            length: blob.size() as u64,
            blob: SendWrapper::new((blob, reader)),
            position: 0,
            piece: Vec::new(),
            piece_start: 0,
        })
    }

    /// What is in memory from the position on.
    fn ahead(&self) -> &[u8] {
        let offset = self.position.checked_sub(self.piece_start);
        let offset = offset.and_then(|offset| usize::try_from(offset).ok());
        offset
            .and_then(|offset| self.piece.get(offset..))
            .unwrap_or_default()
    }

    /// Reads the piece that begins at the position.
    fn fetch(&mut self) -> io::Result<()> {
        let (blob, reader) = &*self.blob;
        let end = (self.position + PIECE as u64).min(self.length);
        let bytes = blob
            .slice_with_f64_and_f64(self.position as f64, end as f64)
            .and_then(|part| reader.read_as_array_buffer(&part))
            .map_err(|error| refused(&error))?;
        self.piece = Uint8Array::new(&bytes).to_vec();
        self.piece_start = self.position;
        Ok(())
    }
}

impl Read for BlobSource {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.length {
            return Ok(0);
        }
        if self.ahead().is_empty() {
            self.fetch()?;
        }
        let ahead = self.ahead();
        let count = ahead.len().min(out.len());
        out[..count].copy_from_slice(&ahead[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for BlobSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let position = position.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.position = position;
        Ok(position)
    }
}

impl MediaSource for BlobSource {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

/// What the browser says about a file that can't be read: it was moved, or is a folder.
fn refused(error: &wasm_bindgen::JsValue) -> io::Error {
    let detail = dom::message_of(error);
    io::Error::other(details::NOT_READ.fill(Language::English, &[("detail", &detail)]))
}

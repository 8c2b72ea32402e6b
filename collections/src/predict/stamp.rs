//! What a file is before anything of it is read.

use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Size and time of a file: while they stay, so do its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Size in bytes.
    pub bytes: i64,
    /// When it was last written to, in nanoseconds since 1970.
    pub modified_ns: i64,
}

impl Stamp {
    /// Of that file.
    ///
    /// # Errors
    /// When it is not there or is no file: reading a pipe could wait for ever.
    pub fn of(path: &Path) -> io::Result<Self> {
        let meta = path.metadata()?;
        if meta.is_dir() {
            return Err(io::Error::other("it is a folder"));
        }
        if !meta.is_file() {
            return Err(io::Error::other(
                "it is no file, but a pipe, socket or device",
            ));
        }
        let modified = meta.modified().unwrap_or(UNIX_EPOCH);
        let age = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self {
            bytes: meta.len().cast_signed(),
            modified_ns: i64::try_from(age.as_nanos()).unwrap_or(i64::MAX),
        })
    }
}

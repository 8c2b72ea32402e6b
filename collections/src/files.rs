//! Small file jobs that several commands share: hashes, whole-or-nothing writes, JSON and CSV.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use itertools::Itertools;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::console::Hint;

/// SHA-256 of a file's contents, in lower-case hexadecimal.
///
/// # Errors
/// When the file can't be read.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        match file.read(&mut chunk)? {
            0 => break,
            read => hasher.update(&chunk[..read]),
        }
    }
    Ok(format!("{:x}", hasher.finalize()))
}

/// SHA-256 of several texts; none can run into the next.
#[must_use]
pub fn sha256_of_parts(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    format!("{:x}", hasher.finalize())
}

/// A path with `/` between its folders on every system.
#[must_use]
pub fn slashed(path: &Path) -> String {
    let parts = path.components();
    parts
        .map(|part| part.as_os_str().to_string_lossy())
        .join("/")
}

/// What to do when there is no room for a file.
const ROOM_HINT: &str = "make room on the disk and run it again";

/// Writes a file that appears whole or not at all, whatever interrupts the program.
///
/// # Errors
/// When the folder can't be written to, or `fill` fails; it names `path`, and has a hint
/// where the disk is full.
pub fn write_whole(
    path: &Path,
    fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>,
) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    make_folder(folder)?;
    let unwritten = || format!("{} can't be written", path.display());
    let scratch = scratch_file(folder, "").with_context(unwritten)?;
    // The file itself: errors of the scratch file name its passing path.
    let mut out = Watched {
        out: scratch.as_file(),
        full: false,
    };
    let mut writer = BufWriter::new(&mut out);
    let filled = fill(&mut writer).and_then(|()| Ok(writer.flush()?));
    // Not flushed once more when dropped.
    drop(writer.into_parts());
    let filled = filled.with_context(unwritten);
    if out.full {
        return filled.hint(ROOM_HINT);
    }
    filled?;
    scratch
        .persist(path)
        .map_err(|error| error.error)
        .with_context(unwritten)?;
    Ok(())
}

/// Makes a folder, and those above it.
///
/// # Errors
/// When it can't be made.
pub fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("the folder {} can't be made", folder.display()))
}

/// What lies in a folder, in the order of names; nothing where there is no folder.
///
/// # Errors
/// When it can't be read.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).and_then(|entries| {
        let paths = entries.map(|entry| Ok(entry?.path()));
        paths.collect::<io::Result<Vec<_>>>()
    });
    let mut paths =
        entries.with_context(|| format!("the folder {} can't be read", folder.display()))?;
    paths.sort();
    Ok(paths)
}

/// The contents of a file.
///
/// # Errors
/// When it can't be read; the error names it, as those of all readers here do.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} can't be read", path.display()))
}

/// Writes bytes as [`write_whole`].
///
/// # Errors
/// As [`write_whole`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_whole(path, |out| Ok(out.write_all(bytes)?))
}

/// Reads what [`write_json`] wrote.
///
/// # Errors
/// When the file can't be read or holds something else.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_slice(&read(path)?).with_context(|| format!("{} is damaged", path.display()))
}

/// Writes a value as JSON for people, as [`write_whole`].
///
/// # Errors
/// As [`write_whole`].
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    write_whole(path, |out| Ok(serde_json::to_writer_pretty(out, value)?))
}

/// Reads what [`write_rows`] wrote.
///
/// # Errors
/// When the file can't be read or a line holds something else.
pub fn read_rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    csv::Reader::from_path(path)
        .and_then(|mut reader| reader.deserialize().collect())
        .with_context(|| format!("{} can't be read", path.display()))
}

/// Writes a CSV line for each struct under a line of its fields' names, as [`write_whole`].
///
/// # Errors
/// As [`write_whole`].
pub fn write_rows<T: Serialize>(path: &Path, rows: impl IntoIterator<Item = T>) -> Result<()> {
    write_whole(path, |out| {
        let mut writer = csv::Writer::from_writer(out);
        for row in rows {
            writer.serialize(row)?;
        }
        Ok(writer.flush()?)
    })
}

/// Notes whether the disk was full; the formats' own errors hide it.
struct Watched<W> {
    out: W,
    full: bool,
}

impl<W> Watched<W> {
    fn note<T>(&mut self, answer: io::Result<T>) -> io::Result<T> {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        if let Err(error) = &answer {
            self.full |= matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge);
        }
        answer
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let answer = self.out.write(bytes);
        self.note(answer)
    }

    fn flush(&mut self) -> io::Result<()> {
        let answer = self.out.flush();
        self.note(answer)
    }
}

/// A file with a passing name in `folder`, to be renamed when it is whole.
///
/// # Errors
/// When the folder can't be written to.
pub fn scratch_file(folder: &Path, suffix: &str) -> Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // Such files are private by default; what they become is not.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    builder
        .prefix(".part-")
        .suffix(suffix)
        .tempfile_in(folder)
        // Without the passing name.
        .map_err(|error| io::Error::from(error.kind()))
        .with_context(|| format!("no file can be made in {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.txt");
        write_whole(&path, |out| Ok(out.write_all(b"old")?)).unwrap();
        let failed = write_whole(&path, |out| {
            out.write_all(b"ne")?;
            anyhow::bail!("interrupted")
        });
        let error = format!("{:#}", failed.unwrap_err());
        assert!(
            error.ends_with("b.txt can't be written: interrupted"),
            "{error}"
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(
            std::fs::read_dir(folder.path().join("a")).unwrap().count(),
            1
        );
    }

    #[test]
    fn what_cannot_be_replaced_is_named_without_the_scratch_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.txt");
        std::fs::create_dir(&path).unwrap();
        let error = write_whole(&path, |out| Ok(out.write_all(b"x")?)).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains("b.txt can't be written"), "{error}");
        assert!(!error.contains(".part-"), "{error}");
    }

    #[test]
    fn a_full_disk_is_noted() {
        /// Has no room.
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut out = Watched {
            out: Full,
            full: false,
        };
        assert!(out.flush().is_ok() && !out.full);
        assert!(out.write_all(b"x").is_err() && out.full);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(sha256_of_parts(&["ab", "c"]), sha256_of_parts(&["a", "bc"]));
    }

    #[test]
    fn the_hash_is_sha_256() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            sha256_of(&path).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}

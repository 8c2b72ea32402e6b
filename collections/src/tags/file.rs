//! Tags of one file, rewritten whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use undertone::decode::SoundHash;
use undertone::tagging::{self, Tag, TagError};

use crate::decode::extension;
use crate::files;

/// The tags of a file, as [`tagging::read`].
///
/// # Errors
/// When the file can't be read, or its format has no tags.
pub fn read(path: &Path) -> Result<Tag> {
    let extension = extension(path);
    Ok(tagging::read(File::open(path)?, extension.as_deref())?)
}

/// Writes the tags into a copy of the file that takes its place when it is whole and sounds
/// the same, sample for sample.
///
/// # Errors
/// When the copy can't be written or sounds otherwise; then the file is as it was.
pub fn write(path: &Path, tag: &Tag) -> Result<()> {
    // The file itself, not a link to it.
    let path = &fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let extension = extension(path).unwrap_or_default();
    let mut scratch = files::scratch_file(folder, &format!(".{extension}"))?;
    let mut file = File::open(path)?;
    io::copy(&mut file, scratch.as_file_mut()).context("there is no room for a copy")?;
    tagging::save(scratch.as_file_mut(), tag)?;
    let heard = |path: &Path| -> Result<SoundHash> {
        Ok(SoundHash::of(
            Box::new(File::open(path)?),
            Some(&extension),
        )?)
    };
    if heard(path)? != heard(scratch.path())? {
        return Err(TagError::SoundsOtherwise.into());
    }
    scratch
        .as_file()
        .set_permissions(file.metadata()?.permissions())?;
    scratch.as_file().sync_all()?;
    scratch.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use undertone::tagging::Field;

    use super::*;

    /// Written by `tests/data/make_audio.py`.
    fn copy(folder: &Path, name: &str) -> PathBuf {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../tests/data/audio")
            .join(name);
        let path = folder.join(name);
        fs::copy(from, &path).unwrap();
        path
    }

    #[test]
    fn tags_are_read_back_and_no_byte_of_sound_changes() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "sweep.mp3",
            "sweep.flac",
            "sweep.ogg",
            "sweep.m4a",
            "sweep.wav",
            "sweep.aac",
        ] {
            let path = copy(folder.path(), name);
            let before = fs::read(&path).unwrap();
            let mut tag = read(&path).unwrap();
            for field in Field::ALL {
                assert!(field.write(&mut tag, Some("77")), "{name} {field:?}");
            }
            write(&path, &tag).unwrap();
            let after = fs::read(&path).unwrap();
            assert_ne!(before, after);
            let tag = read(&path).unwrap();
            for field in Field::ALL {
                assert_eq!(field.read(&tag).as_deref(), Some("77"), "{name} {field:?}");
            }
            // The coded sound stands in the file as it stood.
            let middle = &before[before.len() / 2..][..200];
            assert!(after.windows(200).any(|window| window == middle), "{name}");
        }
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 6, "no scratch file is left");
    }

    #[test]
    fn what_is_no_song_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text.mp3");
        fs::write(&path, "no song at all ".repeat(100)).unwrap();
        assert!(read(&path).is_err() || write(&path, &read(&path).unwrap()).is_err());
        assert!(fs::read(&path).unwrap().starts_with(b"no song"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_rights_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let path = copy(folder.path(), "sweep.flac");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link.flac");
        symlink(&path, &link).unwrap();
        let mut tag = read(&link).unwrap();
        Field::Mood.write(&mut tag, Some("sad"));
        write(&link, &tag).unwrap();
        assert!(link.is_symlink());
        assert_eq!(Field::Mood.read(&read(&path).unwrap()).unwrap(), "sad");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}

//! Tags of one file, rewritten whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;

use anyhow::{Context, Result, bail};
use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::TaggedFileExt;
use lofty::mp4::{Atom, AtomData, AtomIdent, Ilst};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag, TagExt, TagType};

use crate::decode::{extension, hash_of_sound};
use crate::files;

/// Begins a file with tags of that version, which many players still prefer.
const ID3_V2_3: &[u8; 4] = b"ID3\x03";

/// The tempo in MP4. It is a number where other tags are texts, and lofty, which hands out
/// texts alone, does not know that.
const TEMPO: AtomIdent<'static> = AtomIdent::Fourcc(*b"tmpo");

/// The tags of a file, in the form that is usual for its format; none where it has none.
///
/// # Errors
/// When the file can't be read, or its format has no tags.
pub fn read(path: &Path) -> Result<Tag> {
    let mut options = ParseOptions::new();
    options.read_properties(false);
    let file = Probe::open(path)?.options(options).guess_file_type()?;
    let file = file.read().context("its tags can't be read")?;
    let tag = file.primary_tag().cloned();
    let mut tag = tag.unwrap_or_else(|| Tag::new(file.primary_tag_type()));
    if tag.tag_type() == TagType::Mp4Ilst
        && let Some(AtomData::SignedInteger(bpm)) = tempo(&Ilst::from(tag.clone()))
    {
        tag.insert_text(ItemKey::IntegerBpm, bpm.to_string());
    }
    Ok(tag)
}

fn tempo(tags: &Ilst) -> Option<&AtomData> {
    tags.get(&TEMPO)?.data().next()
}

/// The tags as MP4 has them.
fn for_mp4(tag: &Tag) -> Ilst {
    let mut tags = Ilst::from(tag.clone());
    drop(tags.remove(&TEMPO));
    let bpm = tag.get_string(ItemKey::IntegerBpm);
    if let Some(bpm) = bpm.and_then(|bpm| bpm.parse().ok()) {
        tags.insert(Atom::new(TEMPO, AtomData::SignedInteger(bpm)));
    }
    tags
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
    let mut options = WriteOptions::new();
    options.use_id3v23(is_id3_v2_3(path)?);
    scratch.as_file_mut().rewind()?;
    let copy = scratch.as_file_mut();
    let saved = match tag.tag_type() {
        TagType::Mp4Ilst => for_mp4(tag).save_to(copy, options),
        _ => tag.save_to(copy, options),
    };
    saved.context("its tags can't be written")?;
    let heard = |path: &Path| -> Result<String> {
        Ok(hash_of_sound(
            Box::new(File::open(path)?),
            Some(&extension),
        )?)
    };
    if heard(path)? != heard(scratch.path())? {
        bail!("with other tags it would sound otherwise; it was left as it is");
    }
    scratch
        .as_file()
        .set_permissions(file.metadata()?.permissions())?;
    scratch.as_file().sync_all()?;
    scratch.persist(path)?;
    Ok(())
}

fn is_id3_v2_3(path: &Path) -> io::Result<bool> {
    let mut first = Vec::new();
    File::open(path)?
        .take(ID3_V2_3.len() as u64)
        .read_to_end(&mut first)?;
    Ok(first == ID3_V2_3)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::field::Field;
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
    fn the_tempo_of_mp4_is_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = copy(folder.path(), "sweep.m4a");
        for bpm in ["99", "77"] {
            let mut tag = read(&path).unwrap();
            Field::Bpm.write(&mut tag, Some(bpm));
            write(&path, &tag).unwrap();
            let tag = read(&path).unwrap();
            assert_eq!(Field::Bpm.read(&tag).unwrap(), bpm);
            let tags = for_mp4(&tag);
            let number = AtomData::SignedInteger(bpm.parse().unwrap());
            assert_eq!(tempo(&tags), Some(&number));
        }
        let mut tag = read(&path).unwrap();
        Field::Bpm.write(&mut tag, None);
        write(&path, &tag).unwrap();
        assert_eq!(Field::Bpm.read(&read(&path).unwrap()), None);
    }

    #[test]
    fn other_tags_stay() {
        use lofty::tag::Accessor;
        let folder = tempfile::tempdir().unwrap();
        let path = copy(folder.path(), "sweep.mp3");
        let mut tag = read(&path).unwrap();
        tag.set_title("a title".to_owned());
        tag.insert_text(ItemKey::AlbumArtist, "somebody".to_owned());
        write(&path, &tag).unwrap();
        let mut tag = read(&path).unwrap();
        Field::Mood.write(&mut tag, Some("calm"));
        write(&path, &tag).unwrap();
        let tag = read(&path).unwrap();
        assert_eq!(tag.title().as_deref(), Some("a title"));
        assert_eq!(tag.get_string(ItemKey::AlbumArtist), Some("somebody"));
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

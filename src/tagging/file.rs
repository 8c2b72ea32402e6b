//! Tags in the bytes of a file, and the proof that it sounds as before.

use std::io::{self, Cursor, Read, Seek};
use std::sync::Arc;

use lofty::config::{ParseOptions, WriteOptions};
use lofty::error::{FileEncodingError, FileParseError};
use lofty::file::{FileType, TaggedFileExt};
use lofty::io::FileLike;
use lofty::mp4::{Atom, AtomData, AtomIdent, Ilst};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag, TagExt, TagType};
use thiserror::Error;

use super::change::{Change, Texts};
use super::field::Field;
use crate::decode::{MediaSource, SoundHash};
use crate::error::AnalysisError;

/// Begins a file with tags of that version, which many players still prefer.
const ID3_V2_3: &[u8; 4] = b"ID3\x03";

/// The tempo in MP4. It is a number where other tags are texts, and lofty, which hands out
/// texts alone, does not know that.
const TEMPO: AtomIdent<'static> = AtomIdent::Fourcc(*b"tmpo");

/// Why a file gets no tags; it is as it was.
#[derive(Debug, Error)]
pub enum TagError {
    /// It can't be read.
    #[error("it can't be read")]
    Unreadable(#[from] io::Error),
    /// Tags can't be read from it.
    #[error("its tags can't be read")]
    NoTags(#[source] FileParseError),
    /// They can't be written into it.
    #[error("its tags can't be written")]
    Unwritable(#[source] FileEncodingError),
    /// Whether it sounds as before can't be told.
    #[error("it can't be told what it sounds like")]
    Unheard(#[from] AnalysisError),
    /// The copy with the new tags sounds otherwise.
    #[error("with other tags it would sound otherwise; it was left as it is")]
    SoundsOtherwise,
}

impl Field {
    /// The names that formats know it by; the first that one knows is written.
    const fn keys(self) -> &'static [ItemKey] {
        match self {
            Self::Mood => &[ItemKey::Mood],
            Self::Bpm => &[ItemKey::IntegerBpm, ItemKey::Bpm],
            Self::Key => &[ItemKey::InitialKey],
            Self::Comment => &[ItemKey::Comment],
        }
    }

    /// What the file has.
    #[must_use]
    pub fn read(self, tag: &Tag) -> Option<String> {
        let mut texts = self.keys().iter().flat_map(|key| tag.get_strings(*key));
        texts.next().map(str::to_owned)
    }

    /// Puts a text in its place, or takes it away; whether the format knows the field.
    pub fn write(self, tag: &mut Tag, text: Option<&str>) -> bool {
        for key in self.keys() {
            tag.remove_key(*key);
        }
        let Some(text) = text else {
            return true;
        };
        let mut keys = self.keys().iter();
        keys.any(|key| tag.insert_text(*key, text.to_owned()))
    }
}

/// What stands in the tags for each field.
#[must_use]
pub fn texts(tag: &Tag) -> Texts {
    Field::ALL.map(|field| field.read(tag))
}

/// The tags of a file, in the form that is usual for its format; none where it has none. The
/// extension, where its name has one, is a hint.
///
/// # Errors
/// When the file can't be read, or its format has no tags.
pub fn read(source: impl Read + Seek, extension: Option<&str>) -> Result<Tag, TagError> {
    let mut options = ParseOptions::new();
    options.read_properties(false);
    let source = io::BufReader::new(source);
    let probe = match extension.and_then(FileType::from_ext) {
        Some(kind) => Probe::with_file_type(source, kind),
        None => Probe::new(source),
    };
    let probe = probe.options(options).guess_file_type()?;
    let file = probe.read().map_err(TagError::NoTags)?;
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

/// Writes tags into a copy of a file.
///
/// # Errors
/// When the copy can't be read or written.
pub fn save(copy: &mut impl FileLike, tag: &Tag) -> Result<(), TagError> {
    copy.rewind()?;
    let mut first = Vec::new();
    let begins = Read::by_ref(copy).take(ID3_V2_3.len() as u64);
    { begins }.read_to_end(&mut first)?;
    copy.rewind()?;
    let mut options = WriteOptions::new();
    options.use_id3v23(first == ID3_V2_3);
    let saved = match tag.tag_type() {
        TagType::Mp4Ilst => for_mp4(tag).save_to(copy, options),
        _ => tag.save_to(copy, options),
    };
    saved.map_err(TagError::Unwritable)
}

/// Bytes that are read and come back.
struct Lent(Arc<Vec<u8>>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The bytes of a file with these changes made, once it is proved that they sound the same.
///
/// # Errors
/// When they can't be read or written, or would sound otherwise.
pub fn rewrite(
    bytes: Vec<u8>,
    changes: &[Change],
    extension: Option<&str>,
) -> Result<Vec<u8>, TagError> {
    let mut tag = read(Cursor::new(bytes.as_slice()), extension)?;
    for change in changes {
        change.field.write(&mut tag, change.after.as_deref());
    }
    let (before, bytes) = heard(bytes, extension)?;
    let mut copy = Cursor::new(bytes);
    save(&mut copy, &tag)?;
    let (after, bytes) = heard(copy.into_inner(), extension)?;
    if before != after {
        return Err(TagError::SoundsOtherwise);
    }
    Ok(bytes)
}

/// What the bytes sound like, and the bytes.
fn heard(bytes: Vec<u8>, extension: Option<&str>) -> Result<(SoundHash, Vec<u8>), TagError> {
    let bytes = Arc::new(bytes);
    let source: Box<dyn MediaSource> = Box::new(Cursor::new(Lent(Arc::clone(&bytes))));
    let hash = SoundHash::of(source, extension)?;
    Ok((hash, Arc::unwrap_or_clone(bytes)))
}

#[cfg(test)]
#[cfg(feature = "codecs")]
mod tests;

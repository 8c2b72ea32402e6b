//! The tags and the cover of a file, as symphonia found them: ID3, Vorbis comments, MP4, RIFF
//! and others.

use symphonia::core::formats::FormatOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::{
    Metadata, MetadataContainer, MetadataOptions, MetadataRevision, RawValue, StandardTag, Tag,
};

use super::cover;
use crate::tags::Tags;

/// What a file says and shows of its song.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Head {
    /// Its tags.
    pub tags: Tags,
    /// Its picture, as JPEG, PNG, WebP or GIF.
    pub cover: Option<Vec<u8>>,
}

/// Most letters of a text. Nobody's title is longer; some files hold a letter in one.
const MOST_LETTERS: usize = 250;
/// Most artists that are named.
const MOST_ARTISTS: usize = 5;

/// The head of a file that somebody else decodes; empty where its container is not known here.
#[must_use]
pub fn read(source: Box<dyn MediaSource>) -> Head {
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let format = symphonia::default::get_probe().probe(
        &Hint::new(),
        stream,
        FormatOptions::default(),
        MetadataOptions::default(),
    );
    format.map_or_else(|_| Head::default(), |mut format| of(format.metadata()))
}

/// What the metadata say. What was found last counts first: a container's own tags, or those
/// at the start, before those at the end of the file.
pub(super) fn of(mut metadata: Metadata<'_>) -> Head {
    let mut revisions = Vec::new();
    while let Some(revision) = metadata.pop() {
        revisions.push(revision);
    }
    revisions.extend(metadata.current().cloned());
    let mut tags = Tags::default();
    for revision in revisions.iter().rev() {
        complete(&mut tags, &of_revision(revision));
    }
    Head {
        tags,
        cover: cover::of(&revisions),
    }
}

/// Fills in what is not there yet.
fn complete(tags: &mut Tags, other: &Tags) {
    let fill = |text: &mut String, other: &str| {
        if text.is_empty() {
            other.clone_into(text);
        }
    };
    fill(&mut tags.title, &other.title);
    fill(&mut tags.artist, &other.artist);
    fill(&mut tags.album, &other.album);
    fill(&mut tags.key, &other.key);
    tags.track = tags.track.or(other.track);
    tags.year = tags.year.or(other.year);
    tags.bpm = tags.bpm.or(other.bpm);
}

fn of_revision(revision: &MetadataRevision) -> Tags {
    let tracks = revision.per_track.iter().map(|track| &track.metadata);
    let containers = std::iter::once(&revision.media).chain(tracks);
    let mut tags = Tags::default();
    let mut artists: Vec<String> = Vec::new();
    let mut album_artist = String::new();
    let mut released = None;
    for tag in containers.flat_map(|container: &MetadataContainer| &container.tags) {
        match &tag.std {
            Some(StandardTag::TrackTitle(title)) => first(&mut tags.title, title),
            Some(StandardTag::Album(album)) => first(&mut tags.album, album),
            Some(StandardTag::InitialKey(key)) => first(&mut tags.key, key),
            Some(StandardTag::AlbumArtist(artist)) => first(&mut album_artist, artist),
            Some(StandardTag::Artist(artist)) => {
                // ID3v2.4 puts a zero between several.
                for artist in artist.split('\0').map(clean) {
                    if !artist.is_empty() && !artists.contains(&artist) {
                        artists.push(artist);
                    }
                }
            }
            Some(StandardTag::TrackNumber(number)) => {
                let number = u32::try_from(*number).ok().filter(|number| *number > 0);
                tags.track = tags.track.or(number);
            }
            Some(StandardTag::RecordingYear(year)) => tags.year = tags.year.or(possible(*year)),
            Some(StandardTag::ReleaseYear(year)) => released = released.or(possible(*year)),
            Some(StandardTag::RecordingDate(date) | StandardTag::RecordingTime(date)) => {
                tags.year = tags.year.or_else(|| year(date));
            }
            Some(StandardTag::ReleaseDate(date) | StandardTag::ReleaseTime(date)) => {
                released = released.or_else(|| year(date));
            }
            // symphonia knows it in ID3v2 alone.
            None if is_named(tag, &["INITIALKEY", "KEY"]) => {
                first(&mut tags.key, &tag.raw.value.to_string());
            }
            _ => {}
        }
        if is_bpm(tag) {
            tags.bpm = tags.bpm.or_else(|| bpm(&tag.raw.value));
        }
    }
    artists.truncate(MOST_ARTISTS);
    tags.artist = artists.join(", ");
    if tags.artist.is_empty() {
        tags.artist = album_artist;
    }
    tags.year = tags.year.or(released);
    tags
}

/// Takes a text where there was none.
fn first(text: &mut String, other: &str) {
    if text.is_empty() {
        *text = clean(other);
    }
}

/// A text in one line, without what can't be seen, and not too long.
fn clean(text: &str) -> String {
    let text = mended(text);
    let visible = |letter: char| {
        let is_format = matches!(letter, '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        !letter.is_control() && !is_format
    };
    let words = text.split(|letter: char| letter.is_whitespace() || letter == '\0');
    let words = words.map(|word| word.chars().filter(|l| visible(*l)).collect::<String>());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MOST_LETTERS).collect()
}

/// A text that was written as UTF-8 and declared as Latin-1 (`"Ã©"`), as it was meant. By
/// chance hardly any other text is valid UTF-8.
fn mended(text: &str) -> String {
    let is_latin = text.chars().all(|letter| u32::from(letter) < 0x100);
    if is_latin && !text.is_ascii() {
        let bytes = text.chars().map(|letter| letter as u8).collect();
        if let Ok(meant) = String::from_utf8(bytes) {
            return meant;
        }
    }
    text.to_owned()
}

/// The year that a date begins with.
fn year(date: &str) -> Option<u16> {
    let digits = date.trim().get(..4)?;
    digits.parse().ok().and_then(possible)
}

const fn possible(year: u16) -> Option<u16> {
    match year {
        1..=9999 => Some(year),
        _ => None,
    }
}

/// Whether it holds the beats per minute; symphonia reads only whole ones.
fn is_bpm(tag: &Tag) -> bool {
    matches!(tag.std, Some(StandardTag::Bpm(_)))
        || is_named(tag, &["TBPM", "TBP", "BPM", "TEMPO", "tmpo"])
}

/// Whether it has one of these names in the file.
fn is_named(tag: &Tag, names: &[&str]) -> bool {
    let mut names = names.iter();
    names.any(|name| tag.raw.key.eq_ignore_ascii_case(name))
}

fn bpm(value: &RawValue) -> Option<f64> {
    let text = match value {
        RawValue::StringList(all) => all.first()?.clone(),
        other => other.to_string(),
    };
    let bpm: f64 = text.trim().replace(',', ".").parse().ok()?;
    (bpm > 0.0 && bpm < 1_000.0).then_some(bpm)
}

#[cfg(test)]
mod tests;

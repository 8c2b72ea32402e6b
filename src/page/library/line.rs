//! The list line by line: songs, under headings where they are grouped.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::entry::Entry;
use super::song::LibrarySong;
use crate::mood::Mood;

/// What songs stand together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// All in one list.
    #[default]
    None,
    /// By mood.
    Mood,
    /// By artist.
    Artist,
    /// By album.
    Album,
    /// By folder.
    Folder,
}

impl Grouping {
    /// The grouping of that name in `index.html`; any other name is none.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "mood" => Self::Mood,
            "artist" => Self::Artist,
            "album" => Self::Album,
            "folder" => Self::Folder,
            _ => Self::None,
        }
    }
}

/// What the songs below a heading share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shared {
    /// A mood that is sure.
    Mood(Mood),
    /// Their mood is in doubt.
    Unsure,
    /// They are no music.
    NoMusic,
    /// That artist, album or folder; empty where none is named.
    Text(String),
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The songs below, up to the next heading.
    Heading {
        /// What they share.
        shared: Shared,
        /// How many they are.
        count: usize,
    },
    /// A song, by the SHA-256 of its file.
    Song(Rc<str>),
}

/// The lines of songs that are sorted.
pub fn lines<'a>(
    grouping: Grouping,
    songs: impl Iterator<Item = (&'a Rc<str>, &'a Entry)>,
) -> Vec<Line> {
    let song = |hash: &Rc<str>| Line::Song(Rc::clone(hash));
    if grouping == Grouping::None {
        return songs.map(|(hash, _)| song(hash)).collect();
    }
    let mut groups: BTreeMap<Place, (Shared, Vec<Line>)> = BTreeMap::new();
    for (hash, entry) in songs {
        let (place, shared) = group(grouping, entry);
        let group = groups.entry(place).or_insert_with(|| (shared, Vec::new()));
        group.1.push(song(hash));
    }
    let mut lines = Vec::new();
    for (shared, songs) in groups.into_values() {
        let count = songs.len();
        lines.push(Line::Heading { shared, count });
        lines.extend(songs);
    }
    lines
}

/// Where a group stands among the others: those without a name last.
type Place = (usize, String);

fn group(grouping: Grouping, entry: &Entry) -> (Place, Shared) {
    let LibrarySong { kept, .. } = &entry.song;
    let by_text = |text: &str| {
        let place = (usize::from(text.is_empty()), super::natural_key(text));
        (place, Shared::Text(text.to_owned()))
    };
    match grouping {
        Grouping::None | Grouping::Mood => {
            let (place, shared) = match (entry.song.mood(), entry.song.sure_mood()) {
                (_, Some(mood)) => (mood.index(), Shared::Mood(mood)),
                (Some(_), None) => (Mood::COUNT, Shared::Unsure),
                (None, None) => (Mood::COUNT + 1, Shared::NoMusic),
            };
            ((place, String::new()), shared)
        }
        Grouping::Artist => by_text(&kept.tags.artist),
        Grouping::Album => by_text(&kept.tags.album),
        Grouping::Folder => by_text(entry.song.folder()),
    }
}

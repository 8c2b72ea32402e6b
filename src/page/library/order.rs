//! Which songs of the library are shown, and in which order.

use std::cmp::Ordering;

use super::kept::Kept;
use super::song::LibrarySong;
use crate::mood::Mood;

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Title, or else the file's name, as people count: 2 before 10.
    Name,
    /// Artist, then album, track and title.
    Artist,
    /// Mood, in the order of [`Mood::ALL`].
    Mood,
    /// Probability of the mood.
    Certainty,
    /// From drowsy to excited.
    Arousal,
    /// From unpleasant to pleasant.
    Valence,
    /// Beats per minute.
    Tempo,
    /// Duration.
    Duration,
    /// When it was judged.
    Judged,
}

impl Column {
    /// All columns, from left to right.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Artist,
        Self::Mood,
        Self::Certainty,
        Self::Arousal,
        Self::Valence,
        Self::Tempo,
        Self::Duration,
        Self::Judged,
    ];

    /// The name in `data-column`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Artist => "artist",
            Self::Mood => "mood",
            Self::Certainty => "certainty",
            Self::Arousal => "arousal",
            Self::Valence => "valence",
            Self::Tempo => "tempo",
            Self::Duration => "duration",
            Self::Judged => "judged",
        }
    }

    /// The column of that [`Column::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// The number that the column shows; `None` for names, for what was not measured and
    /// for the mood of what is no music.
    fn value(self, song: &LibrarySong) -> Option<f64> {
        let kept = &song.kept;
        let judged = |value: f32| kept.kind.is_music().then_some(f64::from(value));
        match self {
            Self::Name | Self::Artist => None,
            Self::Mood => Some(song.mood()?.index() as f64),
            Self::Certainty => judged(kept.certainty()),
            Self::Arousal => judged(kept.affect.arousal),
            Self::Valence => judged(kept.affect.valence),
            Self::Tempo => kept.features.tempo,
            Self::Duration => Some(kept.duration_s),
            Self::Judged => Some(kept.judged_ms),
        }
    }
}

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// What to sort by.
    pub column: Column,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Default for Sort {
    /// The newest first.
    fn default() -> Self {
        Self {
            column: Column::Judged,
            descending: true,
        }
    }
}

impl Sort {
    /// As after a press on that column's heading: the same column turns around.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        Self {
            column,
            descending: self.column == column && !self.descending,
        }
    }

    /// The order of two songs. What has no value comes last both ways, equals go by name.
    #[must_use]
    pub fn compare(self, a: &LibrarySong, b: &LibrarySong) -> Ordering {
        let turned = |order: Ordering| {
            if self.descending {
                order.reverse()
            } else {
                order
            }
        };
        let names = || {
            natural(a.kept.title(), b.kept.title())
                .then_with(|| natural(&a.kept.origin.name, &b.kept.origin.name))
        };
        let order = match (self.column.value(a), self.column.value(b)) {
            _ if self.column == Column::Name => turned(names()),
            _ if self.column == Column::Artist => match [a, b].map(LibrarySong::has_artist) {
                [true, true] => turned(albums(a, b)),
                [a, b] => b.cmp(&a),
            },
            (Some(a), Some(b)) => turned(a.total_cmp(&b)),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        order
            .then_with(names)
            .then_with(|| a.kept.origin.hash.cmp(&b.kept.origin.hash))
    }
}

/// Songs by artist, album and track.
fn albums(a: &LibrarySong, b: &LibrarySong) -> Ordering {
    let [a, b] = [a, b].map(|song| &song.kept.tags);
    natural(&a.artist, &b.artist)
        .then_with(|| natural(&a.album, &b.album))
        .then_with(|| a.track.cmp(&b.track))
}

/// How sure a shown verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Certainty {
    /// Any.
    #[default]
    Any,
    /// Only what the judges, or the visitor, are sure of.
    Sure,
    /// Only what they are not.
    Unsure,
}

/// What is shown together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Music of that mood.
    Mood(Mood),
    /// What is no music.
    NoMusic,
}

/// Which songs are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words that must all stand in name, path or tags, in any case.
    pub text: String,
    /// Only that group.
    pub group: Option<Group>,
    /// Only so certain.
    pub certainty: Certainty,
}

impl Filter {
    /// Whether the song is shown.
    #[must_use]
    pub fn admits(&self, song: &LibrarySong) -> bool {
        let certain = match self.certainty {
            Certainty::Any => true,
            Certainty::Sure => song.sure_mood().is_some(),
            Certainty::Unsure => song.is_unsure(),
        };
        let grouped = match self.group {
            None => true,
            Some(Group::Mood(mood)) => song.mood() == Some(mood),
            Some(Group::NoMusic) => song.mood().is_none(),
        };
        certain && grouped && self.finds(song)
    }

    fn finds(&self, song: &LibrarySong) -> bool {
        let Kept { origin, tags, .. } = &song.kept;
        let texts = [
            &origin.name,
            &origin.path,
            &tags.title,
            &tags.artist,
            &tags.album,
        ];
        let place = texts.map(String::as_str).join("\n").to_lowercase();
        let words = self.text.to_lowercase();
        words.split_whitespace().all(|word| place.contains(word))
    }
}

/// Compares names without regard to case, runs of digits by their number.
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let order = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return a.cmp(b),
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                digits(&mut left).cmp(&digits(&mut right))
            }
            (x, y) => {
                left.next();
                right.next();
                x.map(small).cmp(&y.map(small))
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// A letter without regard to case; some capitals have more than one small letter.
fn small(letter: char) -> Option<char> {
    letter.to_lowercase().next()
}

/// Takes the digits at the front: their number's length and the digits, without zeros at
/// the front, so that no number is too long.
fn digits(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> (usize, String) {
    let mut run = String::new();
    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
        run.push(digit);
    }
    let number = run.trim_start_matches('0').to_owned();
    (number.len(), number)
}

//! Which songs of the library are shown.

use super::entry::Entry;
use super::song::LibrarySong;
use crate::mood::Mood;
use crate::rule::Rule;

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
    /// The songs that are shown, of a list with these rules.
    pub(super) fn admitting<'a>(&'a self, rules: &'a [Rule]) -> impl Fn(&Entry) -> bool + 'a {
        let words = self.text.to_lowercase();
        let words: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
        move |entry| {
            self.fits(&entry.song)
                && words.iter().all(|word| entry.text.contains(word))
                && rules.iter().all(|rule| rule.holds(&entry.song))
        }
    }

    fn fits(&self, song: &LibrarySong) -> bool {
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
        certain && grouped
    }
}

//! One song that was judged, and what the visitor said of it.

use super::kept::Kept;
use crate::mood::Mood;

/// One song of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct LibrarySong {
    /// Its verdict.
    pub kept: Kept,
    /// What the visitor hears, where she has said so.
    pub said: Option<Mood>,
}

impl LibrarySong {
    /// SHA-256 of its file.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.kept.origin.hash
    }

    /// Whether its file names an artist.
    #[must_use]
    pub const fn has_artist(&self) -> bool {
        !self.kept.tags.artist.is_empty()
    }

    /// What the visitor said, else the verdict; `None` for what is no music.
    #[must_use]
    pub fn mood(&self) -> Option<Mood> {
        self.said
            .or_else(|| self.kept.kind.is_music().then_some(self.kept.mood))
    }

    /// The same where it is beyond doubt.
    #[must_use]
    pub fn sure_mood(&self) -> Option<Mood> {
        self.mood().filter(|_| !self.is_unsure())
    }

    /// Whether its mood is in doubt; never where the visitor has said it, or it has none.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        self.kept.unsure && self.said.is_none() && self.kept.kind.is_music()
    }
}

//! One song that was judged, and what the visitor said of it.

use std::borrow::Cow;

use super::kept::Kept;
use crate::features::Key;
use crate::mood::Mood;
use crate::rule::{Fact, Facts};
use crate::tagging::Told;

/// One song of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct LibrarySong {
    /// Its verdict.
    pub kept: Kept,
    /// What the visitor hears, where she has said so.
    pub said: Option<Mood>,
    /// What she would hear, by what was learnt from her, where that is another mood than the
    /// verdict's and she has said nothing.
    pub heard: Option<Mood>,
}

impl LibrarySong {
    /// A song of which nothing was learnt.
    #[must_use]
    pub const fn new(kept: Kept, said: Option<Mood>) -> Self {
        Self {
            kept,
            said,
            heard: None,
        }
    }

    /// SHA-256 of its file.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.kept.origin.hash
    }

    /// The folders that it lay in, with `/` between them; empty for a file that came alone.
    #[must_use]
    pub fn folder(&self) -> &str {
        let parts = self.kept.origin.path.rsplit_once('/');
        parts.map_or("", |(folder, _)| folder)
    }

    /// Beats per minute: as the file says, since whoever wrote them there may have tapped
    /// along, or else as measured.
    #[must_use]
    pub fn bpm(&self) -> Option<f64> {
        self.kept.tags.bpm.or(self.kept.features.tempo)
    }

    /// Its key, as the file says, or else as measured.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        let tagged = Key::parse(&self.kept.tags.key);
        tagged.or_else(|| Key::of(&self.kept.features))
    }

    /// What the visitor said, or else would hear, or else the verdict; `None` for what is no
    /// music.
    #[must_use]
    pub fn mood(&self) -> Option<Mood> {
        self.said
            .or(self.heard)
            .or_else(|| self.kept.kind.is_music().then_some(self.kept.mood))
    }

    /// The same where it is beyond doubt.
    #[must_use]
    pub fn sure_mood(&self) -> Option<Mood> {
        self.mood().filter(|_| !self.is_unsure())
    }

    /// What tags may tell of it.
    #[must_use]
    pub fn told(&self) -> Told<'_> {
        Told {
            kind: self.kept.kind,
            mood: self.kept.mood,
            unsure: self.kept.unsure,
            moods: self.kept.moods,
            features: &self.kept.features,
            said: self.said.or(self.heard),
        }
    }

    /// Whether its mood is in doubt; never where the visitor has said it, where it was learnt
    /// from her, or where it has none.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        let is_told = self.said.or(self.heard).is_some();
        self.kept.unsure && !is_told && self.kept.kind.is_music()
    }
}

impl Facts for LibrarySong {
    fn fact(&self, field: &str) -> Option<Fact<'_>> {
        let Kept { tags, features, .. } = &self.kept;
        let judged = |value: f32| {
            let value = f64::from(value);
            self.kept.kind.is_music().then_some(Fact::Number(value))
        };
        let text = |text: &'_ str| Some(Fact::Text(Cow::Owned(text.to_owned())));
        match field {
            "mood" => text(self.mood()?.name()),
            "unsure" => Some(Fact::Truth(self.is_unsure())),
            "kind" => text(self.kept.kind.name()),
            "certainty" => judged(self.kept.certainty()),
            "arousal" => judged(self.kept.affect.arousal),
            "valence" => judged(self.kept.affect.valence),
            "tempo" => self.bpm().map(Fact::Number),
            "duration_s" => Some(Fact::Number(self.kept.duration_s)),
            "title" => text(self.kept.title()),
            "artist" => text(&tags.artist),
            "album" => text(&tags.album),
            "year" => tags.year.map(|year| Fact::Number(f64::from(year))),
            "folder" => text(self.folder()),
            name => {
                let mut names = crate::features::TrackFeatures::NAMES.into_iter();
                let at = names.position(|one| one == name)?;
                features.to_array()[at].map(Fact::Number)
            }
        }
    }

    fn musical_key(&self) -> Option<Key> {
        self.key()
    }
}

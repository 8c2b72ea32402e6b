//! What comes of a cleaning.

use crate::songs::song::Song;

/// A table after cleaning, with everything that was taken out. All in the table's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// The table as it came.
    pub songs: Vec<Song>,
    /// What is said of each song; `None` where it is kept.
    pub verdicts: Vec<Option<Verdict>>,
    /// Groups of songs, by position, that are thought to be the same and have different
    /// moods; all of them are taken out.
    pub conflicts: Vec<Vec<usize>>,
    /// Ids of kept songs whose sound can't be read, and why; empty where sound is needed.
    pub unheard: Vec<(String, String)>,
}

/// Why a song is taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// At which step.
    pub step: Step,
    /// Why, in words.
    pub reason: String,
}

/// Steps of the cleaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another row of the same song stays.
    Duplicate,
    /// Rows of the same song contradict each other.
    Conflict,
    /// Something that the study needs is missing.
    Gap,
}

impl Step {
    /// The lower-case name, as in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
            Self::Gap => "gap",
        }
    }
}

impl Cleaned {
    /// The songs without duplicates, conflicts and gaps.
    pub fn kept(&self) -> impl Iterator<Item = &Song> {
        self.judged(|verdict| verdict.is_none())
    }

    /// The songs without duplicates and conflicts.
    pub fn distinct(&self) -> impl Iterator<Item = &Song> {
        self.judged(|verdict| verdict.is_none_or(|verdict| verdict.step == Step::Gap))
    }

    /// The songs that were taken out.
    pub fn dropped(&self) -> impl Iterator<Item = (&Song, &Verdict)> {
        let judged = self.songs.iter().zip(&self.verdicts);
        judged.filter_map(|(song, verdict)| Some((song, verdict.as_ref()?)))
    }

    /// As [`Self::kept`], without a copy.
    pub fn into_kept(self) -> Vec<Song> {
        let judged = self.songs.into_iter().zip(self.verdicts);
        let kept = judged.filter(|(_, verdict)| verdict.is_none());
        kept.map(|(song, _)| song).collect()
    }

    fn judged(&self, is: impl Fn(Option<&Verdict>) -> bool) -> impl Iterator<Item = &Song> {
        let judged = self.songs.iter().zip(&self.verdicts);
        let chosen = judged.filter(move |(_, verdict)| is(verdict.as_ref()));
        chosen.map(|(song, _)| song)
    }
}

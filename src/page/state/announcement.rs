//! What was last heard of, for those who can't see it.

use super::live::LiveFault;
use crate::analysis::Judgement;
use crate::error::AnalysisError;
use crate::kind::Kind;
use crate::mood::Mood;

/// Something that happened, as data; the page says it in the visitor's language.
#[derive(Debug, Clone, PartialEq)]
pub enum Announcement {
    /// Songs came into the queue.
    Added {
        /// How many.
        songs: usize,
        /// Files beside them that are none.
        skipped: usize,
    },
    /// So many songs of an earlier visit wait for their files.
    Left(usize),
    /// A song is judged.
    Judged {
        /// Its name.
        name: String,
        /// What it is.
        kind: Kind,
        /// The likeliest moods.
        moods: [Mood; 2],
        /// Whether the first is in doubt.
        unsure: bool,
    },
    /// Live sound comes.
    LiveBegun,
    /// What is heard live is another than before.
    Live {
        /// What it is.
        kind: Kind,
        /// The likeliest moods.
        moods: [Mood; 2],
        /// Whether the first is in doubt.
        unsure: bool,
    },
    /// The visitor has stopped listening.
    LiveStopped,
    /// Nothing is heard live, or not any more.
    LiveFailed(LiveFault),
    /// A song has no verdict.
    Failed {
        /// Its name.
        name: String,
        /// Why not.
        error: AnalysisError,
    },
    /// The song of that name was stopped.
    Cancelled(String),
    /// The verdict on the song of that name was kept.
    HeardBefore(String),
    /// The song that plays has come to a mood.
    Moment {
        /// The mood.
        mood: Mood,
        /// Where, in seconds.
        at_s: f64,
    },
    /// The visitor said what she hears in the song of that name, or took it back.
    Said(String, Option<Mood>),
    /// The visitor said the same of so many songs, or took it back.
    SaidMany(usize, Option<Mood>),
    /// The song of that name is forgotten.
    Forgotten(String),
    /// So many songs are.
    ForgottenMany(usize),
    /// All songs are.
    AllForgotten,
    /// A newer version of the page is there.
    Update,
    /// It waits for the songs under way.
    UpdateWaits,
}

impl Announcement {
    /// That the song of that name is judged.
    pub(super) fn of_judgement(name: String, judgement: &Judgement) -> Self {
        Self::Judged {
            name,
            kind: judgement.kind,
            moods: judgement.moods.top_two().map(|(mood, _)| mood),
            unsure: judgement.unsure,
        }
    }
}

//! The song that sounds, and where in it.

use crate::mood::Mood;
use crate::worker::protocol::Job;

/// What sounds, and where.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Player {
    /// The song that the browser's player holds.
    pub song: Option<Job>,
    /// Whether it sounds.
    pub playing: bool,
    /// Where in the selected song, in seconds.
    pub at_s: f64,
    /// Why the selected song can't be heard.
    pub silence: Option<Silence>,
    /// Songs that are played one after the other, by their hashes; none where it is one alone.
    pub(super) list: Vec<String>,
    /// Which of them plays.
    pub(super) listed: usize,
    /// The mood that was last announced, and where.
    pub(super) said: Option<(Mood, f64)>,
}

impl Player {
    /// Whether songs are played one after the other.
    #[must_use]
    pub const fn is_listing(&self) -> bool {
        !self.list.is_empty()
    }
}

/// Why a song can't be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Its file is not at hand: the result is from an earlier visit.
    NoFile,
    /// Its file was there when it was chosen, and can't be read any more.
    Unreadable,
    /// The browser decodes the file, but does not play it.
    Unplayable,
}

/// What happened around the player.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Playing {
    /// The visitor wants to hear the selected song, or no longer.
    Toggled,
    /// The visitor goes to that second of the selected song.
    Sought(f64),
    /// The visitor goes on by so many seconds, or back.
    Moved(f64),
    /// The song sounds.
    Started,
    /// The song pauses or has ended.
    Stopped,
    /// The song has come to its end.
    Ended,
    /// The visitor wants to hear the next song of those that are played one after the other.
    Next,
    /// Or the one before.
    Previous,
    /// The song has come to that second.
    At(f64),
    /// The song can't be heard.
    Failed(Silence),
}

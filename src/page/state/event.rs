//! What can happen to the page.

use super::inventory::Inventory;
use super::list::ListEvent;
use super::live::LiveEvent;
use super::player::Playing;
use super::queue::QueueEvent;
use super::shelf::{LibraryEvent, StorageFault};
use super::song::NewSong;
use super::staff::WorkerId;
use super::tagging::TagEvent;
use crate::error::AnalysisError;
use crate::text::Language;
use crate::worker::protocol::{FromWorker, Job};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Songs were chosen, dropped or sampled, and so many files beside them that are none.
    Added(Vec<NewSong>, usize),
    /// Something happened to the queue.
    Queue(QueueEvent),
    /// Something happened to the library.
    Library(LibraryEvent),
    /// The visitor did something with the list of all songs.
    List(ListEvent),
    /// Something happened to tags that are to be written.
    Tag(TagEvent),
    /// A song is decoded and its samples wait.
    Decoded {
        /// The song.
        job: Job,
        /// Its duration.
        seconds: f64,
        /// What reading and decoding took.
        decode_ms: f64,
    },
    /// A song can't be decoded.
    DecodeFailed {
        /// The song.
        job: Job,
        /// Why not.
        error: AnalysisError,
    },
    /// A worker said something; [`FromWorker::Done`] brings pixels.
    Said(WorkerId, FromWorker, Vec<u8>),
    /// No worker can start.
    Broken(AnalysisError),
    /// A worker trapped or fell silent.
    Lost(WorkerId, String),
    /// The visitor wants to stop a song.
    CancelPressed(Job),
    /// A worker did not stop in time.
    CancelOverdue(WorkerId),
    /// The visitor wants to load the models again.
    RetryPressed,
    /// The visitor looks at a song.
    Selected(Job),
    /// The visitor looks at another moment of the selected song.
    MomentPicked(usize),
    /// The visitor points at something along the selected song, or no longer.
    Pointed(Option<Spot>),
    /// The visitor goes to where she points.
    SpotPicked(Spot),
    /// The visitor stretches the spectrogram's time, or shrinks it again.
    ZoomPressed {
        /// Whether to stretch.
        closer: bool,
    },
    /// Something around live sound.
    Live(LiveEvent),
    /// Something around the player.
    Player(Playing),
    /// The selected song's result was given to others, or not.
    Shared(Shared),
    /// The visitor wants to stop whatever is being done to the selected song.
    EscapePressed,
    /// The visitor should read something.
    Notice(Notice),
    /// The visitor's language is known, or she chose another.
    LanguageChosen(Language),
    /// It is known how large the page is.
    Counted(Inventory),
    /// The service worker has news.
    Offline(Offline),
    /// The visitor wants the newer version, or no longer.
    UpdatePressed,
}

/// What came of giving a result to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shared {
    /// It is on the clipboard.
    Copied,
    /// It failed; the text is what the browser said.
    Failed(String),
}

/// A place along the selected song.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spot {
    /// At that share of the whole song.
    Song(f64),
    /// At that share of the spectrogram, which may show a part of it.
    Spectrogram(f64),
}

/// Something to read that belongs to no song.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A sample can't be fetched.
    SampleLost {
        /// The sample.
        title: String,
        /// What the browser said.
        detail: String,
    },
    /// A file could not be saved.
    NotSaved {
        /// What the browser said.
        detail: String,
    },
    /// There was no song among so many files.
    NoSongs(usize),
    /// The folders of an earlier visit do not hold the songs that are missing.
    StillMissing,
    /// No song that was to be played is at hand.
    NothingToPlay,
    /// A field of a smart list can't be read.
    ListUnreadable,
    /// Results can't be kept.
    Storage(StorageFault),
    /// The report of the song of that name is not kept any more.
    ReportGone(String),
}

/// Whether the page works without a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offline {
    /// Not (yet).
    No,
    /// Everything is stored.
    Ready,
    /// A newer version is stored and waits.
    Update,
}

//! What is kept between visits, and what happens to it.

use super::backup::BackupNews;
use super::persistence::Persistence;
use super::song::Picture;
use crate::mood::Mood;
use crate::page::library::LibrarySong;
use crate::report::Report;
use crate::worker::protocol::Job;

/// Whether results are kept for the next visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// Not known yet.
    #[default]
    Opening,
    /// They are.
    Open,
    /// The storage takes nothing more; what is there stays.
    Full,
    /// They are not.
    Off,
}

/// What the visitor looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// The songs of this visit, and the result of one of them.
    #[default]
    Songs,
    /// All songs that were ever judged.
    Library,
}

/// Why results can't be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageFault {
    /// The browser has no storage for this page, or forbids it, as some private windows do.
    Forbidden,
    /// Another page holds a version of the storage that this one can't use.
    Blocked,
    /// A newer version of this page, in another window, has taken the storage over.
    Superseded,
    /// There is no room.
    Full,
}

/// Something that happened to the library.
#[derive(Debug, Clone, PartialEq)]
pub enum LibraryEvent {
    /// Everything was read from storage: at the start, or because another page changed it.
    Read(Vec<LibrarySong>),
    /// Another page changed one song, or forgot it.
    ReadOne(String, Option<Box<LibrarySong>>),
    /// Results can't be kept.
    Failed(StorageFault),
    /// A song's report is in storage.
    Saved(Job),
    /// It is known whether the browser clears nothing by itself.
    Persisted(Persistence),
    /// Something happened to a backup.
    Backup(BackupNews),
    /// A song's report came back from storage.
    Opened {
        /// The song.
        job: Job,
        /// Its report.
        report: Box<Report>,
        /// Its spectrogram.
        picture: Option<Picture>,
    },
    /// It is known which of these songs have covers, and where those are.
    CoversRead(Vec<(String, Option<String>)>),
    /// A song's report is not in storage any more.
    Gone(Job),
    /// Another page kept or forgot that song, or, without one, perhaps all.
    ChangedElsewhere(Option<String>),
    /// The visitor wants to see that song of the library.
    OpenPressed(String),
    /// The visitor says what she hears in the selected song, or takes it back.
    SaidPressed(Option<Mood>),
    /// The visitor wants everything forgotten, and has confirmed it.
    ForgetAllPressed,
    /// The visitor looks at the other side.
    ShowPressed(Shown),
}

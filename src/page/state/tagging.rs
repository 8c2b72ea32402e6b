//! Tags that are to be written into files: what stands there, what changes, what came of it.

use crate::page::library::Library;
use crate::tagger::protocol::Fault;
use crate::tagging::{self, Change, Texts};

/// Changes that are shown at first, and more with each press.
pub const PORTION: usize = 200;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagStep {
    /// Tags are read.
    Looking,
    /// It is shown what would change.
    Preview,
    /// Files are written.
    Writing,
    /// It is over.
    Done,
}

/// What stands in a song's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its tags.
    pub texts: Texts,
    /// Whether it lies in a folder that the browser lends, so that it can be written.
    pub lent: bool,
}

/// What came of a song.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagOutcome {
    /// Its file has the tags.
    Written,
    /// A copy with the tags was offered for saving.
    Copied,
    /// There was nothing to change.
    Unchanged,
    /// Its file is as it was.
    Left(Obstacle),
}

/// Why a file gets no tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It is not at hand.
    NotFound,
    /// It was there, and is not any more.
    Gone,
    /// It may not be read or written: the folder is withdrawn, or the visitor said no.
    Refused,
    /// It may not be written: it is locked, or its drive is for reading only.
    ReadOnly,
    /// The disk is full.
    Full,
    /// Its folder is not lent.
    NotLent,
    /// The browser did not write it, as the text says.
    Unwritten(String),
    /// The tagger could not.
    Fault(Fault),
    /// The tagger itself failed, as the text says.
    Lost(String),
    /// The visitor stopped it.
    Stopped,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrote {
    /// SHA-256 of what it holds now.
    pub hash: String,
    /// Its size.
    pub bytes: u64,
}

/// One song.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSong {
    /// SHA-256 of its file.
    pub hash: String,
    /// Where it lay.
    pub path: String,
    /// What stands in it, once it was looked at.
    pub seen: Option<Seen>,
    /// What came of it.
    pub outcome: Option<TagOutcome>,
}

/// Songs whose files are to get tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagging {
    /// Which time this is; answers of another are old news.
    pub run: u32,
    /// The songs.
    pub songs: Vec<TagSong>,
    /// Whether what is tagged already is replaced.
    pub overwrite: bool,
    /// How far it has come.
    pub step: TagStep,
    /// How many changes are shown.
    pub shown: usize,
    /// Whether a song is under way.
    pub(super) busy: bool,
}

/// Something that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub enum TagEvent {
    /// The visitor wants tags written into the files of the selected songs.
    AskedOfPicked,
    /// The same for the song whose result is shown.
    AskedOfShown,
    /// It is known what stands in a song's file.
    Seen(u32, String, Result<Seen, Obstacle>),
    /// The visitor wants what is tagged replaced, or left.
    OverwriteChosen(bool),
    /// She wants to see more of the changes.
    MorePressed,
    /// A folder was lent.
    FolderLent,
    /// She wants the files written.
    WritePressed,
    /// A file was written, or, without anything, a copy was offered.
    Wrote(u32, String, Result<Option<Wrote>, Obstacle>),
    /// She has seen enough, or wants to stop.
    ClosePressed,
}

/// Something to do for it, in that run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagTask {
    /// Read the tags of a song's file.
    Look(u32, String),
    /// Write into a song's file.
    Write {
        /// The run.
        run: u32,
        /// The song.
        hash: String,
        /// What to change.
        changes: Vec<Change>,
        /// Whether a copy is to be offered, since the file itself is not lent.
        copy: bool,
    },
    /// Let go of the tagger.
    End,
}

/// How many songs came to which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TagCount {
    /// Files that have the tags, or would get some.
    pub written: usize,
    /// There was nothing to change.
    pub unchanged: usize,
    /// Files that are left as they were, for a reason.
    pub left: usize,
}

impl Tagging {
    /// Of these songs.
    pub(super) fn new(run: u32, songs: Vec<TagSong>) -> Self {
        Self {
            run,
            songs,
            overwrite: false,
            step: TagStep::Looking,
            shown: PORTION,
            busy: false,
        }
    }

    /// Whether it is not decided yet.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.step, TagStep::Looking | TagStep::Preview)
    }

    /// What would change in a song's file.
    #[must_use]
    pub fn changes(&self, song: &TagSong, library: &Library) -> Vec<Change> {
        let (Some(seen), Some(known)) = (&song.seen, library.get(&song.hash)) else {
            return Vec::new();
        };
        tagging::changes(&seen.texts, known.told(), self.overwrite)
    }

    /// Whether a file can be written: where it lies, or as a copy of the one song.
    #[must_use]
    pub fn can_write(&self, song: &TagSong) -> bool {
        let lent = song.seen.as_ref().is_some_and(|seen| seen.lent);
        song.outcome.is_none() && (lent || self.is_copy())
    }

    /// Whether it is one song, whose file is not lent: it is offered as a copy.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        match self.songs.as_slice() {
            [song] => song.seen.as_ref().is_some_and(|seen| !seen.lent),
            _ => false,
        }
    }

    /// Whether files are not at hand or not lent, so that a folder would help.
    #[must_use]
    pub fn lacks_folder(&self) -> bool {
        self.songs.iter().any(|song| {
            let missing = TagOutcome::Left(Obstacle::NotFound);
            song.outcome == Some(missing) || song.seen.as_ref().is_some_and(|seen| !seen.lent)
        })
    }

    /// Number of songs that were looked at.
    #[must_use]
    pub fn looked_at(&self) -> usize {
        let known = |song: &&TagSong| song.seen.is_some() || song.outcome.is_some();
        self.songs.iter().filter(known).count()
    }

    /// Number of songs that came to an end.
    #[must_use]
    pub fn ended(&self) -> usize {
        let ended = self.songs.iter().filter(|song| song.outcome.is_some());
        ended.count()
    }

    /// What came of the songs, or before that, what would.
    #[must_use]
    pub fn count(&self, library: &Library) -> TagCount {
        let mut count = TagCount::default();
        for song in &self.songs {
            let changes = || !self.changes(song, library).is_empty();
            let sum = match &song.outcome {
                Some(TagOutcome::Written | TagOutcome::Copied) => &mut count.written,
                Some(TagOutcome::Unchanged) => &mut count.unchanged,
                None if !changes() => &mut count.unchanged,
                None if self.can_write(song) => &mut count.written,
                Some(TagOutcome::Left(_)) | None => &mut count.left,
            };
            *sum += 1;
        }
        count
    }

    pub(super) fn song_mut(&mut self, hash: &str) -> Option<&mut TagSong> {
        self.songs.iter_mut().find(|song| song.hash == hash)
    }
}

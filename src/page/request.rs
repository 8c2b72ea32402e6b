//! What the visitor asks for that takes more than the state: files, folders and exports are
//! no events, since only the browser knows them.

use js_sys::{Array, Uint8Array};
use web_sys::{File, FileSystemDirectoryHandle};

use super::state::TagTask;
use crate::mood::Mood;
use crate::report::csv::Separator;
use crate::report::listing::Paths;
use crate::worker::protocol::Job;

/// Something to do beside the state.
pub enum Request {
    /// Put songs at the end of the queue.
    Add(Haul),
    /// Keep folders that the browser lends, so that the next visit can go on with them.
    KeepFolders(Vec<FileSystemDirectoryHandle>),
    /// Tell the pages in other windows that a song is kept or forgotten, or perhaps all are.
    Tell(Option<String>),
    /// Go on with the songs that an earlier visit left, if their folders may be read again.
    GoOn,
    /// Save the songs of the library that are shown.
    Export(ExportForm, ExportOptions),
    /// Save all that is kept.
    SaveBackup,
    /// Put a backup back.
    Restore(File),
    /// Keep the cover of a song's file.
    KeepCover(Job, Uint8Array),
    /// Read the covers of these songs.
    ReadCovers(Vec<String>),
    /// Read or write tags in files.
    Tag(TagTask),
    /// Let the visitor lend the folder of songs whose files are to get tags.
    LendFolder,
    /// Draw what came into sight: the window was scrolled.
    Scrolled,
    /// Draw everything again: the window or the colours have changed.
    Redraw,
    /// Save the JSON result of the selected song.
    Download {
        /// Whether of all songs of this visit.
        all: bool,
    },
    /// Give the selected song's result to others.
    Share(ShareForm),
    /// The next block was heard live: give it to its judge, one `Float32Array` a channel.
    Hear {
        /// Sample rate of the channels in Hz.
        sample_rate: u32,
        /// The channels.
        channels: Array,
    },
    /// The player can't go on with what it holds: find out why, and let go of it.
    FellSilent,
}

/// A file, and where it lay in what was given.
#[derive(Clone)]
pub struct Found {
    /// Names of the folders and the file, with `/` between them.
    pub path: String,
    /// The file.
    pub file: File,
}

/// Songs, and the number of files beside them that are none.
#[derive(Default)]
pub struct Haul {
    /// Songs, those of folders in the order of their paths.
    pub songs: Vec<Found>,
    /// Files that were left aside.
    pub skipped: usize,
}

impl Haul {
    /// Songs under names of their own.
    #[must_use]
    pub fn alone(files: Vec<(String, File)>) -> Self {
        let songs = files.into_iter();
        let songs = songs.map(|(path, file)| Found { path, file });
        Self {
            songs: songs.collect(),
            skipped: 0,
        }
    }
}

/// How the visitor wants files written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportOptions {
    /// What stands between the fields of tables.
    pub separator: Separator,
    /// How the places of songs are written in playlists and collections.
    pub paths: Paths,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportForm {
    /// A table for spreadsheets and programs.
    Csv,
    /// Everything.
    Json,
    /// A playlist of one mood, or of what is unsure.
    Playlist(Option<Mood>),
    /// A collection for programs for DJs.
    Rekordbox,
    /// Where each song would lie, as a table.
    Plan,
    /// The same as a script.
    PlanScript,
    /// What the visitor said, for training.
    Manifest,
}

impl ExportForm {
    /// The form of that name in `data-export`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "plan" => Some(Self::Plan),
            "plan-script" => Some(Self::PlanScript),
            "manifest" => Some(Self::Manifest),
            "unsure" => Some(Self::Playlist(None)),
            "rekordbox" => Some(Self::Rekordbox),
            mood => Mood::from_name(mood).map(|mood| Self::Playlist(Some(mood))),
        }
    }
}

/// How the selected song's result is given to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareForm {
    /// A picture that scales.
    Svg,
    /// A picture of pixels.
    Png,
    /// Text on the clipboard.
    Copy,
    /// Text in the system's own dialog.
    Dialog,
}

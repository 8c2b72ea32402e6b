//! All that the page knows.

use super::announcement::Announcement;
use super::backup::BackupNews;
use super::covers::Covers;
use super::event::{Notice, Offline, Shared, Spot};
use super::inventory::Inventory;
use super::live::Live;
use super::persistence::Persistence;
use super::player::Player;
use super::queue::Queue;
use super::shelf::{Shown, Storage};
use super::song::Song;
use super::staff::{Staff, WorkerId};
use super::tagging::Tagging;
use crate::error::AnalysisError;
use crate::page::library::Library;
use crate::page::plot::axis::Window;
use crate::text::Language;
use crate::worker::protocol::{Cards, Job};

/// Most times that the spectrogram's time is stretched.
pub(super) const MOST_ZOOM: u32 = 16;

/// Whether songs can be judged.
#[derive(Debug, Clone, PartialEq)]
pub enum Judge {
    /// The first worker or its models are on the way.
    Loading,
    /// Songs may be sent.
    Ready(Box<Cards>),
    /// It can't start.
    Broken(AnalysisError),
}

/// All that the page knows.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The queue, oldest first.
    pub songs: Vec<Song>,
    /// The song whose result is shown.
    pub selected: Option<Job>,
    /// Position in the selected song's timeline.
    pub moment: usize,
    /// Position of the moment that the visitor points at.
    pub hovered: Option<usize>,
    /// How many times the spectrogram's time is stretched: 1, 2, 4 …
    pub zoom: u32,
    /// What sounds, and where.
    pub player: Player,
    /// What came of giving the selected song's result to others.
    pub shared: Option<Shared>,
    /// Whether songs can be judged.
    pub judge: Judge,
    /// The workers.
    pub staff: Staff,
    /// What is heard live.
    pub live: Live,
    /// Whether the page works without a network.
    pub offline: Offline,
    /// Whether the newer version takes over as soon as no song is under way.
    pub renewing: bool,
    /// Something to read that belongs to no song.
    pub notice: Option<Notice>,
    /// How large the page is, once that is known.
    pub inventory: Option<Inventory>,
    /// The language of all texts.
    pub language: Language,
    /// The last thing that happened, for those who can't see it.
    pub announcement: Option<Announcement>,
    /// The decoder's song, even if that one is cancelled meanwhile: decoding can't be
    /// stopped, and its samples need memory until it ends.
    pub(super) decoding: Option<Job>,
    /// The clock, in milliseconds since 1970; set before every event.
    pub clock_ms: f64,
    /// All songs that were judged, now or before.
    pub library: Library,
    /// Their covers.
    pub covers: Covers,
    /// The songs whose files are to get tags, while the visitor looks at that.
    pub tagging: Option<Tagging>,
    /// How many times she has.
    pub(super) tag_runs: u32,
    /// Whether they are kept.
    pub storage: Storage,
    /// Whether for long.
    pub persistence: Persistence,
    /// What came of the last backup.
    pub backup: Option<BackupNews>,
    /// What the visitor looks at.
    pub shown: Shown,
    /// Whether the library is shown as a map.
    pub as_map: bool,
    /// The song that the visitor points at there, by its hash.
    pub pointed: Option<String>,
    /// Files beside the last songs that were none.
    pub skipped: usize,
    /// Whose turn it is.
    pub queue: Queue,
    /// The song whose report is being fetched.
    pub(super) opening: Option<Job>,
    /// The last number that was given to a song.
    pub(super) last_job: Job,
}

impl Default for State {
    fn default() -> Self {
        Self {
            songs: Vec::new(),
            selected: None,
            moment: 0,
            hovered: None,
            zoom: 1,
            player: Player::default(),
            shared: None,
            judge: Judge::Loading,
            staff: Staff::default(),
            live: Live::default(),
            offline: Offline::No,
            renewing: false,
            notice: None,
            inventory: None,
            language: Language::default(),
            announcement: None,
            decoding: None,
            clock_ms: 0.0,
            library: Library::default(),
            covers: Covers::default(),
            tagging: None,
            tag_runs: 0,
            storage: Storage::Opening,
            persistence: Persistence::default(),
            backup: None,
            shown: Shown::Songs,
            as_map: false,
            pointed: None,
            skipped: 0,
            queue: Queue::default(),
            opening: None,
            last_job: 0,
        }
    }
}

impl State {
    /// That song.
    #[must_use]
    pub fn song(&self, job: Job) -> Option<&Song> {
        self.songs.iter().find(|song| song.job == job)
    }

    /// The song whose result is shown.
    #[must_use]
    pub fn selected_song(&self) -> Option<&Song> {
        self.selected.and_then(|job| self.song(job))
    }

    /// The workers that are wanted: those of songs, and that of live sound.
    pub fn workers(&self) -> impl Iterator<Item = WorkerId> {
        self.staff.ids().chain(self.live.worker)
    }

    /// Whether nobody waits for a first verdict, so that the page can be stored for use without a
    /// network: that takes the network and a core from what the first song needs.
    #[must_use]
    pub fn has_time(&self) -> bool {
        let waits = self.songs.iter().any(Song::is_pending);
        self.judge != Judge::Loading && (!waits || self.songs.iter().any(Song::has_ended))
    }

    /// A number that no song has had yet.
    pub fn take_job(&mut self) -> Job {
        self.last_job += 1;
        self.last_job
    }

    /// The moment of the selected song to tell of: the one pointed at, or where she is.
    #[must_use]
    pub fn shown_moment(&self) -> usize {
        self.hovered.unwrap_or(self.moment)
    }

    /// The part of the selected song that the spectrogram shows.
    #[must_use]
    pub fn window(&self) -> Window {
        let duration_s = self.selected_song().map_or(0.0, |song| song.duration_s);
        Window::around(self.player.at_s, duration_s, self.zoom)
    }

    /// Whether the spectrogram's time can be stretched further, and shrunk.
    #[must_use]
    pub const fn can_zoom(&self) -> [bool; 2] {
        [self.zoom < MOST_ZOOM, self.zoom > 1]
    }

    /// The second of the selected song at that spot.
    pub(super) fn second_at(&self, spot: Spot) -> f64 {
        let duration_s = self.selected_song().map_or(0.0, |song| song.duration_s);
        match spot {
            Spot::Song(share) => share * duration_s,
            Spot::Spectrogram(share) => self.window().at(share),
        }
    }

    pub(super) fn song_mut(&mut self, job: Job) -> Option<&mut Song> {
        self.songs.iter_mut().find(|song| song.job == job)
    }

    /// That song, if that worker has it.
    pub(super) fn analysing_mut(&mut self, job: Job, worker: WorkerId) -> Option<&mut Song> {
        self.song_mut(job)
            .filter(|song| song.worker() == Some(worker))
    }
}

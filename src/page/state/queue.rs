//! The queue: whose turn it is, and how far it is.

use std::collections::VecDeque;

use super::song::Ticket;
use crate::error::AnalysisError;
use crate::worker::protocol::Job;

/// Something that happened to the queue.
#[derive(Debug, Clone, PartialEq)]
pub enum QueueEvent {
    /// A song's file was read through.
    Identified {
        /// The song.
        job: Job,
        /// SHA-256 of its file.
        hash: String,
    },
    /// A song's file can't be read.
    Unreadable {
        /// The song.
        job: Job,
        /// Why not.
        error: AnalysisError,
    },
    /// The visitor wants no more songs begun, or to go on.
    PausePressed,
    /// The visitor wants to stop all songs.
    CancelAllPressed,
    /// The visitor wants to try a song again.
    RetryPressed(Job),
    /// The visitor wants to try all songs again that failed.
    RetryFailedPressed,
    /// Songs that an earlier visit did not come to, and whether their folders may be lent
    /// again.
    Left(Vec<Ticket>, bool),
    /// The visitor does not want those any more.
    LeaveLeftPressed,
}

/// What the queue knows besides its songs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Queue {
    /// Whether no song is begun for now.
    pub paused: bool,
    /// Whether the folders of the songs that are missing may be lent again.
    pub resumable: bool,
    /// The song whose file is being read.
    pub(super) reading: Option<Job>,
    /// Batches so far, and the one that had its turn last.
    pub(super) batches: u32,
    pub(super) last_batch: u32,
    /// Songs that had ended before those of now began.
    pub(super) ended_before: usize,
    /// When the last songs ended, by [`State::clock_ms`].
    pub(super) ends_ms: VecDeque<f64>,
    /// Songs that have ended since the last effects.
    pub(super) settled: Vec<String>,
}

/// How far the queue is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Songs that have ended.
    pub ended: usize,
    /// All songs since the queue was last empty.
    pub total: usize,
    /// About how long the rest takes, in seconds, once that can be told.
    pub left_s: Option<f64>,
}

impl Queue {
    /// Songs that had ended are not on the list any more.
    pub(super) fn forget_ended(&mut self, count: usize) {
        self.ended_before = self.ended_before.saturating_sub(count);
    }
}

//! One song of the queue.

use crate::error::AnalysisError;
use crate::report::{Entry, Moment, Report};
use crate::web::protocol::{Job, PictureSize, Step, Timing};

/// How far a song has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Not begun.
    Queued,
    /// Being read and decoded.
    Decoding,
    /// Waiting for the worker.
    Decoded,
    /// In the worker.
    Analysing {
        /// What is being done; `None` until the worker has said so.
        stage: Option<Step>,
        /// Share of the work that is done, in [0, 1].
        fraction: f32,
        /// Whether the worker was asked to stop.
        cancelling: bool,
    },
    /// Judged.
    Done(Box<Report>),
    /// No verdict.
    Failed(AnalysisError),
    /// Stopped by the visitor.
    Cancelled,
}

impl Phase {
    /// The name in `data-state`. What waits decoded still counts as decoding.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Decoding | Self::Decoded => "decoding",
            Self::Analysing { .. } => "analysing",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A spectrogram as pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its shape.
    pub size: PictureSize,
    /// `[columns, rows]`, lowest band first, 0 (silent) to 255 (loud).
    pub pixels: Vec<u8>,
}

impl Picture {
    /// A picture, if there are as many pixels as the shape says, and at least one.
    #[must_use]
    pub fn new(size: PictureSize, pixels: Vec<u8>) -> Option<Self> {
        let fits = !pixels.is_empty() && pixels.len() == size.columns * size.rows;
        fits.then_some(Self { size, pixels })
    }
}

/// One song of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    /// Its number.
    pub job: Job,
    /// Name of the file.
    pub name: String,
    /// How far it has come.
    pub phase: Phase,
    /// Duration in seconds; 0 until it is decoded.
    pub duration_s: f64,
    /// What reading and decoding took, in milliseconds.
    pub decode_ms: f64,
    /// The mood along the song, as far as it is known.
    pub moments: Vec<Moment>,
    /// Where the time went, once it is done.
    pub timing: Timing,
    /// Size of the worker's memory when it was done.
    pub wasm_bytes: u64,
    /// The spectrogram, once it is done.
    pub picture: Option<Picture>,
}

impl Song {
    /// A song that waits for its turn.
    #[must_use]
    pub fn new(job: Job, name: String) -> Self {
        Self {
            job,
            name,
            phase: Phase::Queued,
            duration_s: 0.0,
            decode_ms: 0.0,
            moments: Vec::new(),
            timing: Timing::default(),
            wasm_bytes: 0,
            picture: None,
        }
    }

    /// Whether it is in the worker.
    #[must_use]
    pub const fn is_analysing(&self) -> bool {
        matches!(self.phase, Phase::Analysing { .. })
    }

    /// Whether the worker was asked to stop it.
    #[must_use]
    pub const fn is_cancelling(&self) -> bool {
        matches!(
            self.phase,
            Phase::Analysing {
                cancelling: true,
                ..
            }
        )
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        matches!(
            self.phase,
            Phase::Done(_) | Phase::Failed(_) | Phase::Cancelled
        )
    }

    /// Its verdict, if it has one.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match &self.phase {
            Phase::Done(report) => Some(report),
            _ => None,
        }
    }

    /// Position of the moment that lies there; the first or last moment before or after.
    #[must_use]
    pub fn moment_at(&self, seconds: f64) -> usize {
        let begun = self.moments.partition_point(|moment| moment.t_s <= seconds);
        begun.saturating_sub(1)
    }

    /// Its entry in the JSON result, once it is judged or has failed.
    #[must_use]
    pub fn entry(&self) -> Option<Entry> {
        let result = match &self.phase {
            Phase::Done(report) => Ok(report.as_ref().clone()),
            Phase::Failed(error) => Err(error.clone()),
            _ => return None,
        };
        Some(Entry::new(self.name.clone(), result))
    }

    /// Takes in how far the worker is; a bar never goes back.
    pub(super) fn progress(&mut self, step: Step, now: f32) {
        if let Phase::Analysing {
            stage, fraction, ..
        } = &mut self.phase
        {
            *stage = Some(step);
            *fraction = fraction.max(now.clamp(0.0, 1.0));
        }
    }
}

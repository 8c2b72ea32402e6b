//! One song of the queue.

use serde::{Deserialize, Serialize};

use super::staff::WorkerId;
use crate::analysis::Judgement;
use crate::error::AnalysisError;
use crate::kind::Kind;
use crate::mood::Mood;
use crate::page::library::{Kept, Origin};
use crate::report::{Entry, Moment, Report};
use crate::tags::Tags;
use crate::worker::protocol::{Job, PictureSize, Step, Timing};

/// Songs longer than this many seconds are long. Two that are not take less memory than
/// one of the 4 hours that are most, or of the 90 minutes that a browser may decode.
pub(super) const LONG_S: f64 = 20.0 * 60.0;

/// A song that was chosen, dropped or sampled.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewSong {
    /// Its number.
    pub job: Job,
    /// Name of the file.
    pub name: String,
    /// Where it lay in its folder; the name if it came alone.
    pub path: String,
    /// Size of the file.
    pub bytes: u64,
    /// When the file was last changed, in milliseconds since 1970.
    pub modified_ms: f64,
}

/// A verdict in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What it is; only music has a mood.
    pub kind: Kind,
    /// The likeliest mood.
    pub mood: Mood,
    /// Whether it is in doubt.
    pub unsure: bool,
}

impl Verdict {
    /// Of what was kept.
    #[must_use]
    pub const fn of(kept: &Kept) -> Self {
        Self {
            kind: kept.kind,
            mood: kept.mood,
            unsure: kept.unsure,
        }
    }

    /// Of a report.
    #[must_use]
    pub const fn of_report(report: &Report) -> Self {
        Self {
            kind: report.kind,
            mood: report.mood,
            unsure: report.unsure,
        }
    }

    /// Of what is known before the reasons.
    #[must_use]
    pub fn of_judgement(judgement: &Judgement) -> Self {
        Self {
            kind: judgement.kind,
            mood: judgement.moods.top().0,
            unsure: judgement.unsure,
        }
    }
}

/// A song in the queue, as the next visit has to know it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Ticket {
    /// Name of the file.
    pub name: String,
    /// Where it lay in its folder.
    pub path: String,
    /// Size of the file.
    pub bytes: u64,
    /// When the file was last changed, in milliseconds since 1970.
    pub modified_ms: f64,
}

impl Ticket {
    /// What no two files share, whichever folder above them was dropped.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}\n{}\n{}", self.name, self.bytes, self.modified_ms)
    }
}

/// How far a song has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Left by a visit that ended too early; its file has to be given again.
    Missing,
    /// Not begun.
    Queued,
    /// Being read and decoded.
    Decoding,
    /// Waiting for a worker.
    Decoded,
    /// In a worker.
    Analysing {
        /// Which one.
        worker: WorkerId,
        /// What is being done; `None` until the worker has said so.
        stage: Option<Step>,
        /// Share of the work that is done, in [0, 1].
        fraction: f32,
        /// What it is, once that is known; the reasons are still looked for.
        judgement: Option<Judgement>,
        /// Whether the worker was asked to stop.
        cancelling: bool,
    },
    /// Judged.
    Done(Box<Report>),
    /// Judged before; the report is kept and not in memory.
    Kept(Verdict),
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
            Self::Missing => "missing",
            Self::Queued => "queued",
            Self::Decoding | Self::Decoded => "decoding",
            Self::Analysing { .. } => "analysing",
            Self::Done(_) => "done",
            Self::Kept(_) => "kept",
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

/// Who may decode a song.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoders {
    /// The browser, or a worker where that is better.
    All,
    /// The browser alone: a worker could not.
    Browser,
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
    /// What the file says of the song, once it is done.
    pub tags: Tags,
    /// The spectrogram, once it is done.
    pub picture: Option<Picture>,
    /// Where it lay in its folder; the name if it came alone.
    pub path: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// When the file was last changed, in milliseconds since 1970.
    pub modified_ms: f64,
    /// SHA-256 of the file, once it is known.
    pub hash: Option<String>,
    /// Which songs came together: they share their turns with those of other batches.
    pub batch: u32,
    /// Whether the page has its file.
    pub has_file: bool,
    /// Whether an older verdict does not do.
    pub anew: bool,
    /// Who may decode it.
    pub decoders: Decoders,
    /// Whether the report is kept, so that memory need not hold it.
    pub saved: bool,
}

impl Song {
    /// A song that waits for its turn.
    #[must_use]
    pub fn new(new: NewSong, batch: u32) -> Self {
        Self {
            job: new.job,
            name: new.name,
            phase: Phase::Queued,
            duration_s: 0.0,
            decode_ms: 0.0,
            moments: Vec::new(),
            timing: Timing::default(),
            wasm_bytes: 0,
            tags: Tags::default(),
            picture: None,
            path: new.path,
            bytes: new.bytes,
            modified_ms: new.modified_ms,
            hash: None,
            batch,
            has_file: true,
            anew: false,
            decoders: Decoders::All,
            saved: false,
        }
    }

    /// A song of which only the verdict is there.
    #[must_use]
    pub fn of_kept(job: Job, kept: &Kept) -> Self {
        let origin = &kept.origin;
        let new = NewSong {
            job,
            name: origin.name.clone(),
            path: origin.path.clone(),
            bytes: origin.bytes,
            modified_ms: 0.0,
        };
        Self {
            phase: Phase::Kept(Verdict::of(kept)),
            hash: Some(origin.hash.clone()),
            duration_s: kept.duration_s,
            tags: kept.tags.clone(),
            has_file: false,
            saved: true,
            ..Self::new(new, 0)
        }
    }

    /// What the page calls it: its title, or else the name of its file.
    #[must_use]
    pub fn title(&self) -> &str {
        match self.tags.title.as_str() {
            "" => &self.name,
            title => title,
        }
    }

    /// What tells its file from others before it is read.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        Ticket {
            name: self.name.clone(),
            path: self.path.clone(),
            bytes: self.bytes,
            modified_ms: self.modified_ms,
        }
    }

    /// Its file, once it was read.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        Some(Origin {
            hash: self.hash.clone()?,
            name: self.name.clone(),
            path: self.path.clone(),
            bytes: self.bytes,
        })
    }

    /// Whether it is in a worker.
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

    /// The worker that has it.
    #[must_use]
    pub const fn worker(&self) -> Option<WorkerId> {
        match self.phase {
            Phase::Analysing { worker, .. } => Some(worker),
            _ => None,
        }
    }

    /// Whether it takes so much memory that it has to be judged alone.
    pub(super) fn is_long(&self) -> bool {
        self.duration_s > LONG_S
    }

    /// Whether its report lies in storage only.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        matches!(self.phase, Phase::Kept(_))
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        matches!(
            self.phase,
            Phase::Done(_) | Phase::Kept(_) | Phase::Failed(_) | Phase::Cancelled
        )
    }

    /// Whether it is in the queue: begun or to be begun.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        !self.has_ended() && !matches!(self.phase, Phase::Missing)
    }

    /// Whether another try may end otherwise.
    #[must_use]
    pub const fn can_retry(&self) -> bool {
        self.has_file && matches!(self.phase, Phase::Failed(_) | Phase::Cancelled)
    }

    /// Lets go of the report, which is kept elsewhere.
    pub(super) fn shelve(&mut self) {
        if let Phase::Done(report) = &self.phase {
            self.phase = Phase::Kept(Verdict::of_report(report));
            self.moments = Vec::new();
            self.picture = None;
        }
    }

    /// Takes the report that was kept.
    pub(super) fn unshelve(&mut self, report: Box<Report>, picture: Option<Picture>) {
        self.moments.clone_from(&report.timeline);
        self.duration_s = report.duration_s;
        self.picture = picture;
        self.phase = Phase::Done(report);
    }

    /// Its verdict, if it has one.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match &self.phase {
            Phase::Done(report) => Some(report),
            _ => None,
        }
    }

    /// What is known of it before its report comes. Of a song that is to be stopped nothing is.
    #[must_use]
    pub const fn judgement(&self) -> Option<&Judgement> {
        match &self.phase {
            Phase::Analysing {
                judgement,
                cancelling: false,
                ..
            } => judgement.as_ref(),
            _ => None,
        }
    }

    /// What is known of it in short, with its reasons or before them.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        match &self.phase {
            Phase::Done(report) => Some(Verdict::of_report(report)),
            Phase::Kept(verdict) => Some(*verdict),
            _ => self.judgement().map(Verdict::of_judgement),
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
        Some(Entry::new(self.path.clone(), result))
    }

    /// Takes in what it is and all its moments, and says whether that is news: not where the
    /// worker was asked to stop.
    pub(super) fn judge(&mut self, said: Judgement, moments: Vec<Moment>) -> bool {
        match &mut self.phase {
            Phase::Analysing {
                judgement,
                cancelling: false,
                ..
            } => {
                *judgement = Some(said);
                self.moments = moments;
                true
            }
            _ => false,
        }
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

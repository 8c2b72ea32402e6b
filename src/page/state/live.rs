//! What is heard live, by a microphone or from a tab.

use super::staff::WorkerId;
use crate::analysis::Judgement;
use crate::error::AnalysisError;
use crate::mood::MoodProbabilities;
use crate::report::Moment;

/// How far back the path on the plane goes, in seconds.
pub(super) const PATH_SECONDS: f64 = 300.0;
/// Lowest level that the meter shows, in dB relative to full scale.
const LOWEST_DB: f32 = -60.0;

/// Where live sound comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LiveSource {
    /// A microphone.
    Microphone,
    /// A tab, or whatever else the browser lets its sound be shared of.
    Tab,
}

/// Something that happened around live sound.
#[derive(Debug, Clone, PartialEq)]
pub enum LiveEvent {
    /// The visitor opens the panel, or closes it, which stops listening.
    Toggled,
    /// The visitor wants to listen to that.
    Chosen(LiveSource),
    /// That attempt was allowed, and sound comes.
    Opened(u32),
    /// That attempt failed, or has ended by itself.
    Failed(u32, LiveFault),
    /// The next block was heard.
    Heard {
        /// How long it is.
        seconds: f64,
        /// How loud, in [0, 1] as [`level`] has it.
        level: f32,
    },
    /// The visitor wants to stop.
    StopPressed,
}

/// Why nothing is heard live.
#[derive(Debug, Clone, PartialEq)]
pub enum LiveFault {
    /// The visitor, or the browser in her name, refused.
    Denied(LiveSource),
    /// There is no microphone.
    NoMicrophone,
    /// The microphone is there but can't be used, as where another program has it.
    Busy,
    /// What is shared has no sound.
    NoSound,
    /// The page came without HTTPS.
    Insecure,
    /// The browser has no interface for it.
    Unsupported(LiveSource),
    /// It was heard and is gone.
    Lost(LiveSource),
    /// It can't be judged.
    Unjudged(AnalysisError),
    /// What else the browser says.
    Other(String),
}

/// Whether something is heard live.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum LivePhase {
    /// The panel is closed.
    #[default]
    Closed,
    /// The visitor may choose what to listen to; why it did not go on, if so.
    Choosing(Option<LiveFault>),
    /// The browser asks the visitor.
    Asking,
    /// Sound comes.
    Listening,
}

/// Live sound: what is known of it, none of it kept beyond its end.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Live {
    /// How far it is.
    pub phase: LivePhase,
    /// Where it comes from, or came last.
    pub source: Option<LiveSource>,
    /// The worker that judges it, and no song.
    pub worker: Option<WorkerId>,
    /// Whether that worker's models are loaded.
    pub ready: bool,
    /// How loud it is, in [0, 1].
    pub level: f32,
    /// For how long it was heard, in seconds.
    pub heard_s: f64,
    /// How much of that has gone to the worker, in seconds.
    pub sent_s: f64,
    /// The last judgement.
    pub judgement: Option<Judgement>,
    /// What that took, in milliseconds.
    pub took_ms: f64,
    /// The judgements of the last minutes, by the time heard.
    pub path: Vec<Moment>,
    /// Number of the last attempt to listen.
    pub attempt: u32,
}

impl Live {
    /// Whether the visitor was asked or sound comes.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        matches!(self.phase, LivePhase::Asking | LivePhase::Listening)
    }

    /// Whether that attempt still waits for its sound.
    #[must_use]
    pub fn awaits(&self, attempt: u32) -> bool {
        self.phase == LivePhase::Asking && self.attempt == attempt
    }

    /// The worker that takes what is heard; `None` before it can.
    #[must_use]
    pub fn listener(&self) -> Option<WorkerId> {
        let listens = self.ready && self.phase == LivePhase::Listening;
        self.worker.filter(|_| listens)
    }

    /// Takes a judgement in.
    pub(super) fn judged(&mut self, judgement: Judgement) {
        self.judgement = Some(judgement);
        self.path.push(Moment {
            t_s: self.heard_s,
            kind: judgement.kind,
            moods: judgement.moods,
            affect: judgement.moods.affect(),
        });
        let earliest = self.heard_s - PATH_SECONDS;
        self.path.retain(|moment| moment.t_s >= earliest);
    }
}

/// How loud samples of some channels are, from 0 (-60 dB relative to full scale, or less) to 1
/// (a full-scale square wave), by their root mean square.
#[must_use]
pub fn level(channels: &[Vec<f32>]) -> f32 {
    let count = channels.iter().map(Vec::len).sum::<usize>().max(1);
    let energy: f32 = channels
        .iter()
        .flatten()
        .map(|sample| sample * sample)
        .sum();
    let db = 10.0 * (energy / count as f32).max(f32::MIN_POSITIVE).log10();
    (1.0 - db / LOWEST_DB).clamp(0.0, 1.0)
}

/// What stands for a judgement where there was nothing to hear.
pub(super) const SILENCE: Judgement = Judgement {
    kind: crate::kind::Kind::Silence,
    moods: MoodProbabilities::UNIFORM,
    unsure: true,
};

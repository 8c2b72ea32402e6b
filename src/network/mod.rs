//! The first judge: a network of convolutions, transformer layers and a bidirectional
//! LSTM over spectrograms of 10 s, behind a small trait so that everything around it is
//! tested without weights.
//!
//! Convolutions and transformer layers are CED-tiny's (Dinkel et al. 2023, "CED:
//! Consistent ensemble distillation for audio tagging"), which was trained on the two
//! million sounds of `AudioSet`: it has heard far more than there are labels for.

#[cfg(feature = "inference")]
mod graph;
mod listening;
#[cfg(test)]
pub(crate) mod made_up;
mod mel_db;
#[cfg(feature = "inference")]
mod onnx;
#[cfg(feature = "inference")]
mod parts;
#[cfg(all(feature = "inference", target_arch = "wasm32"))]
mod products;
#[cfg(feature = "inference")]
pub mod proto;
#[cfg(feature = "inference")]
mod weights;

use ndarray::{Array2, ArrayView2};

use crate::card::NetworkCard;
use crate::error::ModelError;
use crate::kind::Kind;
use crate::mood::{Affect, Mood};

pub use crate::front_end::{STEP, STEP_SECONDS, WINDOW, WINDOW_STEPS};
#[cfg(feature = "inference")]
pub use graph::Graph;
pub(crate) use listening::mean;
pub use listening::{Listening, window, windows};
pub use mel_db::{BANDS, FRAMES, MelDb, boundary_hz};
#[cfg(feature = "inference")]
pub use onnx::OnnxNetwork;

/// Numbers of one output step: four mood logits in the order of [`Mood::ALL`], arousal and
/// valence as listeners rate them, about [-1, 1], then four logits of what it is, in the
/// order of [`Kind::HEARD`].
pub const OUTPUTS: usize = Mood::COUNT + 2 + Kind::HEARD_COUNT;

/// One run of a network that a song needs. Whoever runs it, and in whatever order, the answers
/// are the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Number among those of one song, from 0.
    pub number: usize,
    /// What the network shall hear, `[64, 1001]` ([`MelDb::of`]).
    pub mel_db: Array2<f32>,
}

/// A network that answers for every second of a window; several threads may ask it.
pub trait MoodNetwork: Send + Sync {
    /// Answers for one window: `mel_db` is `[64, 1001]` ([`MelDb::of`]), the answer
    /// `[WINDOW_STEPS, OUTPUTS]`.
    ///
    /// # Errors
    /// [`ModelError::Run`] with what the engine said.
    fn run(&self, mel_db: ArrayView2<f32>) -> Result<Array2<f32>, ModelError>;

    /// What is known of it: its temperature, how many windows it hears, how it is joined with
    /// the ensemble.
    fn card(&self) -> &NetworkCard;
}

/// One second of a song, as a network hears it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Logits in the order of [`Mood::ALL`].
    pub logits: [f32; Mood::COUNT],
    /// Arousal and valence as listeners rate them, about [-1, 1]; no verdict uses them.
    pub rated: Affect,
    /// Probabilities of what it is, in the order of [`Kind::HEARD`].
    pub kinds: [f32; Kind::HEARD_COUNT],
    /// Whether it lies in a window that was heard; else it is drawn between two.
    pub heard: bool,
    /// Whether it is loud enough to have a mood.
    pub sounds: bool,
}

impl Step {
    /// One answer of [`MoodNetwork::run`], or the mean of many, as of a second that was heard
    /// and sounds.
    #[must_use]
    pub fn of(answer: &[f32; OUTPUTS]) -> Self {
        Self::new(answer, true, true)
    }

    /// Reads one row of the answer of [`MoodNetwork::run`].
    fn new(row: &[f32; OUTPUTS], heard: bool, sounds: bool) -> Self {
        Self {
            logits: std::array::from_fn(|i| row[i]),
            rated: Affect {
                arousal: row[Mood::COUNT],
                valence: row[Mood::COUNT + 1],
            },
            kinds: softmax(std::array::from_fn(|i| row[Mood::COUNT + 2 + i])),
            heard,
            sounds,
        }
    }

    /// What it is; see [`Kind::of`].
    #[must_use]
    pub fn kind(&self, music_at_least: f32) -> Kind {
        if self.sounds {
            Kind::of(self.kinds, music_at_least)
        } else {
            Kind::Silence
        }
    }
}

/// The steps of the answer of [`MoodNetwork::run`], `[steps, OUTPUTS]`, as those of a window
/// that was heard and sounds.
pub fn steps(answer: &Array2<f32>) -> impl Iterator<Item = Step> {
    let rows = answer.outer_iter();
    rows.map(|row| Step::new(&std::array::from_fn(|i| row[i]), true, true))
}

/// Probabilities of logits.
fn softmax<const N: usize>(logits: [f32; N]) -> [f32; N] {
    let max = logits.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let weights = logits.map(|logit| (logit - max).exp());
    let sum: f32 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

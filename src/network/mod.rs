//! The first judge: a convolution + bidirectional LSTM network over the log-mel
//! spectrogram, behind a small trait so that everything around it is tested without
//! weights.

#[cfg(feature = "inference")]
mod onnx;

use ndarray::{Array2, ArrayView2};

use crate::error::ModelError;
use crate::mood::{Affect, Mood};

pub use crate::front_end::{STEP_FRAMES, STEP_SECONDS, WINDOW_FRAMES};
#[cfg(feature = "inference")]
pub use onnx::OnnxNetwork;

/// Numbers of one output step: four mood logits in the order of [`Mood::ALL`], then
/// arousal and valence in [-1, 1].
pub const OUTPUTS: usize = Mood::COUNT + 2;

/// A network that answers for every step of a window.
pub trait MoodNetwork {
    /// Answers for one window.
    ///
    /// `log_mel` is `[frames, 96]` ([`crate::spectrum::mel`]), `frames` a multiple of
    /// [`STEP_FRAMES`] of at most [`WINDOW_FRAMES`]; the answer is
    /// `[frames / STEP_FRAMES, OUTPUTS]`.
    ///
    /// # Errors
    /// [`ModelError::Run`] with what the engine said.
    fn run(&self, log_mel: ArrayView2<f32>) -> Result<Array2<f32>, ModelError>;

    /// SHA-256 of the model file, in hexadecimal.
    fn id(&self) -> &str;

    /// What the song's mean logits are divided by before the softmax.
    fn temperature(&self) -> f32;
}

/// One output step, by name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Logits in the order of [`Mood::ALL`].
    pub logits: [f32; Mood::COUNT],
    /// Arousal and valence, each in [-1, 1].
    pub affect: Affect,
}

/// Reads the `[steps, OUTPUTS]` answer of [`MoodNetwork::run`].
pub fn steps(output: &Array2<f32>) -> impl Iterator<Item = Step> + '_ {
    output.outer_iter().map(|row| Step {
        logits: std::array::from_fn(|i| row[i]),
        affect: Affect {
            arousal: row[Mood::COUNT],
            valence: row[Mood::COUNT + 1],
        },
    })
}

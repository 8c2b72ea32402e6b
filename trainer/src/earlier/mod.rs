//! The earlier network and tagger as the library ran them, until their learners go.

mod card;
mod tagger;

use std::sync::Arc;

use ndarray::{Array2, ArrayView2, Axis};
use tract_onnx::prelude::*;
use undertone::spectrum::N_MELS;
use undertone::{Affect, ModelError, Mood, MoodProbabilities};

pub use card::{FrontEnd, NetworkCard, TaggerCard, Unfamiliar, VerdictRule};
pub use tagger::{OnnxTagger, Tagging, window, windows as tagger_windows};

/// Frames of one network window: 10.24 s at 62.5 frames a second.
pub const WINDOW_FRAMES: usize = 640;
/// Frames of one output step; windows are whole multiples of it.
pub const STEP_FRAMES: usize = 64;
/// Seconds of one output step: 1.024.
pub const STEP_SECONDS: f64 =
    (STEP_FRAMES * undertone::spectrum::HOP_LENGTH) as f64 / undertone::audio::SAMPLE_RATE as f64;
/// Numbers of one output step: four mood logits in the order of [`Mood::ALL`], then
/// arousal and valence in [-1, 1].
pub const OUTPUTS: usize = Mood::COUNT + 2;

/// A network that answers for every step of a window.
pub trait MoodNetwork {
    /// Answers for one window.
    ///
    /// `log_mel` is `[frames, 96]` ([`undertone::spectrum::mel`]), `frames` a multiple of
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

/// A loaded and optimised ONNX network. Input `[1, frames, 96]`, output
/// `[1, frames / 64, 6]`.
pub struct OnnxNetwork {
    plan: Arc<TypedRunnableModel>,
    card: NetworkCard,
}

impl OnnxNetwork {
    /// Checks the file against its card, then loads it.
    ///
    /// # Errors
    /// [`ModelError::Size`], [`ModelError::Hash`], [`ModelError::FrontEnd`] or
    /// [`ModelError::Invalid`], each with the file's name.
    pub fn load(card: NetworkCard, bytes: &[u8]) -> Result<Self, ModelError> {
        card.stamp.verify(bytes)?;
        card.front_end.check(&card.stamp.file)?;
        let plan = plan(bytes).map_err(|error| ModelError::Invalid {
            name: card.stamp.file.clone(),
            detail: format!("{error:#}"),
        })?;
        Ok(Self { plan, card })
    }

    /// The card it was loaded with.
    #[must_use]
    pub const fn card(&self) -> &NetworkCard {
        &self.card
    }

    fn failed(&self, detail: impl Into<String>) -> ModelError {
        ModelError::Run {
            name: self.card.stamp.file.clone(),
            detail: detail.into(),
        }
    }
}

fn plan(bytes: &[u8]) -> TractResult<Arc<TypedRunnableModel>> {
    let mut model = tract_onnx::onnx().model_for_read(&mut std::io::Cursor::new(bytes))?;
    let shape = tvec!(1.to_dim(), model.symbols.sym("T").to_dim(), N_MELS.to_dim());
    model.set_input_fact(0, f32::fact(shape).into())?;
    model.into_optimized()?.into_runnable()
}

impl MoodNetwork for OnnxNetwork {
    fn run(&self, log_mel: ArrayView2<f32>) -> Result<Array2<f32>, ModelError> {
        let frames = log_mel.nrows();
        if frames == 0
            || frames > WINDOW_FRAMES
            || !frames.is_multiple_of(STEP_FRAMES)
            || log_mel.ncols() != N_MELS
        {
            return Err(self.failed(format!(
                "expected [n * {STEP_FRAMES} up to {WINDOW_FRAMES}, {N_MELS}], got [{frames}, {}]",
                log_mel.ncols()
            )));
        }
        let values: Vec<f32> = log_mel.iter().copied().collect();
        let run = || -> TractResult<Array2<f32>> {
            let input = Tensor::from_shape(&[1, frames, N_MELS], &values)?;
            let output = self.plan.run(tvec!(input.into()))?;
            let values = output[0].to_plain_array_view::<f32>()?;
            Ok(Array2::from_shape_vec(
                (frames / STEP_FRAMES, OUTPUTS),
                values.iter().copied().collect(),
            )?)
        };
        run().map_err(|error| self.failed(format!("{error:#}")))
    }

    fn id(&self) -> &str {
        &self.card.stamp.sha256
    }

    fn temperature(&self) -> f32 {
        self.card.temperature
    }
}

/// Starts and lengths in frames of the windows that cover a song of `frames` frames:
/// windows of [`WINDOW_FRAMES`] side by side, the last one aligned to the end; a
/// shorter song is one window of whole steps. The trainer validates on the same.
#[must_use]
pub fn windows(frames: usize) -> Vec<(usize, usize)> {
    let whole = frames / STEP_FRAMES * STEP_FRAMES;
    if whole <= WINDOW_FRAMES {
        return vec![(0, whole)];
    }
    let mut starts: Vec<_> = (0..=whole - WINDOW_FRAMES).step_by(WINDOW_FRAMES).collect();
    if !whole.is_multiple_of(WINDOW_FRAMES) {
        starts.push(whole - WINDOW_FRAMES);
    }
    starts
        .into_iter()
        .map(|start| (start, WINDOW_FRAMES))
        .collect()
}

/// Mean logits of a whole song, in the order of [`Mood::ALL`], from its log-mel frames
/// `[frames, 96]`: what the analysis does window by window, at once.
///
/// # Errors
/// [`ModelError::Run`] with what the engine said.
pub fn song_logits(
    network: &dyn MoodNetwork,
    log_mel: &Array2<f32>,
) -> Result<[f32; Mood::COUNT], ModelError> {
    let mut steps = Steps::default();
    for window in windows(log_mel.nrows()) {
        steps.judge(network, log_mel, window)?;
    }
    Ok(steps.mean_logits())
}

/// Probabilities of a whole song: softmax of its mean logits over the temperature.
#[must_use]
pub fn song_probabilities(logits: &[f32; Mood::COUNT], temperature: f32) -> MoodProbabilities {
    MoodProbabilities::from_logits(logits.map(|logit| logit / temperature))
}

/// The network's answers along a song.
#[derive(Default)]
struct Steps(Vec<Step>);

impl Steps {
    /// Runs the network on a window (first frame, length) and keeps the steps that no
    /// earlier window gave; windows start at whole steps.
    fn judge(
        &mut self,
        network: &dyn MoodNetwork,
        log_mel: &Array2<f32>,
        (start, len): (usize, usize),
    ) -> Result<(), ModelError> {
        let rows = start..start + len;
        let output = network.run(log_mel.slice_axis(Axis(0), rows.into()))?;
        let known = self.0.len() - start / STEP_FRAMES;
        self.0.extend(steps(&output).skip(known));
        Ok(())
    }

    fn mean_logits(&self) -> [f32; Mood::COUNT] {
        let count = self.0.len().max(1) as f32;
        std::array::from_fn(|mood| self.0.iter().map(|step| step.logits[mood]).sum::<f32>() / count)
    }
}

//! The network as an ONNX file, run by tract.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};
use tract_onnx::prelude::*;

use super::{MoodNetwork, OUTPUTS, STEP_FRAMES, WINDOW_FRAMES};
use crate::card::NetworkCard;
use crate::error::ModelError;
use crate::spectrum::N_MELS;

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

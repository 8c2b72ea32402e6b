//! Running a graph whose input is a spectrogram.

use anyhow::Result;
use ndarray::Array2;
use tract_onnx::prelude::*;
use undertone::network::{BANDS, FRAMES};

/// What a graph answers, output by output, to `[BANDS, FRAMES]`.
///
/// # Errors
/// When tract refuses.
pub(super) fn run(
    plan: &std::sync::Arc<TypedRunnableModel>,
    mel_db: &Array2<f32>,
) -> Result<Vec<Vec<f32>>> {
    let mel_db: Vec<f32> = mel_db.iter().copied().collect();
    let input = Tensor::from_shape(&[1, BANDS, FRAMES], &mel_db)?;
    let outputs = plan.run(tvec!(input.into()))?;
    let numbers = outputs.iter().map(|output| {
        let output = output.to_plain_array_view::<f32>()?;
        Ok(output.iter().copied().collect())
    });
    numbers.collect()
}

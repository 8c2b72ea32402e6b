//! The network as an ONNX file, run by tract.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};
use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::optim::Optimizer;

use super::{BANDS, FRAMES, MoodNetwork, OUTPUTS, WINDOW_STEPS, weights};
use crate::card::NetworkCard;
use crate::error::ModelError;

/// A loaded and optimised ONNX network. Input `mel_db` `[1, 64, 1001]`, output `answers`
/// `[1, 10, 10]`.
pub struct OnnxNetwork {
    plan: Arc<TypedRunnableModel>,
    card: NetworkCard,
}

impl OnnxNetwork {
    /// Checks the file against its card and the card itself, then loads it.
    ///
    /// # Errors
    /// [`ModelError::Size`], [`ModelError::Hash`], [`ModelError::FrontEnd`] or
    /// [`ModelError::Invalid`], each with the file's name.
    pub fn load(card: NetworkCard, bytes: &[u8]) -> Result<Self, ModelError> {
        Self::check(&card, bytes)?;
        Self::of_checked(card, bytes)
    }

    /// Checks the file against its card and the card itself: a small part of the time that
    /// loading takes.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn check(card: &NetworkCard, bytes: &[u8]) -> Result<(), ModelError> {
        card.stamp.verify(bytes)?;
        card.front_end.check(&card.stamp.file)?;
        card.verdict.check().map_err(|detail| invalid(card, detail))
    }

    /// Loads a file that [`Self::check`] let pass.
    ///
    /// # Errors
    /// [`ModelError::Invalid`] where it is no network.
    pub fn of_checked(card: NetworkCard, bytes: &[u8]) -> Result<Self, ModelError> {
        let file = tract_onnx::onnx().proto_model_for_read(&mut std::io::Cursor::new(bytes));
        let plan = file.and_then(runnable);
        let plan = plan.map_err(|error| invalid(&card, format!("{error:#}")))?;
        Ok(Self { plan, card })
    }

    fn answer(&self, mel_db: ArrayView2<f32>) -> TractResult<Array2<f32>> {
        let values: Vec<f32> = mel_db.iter().copied().collect();
        let input = Tensor::from_shape(&[1, BANDS, FRAMES], &values)?;
        let output = self.plan.run(tvec!(input.into()))?;
        let values = output[0].to_plain_array_view::<f32>()?;
        let values = values.iter().copied().collect();
        Ok(Array2::from_shape_vec((WINDOW_STEPS, OUTPUTS), values)?)
    }
}

fn invalid(card: &NetworkCard, detail: String) -> ModelError {
    ModelError::Invalid {
        name: card.stamp.file.clone(),
        detail,
    }
}

/// Makes an ONNX graph of the input `[1, 64, 1001]` ready to run: its weights as plain numbers, and
/// without what takes the engine long and gains nothing.
///
/// # Errors
/// Where the engine refuses the graph.
pub fn runnable(mut file: ModelProto) -> TractResult<Arc<TypedRunnableModel>> {
    #[cfg(target_arch = "wasm32")]
    super::products::link();
    file.graph.iter_mut().for_each(weights::dequantize);
    let mut model = tract_onnx::onnx().model_for_proto_model(&file)?;
    // The engine has its own copy of the weights; what follows needs the room.
    drop(file);
    model.set_input_fact(0, f32::fact([1, BANDS, FRAMES]).into())?;
    let mut model = model.into_typed()?;
    // The search for better axes takes a third of the time, and finds none that run faster.
    let mut declutter = Optimizer::declutter();
    let changes_axes = |pass: &_| format!("{pass:?}").starts_with("ChangeAxes");
    declutter.passes.retain(|pass| !changes_axes(pass));
    declutter.optimize(&mut model)?;
    model.optimize()?;
    model.into_runnable()
}

impl MoodNetwork for OnnxNetwork {
    fn run(&self, mel_db: ArrayView2<f32>) -> Result<Array2<f32>, ModelError> {
        self.answer(mel_db).map_err(|error| ModelError::Run {
            name: self.card.stamp.file.clone(),
            detail: format!("{error:#}"),
        })
    }

    fn card(&self) -> &NetworkCard {
        &self.card
    }
}

//! The network as an ONNX file, run by tract.

use ndarray::{Array2, ArrayView2};
use tract_onnx::prelude::*;

use super::{Graph, MoodNetwork, OUTPUTS, WINDOW_STEPS};
use crate::card::{FileStamp, NetworkCard};
use crate::error::ModelError;

/// A loaded and optimised ONNX network. Input `mel_db` `[1, 64, 1001]`, output `answers`
/// `[1, 10, 10]`.
pub struct OnnxNetwork {
    graph: Graph,
    card: NetworkCard,
}

impl OnnxNetwork {
    /// Checks the file against its card and the card itself, then loads it.
    ///
    /// # Errors
    /// [`ModelError::Size`], [`ModelError::Hash`], [`ModelError::FrontEnd`] or
    /// [`ModelError::Invalid`], each with the file's name.
    pub fn load(card: NetworkCard, bytes: &[u8]) -> Result<Self, ModelError> {
        Self::check(&card, FileStamp::of(&card.stamp.file, bytes))?;
        Self::of_checked(card, bytes)
    }

    /// Checks the file's stamp against its card, and the card itself.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn check(card: &NetworkCard, got: FileStamp) -> Result<(), ModelError> {
        card.stamp.check(got)?;
        card.front_end.check(&card.stamp.file)?;
        card.verdict.check().map_err(|detail| invalid(card, detail))
    }

    /// Loads a file that [`Self::check`] let pass.
    ///
    /// # Errors
    /// [`ModelError::Invalid`] where it is no network.
    pub fn of_checked(card: NetworkCard, bytes: &[u8]) -> Result<Self, ModelError> {
        let file = tract_onnx::onnx().proto_model_for_read(&mut std::io::Cursor::new(bytes));
        let graph = file.and_then(Graph::load);
        let graph = graph.map_err(|error| invalid(&card, format!("{error:#}")))?;
        Ok(Self { graph, card })
    }

    fn answer(&self, mel_db: ArrayView2<f32>) -> TractResult<Array2<f32>> {
        let outputs = self.graph.run(mel_db)?;
        let values = outputs.into_iter().flatten().collect();
        Ok(Array2::from_shape_vec((WINDOW_STEPS, OUTPUTS), values)?)
    }
}

fn invalid(card: &NetworkCard, detail: String) -> ModelError {
    ModelError::Invalid {
        name: card.stamp.file.clone(),
        detail,
    }
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

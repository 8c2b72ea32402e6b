//! The tagger as an ONNX file, run by tract.

use std::sync::{Arc, Mutex, PoisonError};

use tract_onnx::prelude::*;

use super::{BANDS, FRAMES, MelDb, MoodTagger};
use crate::card::TaggerCard;
use crate::error::ModelError;
use crate::mood::Mood;

/// A loaded and optimised tagger. Input `[1, 64, 1001]` ([`MelDb`]), output `[1, 4]`.
pub struct OnnxTagger {
    plan: Arc<TypedRunnableModel>,
    front_end: Mutex<MelDb>,
    card: TaggerCard,
}

impl OnnxTagger {
    /// Checks the file against its card, then loads it.
    ///
    /// # Errors
    /// [`ModelError::Size`], [`ModelError::Hash`] or [`ModelError::Invalid`], each with
    /// the file's name.
    pub fn load(card: TaggerCard, bytes: &[u8]) -> Result<Self, ModelError> {
        card.stamp.verify(bytes)?;
        let plan = plan(bytes).map_err(|error| ModelError::Invalid {
            name: card.stamp.file.clone(),
            detail: format!("{error:#}"),
        })?;
        Ok(Self {
            plan,
            front_end: Mutex::default(),
            card,
        })
    }

    /// The card it was loaded with.
    #[must_use]
    pub const fn card(&self) -> &TaggerCard {
        &self.card
    }

    fn run(&self, mel: &[f32]) -> TractResult<[f32; Mood::COUNT]> {
        let input = Tensor::from_shape(&[1, BANDS, FRAMES], mel)?;
        let output = self.plan.run(tvec!(input.into()))?;
        let values: Vec<f32> = output[0]
            .to_plain_array_view::<f32>()?
            .iter()
            .copied()
            .collect();
        let n = values.len();
        let logits = values.try_into();
        logits.map_err(|_| TractError::msg(format!("expected {} logits, got {n}", Mood::COUNT)))
    }
}

fn plan(bytes: &[u8]) -> TractResult<Arc<TypedRunnableModel>> {
    let mut model = tract_onnx::onnx().model_for_read(&mut std::io::Cursor::new(bytes))?;
    model.set_input_fact(0, f32::fact([1, BANDS, FRAMES]).into())?;
    model.into_optimized()?.into_runnable()
}

impl MoodTagger for OnnxTagger {
    fn listen(&self, samples: &[f32]) -> Result<[f32; Mood::COUNT], ModelError> {
        let failed = |detail: String| ModelError::Run {
            name: self.card.stamp.file.clone(),
            detail,
        };
        // A panic elsewhere leaves nothing half done in buffers that are written anew.
        let mut front_end = self
            .front_end
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mel = front_end
            .of(samples)
            .map_err(|error| failed(error.to_string()))?;
        drop(front_end);
        self.run(&mel).map_err(|error| failed(format!("{error:#}")))
    }

    fn id(&self) -> &str {
        &self.card.stamp.sha256
    }

    fn most_windows(&self) -> usize {
        let most = self.card.most_windows;
        most.map_or(usize::MAX, |most| most as usize)
    }

    fn temperature(&self) -> f32 {
        self.card.temperature
    }
}

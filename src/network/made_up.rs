//! A network of a test's own.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::{MoodNetwork, OUTPUTS, WINDOW_STEPS};
use crate::card::VerdictRule;
use crate::error::ModelError;

/// Answers for each second by a formula.
pub(crate) struct MadeUp<F> {
    /// From the spectrogram, `[64, 1001]`, and the number of the second in it to its row.
    pub(crate) answer: F,
    pub(crate) temperature: f32,
    pub(crate) most_windows: usize,
    pub(crate) rule: VerdictRule,
}

impl<F> MadeUp<F> {
    /// One that counts alone, and hears all of a song.
    pub(crate) fn of(answer: F) -> Self {
        Self {
            answer,
            temperature: 1.0,
            most_windows: usize::MAX,
            rule: VerdictRule {
                network_weight: 1.0,
                temperature: 1.0,
                unsure_below: 0.5,
                music_at_least: 0.5,
                unfamiliar: None,
            },
        }
    }
}

impl<F: Fn(ArrayView2<f32>, usize) -> [f32; OUTPUTS]> MoodNetwork for MadeUp<F> {
    fn run(&self, mel_db: ArrayView2<f32>) -> Result<Array2<f32>, ModelError> {
        let mut answer = Array2::zeros((WINDOW_STEPS, OUTPUTS));
        for (second, mut row) in answer.outer_iter_mut().enumerate() {
            row.assign(&ArrayView1::from(&(self.answer)(mel_db, second)));
        }
        Ok(answer)
    }

    fn id(&self) -> &'static str {
        "made up"
    }

    fn temperature(&self) -> f32 {
        self.temperature
    }

    fn most_windows(&self) -> usize {
        self.most_windows
    }

    fn rule(&self) -> VerdictRule {
        self.rule
    }
}

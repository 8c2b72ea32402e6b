//! A network of a test's own.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::{MoodNetwork, OUTPUTS, WINDOW_STEPS};
use crate::card::{About, FileStamp, FrontEnd, NetworkCard, VerdictRule};
use crate::error::ModelError;

/// Answers for each second by a formula.
pub(crate) struct MadeUp<F> {
    /// From the spectrogram, `[64, 1001]`, and the number of the second in it to its row.
    pub(crate) answer: F,
    pub(crate) card: NetworkCard,
}

impl<F> MadeUp<F> {
    /// One that counts alone, and hears all of a song.
    pub(crate) fn of(answer: F) -> Self {
        let verdict = VerdictRule {
            network_weight: 1.0,
            temperature: 1.0,
            unsure_below: 0.5,
            music_at_least: 0.5,
            unfamiliar: None,
        };
        let card = NetworkCard {
            stamp: FileStamp::of("made up", &[]),
            front_end: FrontEnd::current(),
            most_windows: None,
            temperature: 1.0,
            verdict,
            parameters: 0,
            about: About::default(),
        };
        Self { answer, card }
    }
}

impl<F: Fn(ArrayView2<f32>, usize) -> [f32; OUTPUTS] + Send + Sync> MoodNetwork for MadeUp<F> {
    fn run(&self, mel_db: ArrayView2<f32>) -> Result<Array2<f32>, ModelError> {
        let mut answer = Array2::zeros((WINDOW_STEPS, OUTPUTS));
        for (second, mut row) in answer.outer_iter_mut().enumerate() {
            row.assign(&ArrayView1::from(&(self.answer)(mel_db, second)));
        }
        Ok(answer)
    }

    fn card(&self) -> &NetworkCard {
        &self.card
    }
}

//! The third judge: CED-tiny (Dinkel et al. 2023, "CED: Consistent ensemble
//! distillation for audio tagging"), a transformer trained on two million sounds of
//! `AudioSet`, with a linear layer that turns what it hears into moods.
//!
//! It has heard far more kinds of music than there are labels for. All twelve layers of it
//! are ten times as slow and five times as large as the network, so they are asked only
//! where the visitor wants them. Everybody has the first ones, which hear parts of a song.

mod mel_db;
#[cfg(feature = "inference")]
mod onnx;

pub use mel_db::{BANDS, FRAMES, MelDb};
#[cfg(feature = "inference")]
pub use onnx::OnnxTagger;

use crate::audio::SAMPLE_RATE;
use crate::error::ModelError;
use crate::mood::{Mood, MoodProbabilities};

/// Samples of one window: 10 s at [`SAMPLE_RATE`].
pub const WINDOW: usize = 10 * SAMPLE_RATE as usize;

/// A judge that answers for windows of 10 s.
pub trait MoodTagger {
    /// Logits of one window in the order of [`Mood::ALL`]. `samples` are [`WINDOW`] mono
    /// samples of a [`crate::Signal`].
    ///
    /// # Errors
    /// [`ModelError::Run`] with what the engine said.
    fn listen(&self, samples: &[f32]) -> Result<[f32; Mood::COUNT], ModelError>;

    /// SHA-256 of the model file, in hexadecimal.
    fn id(&self) -> &str;

    /// Most windows of one song that are worth its time; `usize::MAX` for all.
    fn most_windows(&self) -> usize;

    /// What the song's mean logits are divided by before the softmax.
    fn temperature(&self) -> f32;
}

/// First samples of the windows over a song: side by side, the last one aligned to the
/// end; one window for a shorter song. Where that were more than `most`, so many (at least
/// two), spread evenly from the beginning to the end.
#[must_use]
pub fn windows(samples: usize, most: usize) -> Vec<usize> {
    let last = samples.saturating_sub(WINDOW);
    if samples.div_ceil(WINDOW) <= most {
        return (0..last).step_by(WINDOW).chain([last]).collect();
    }
    let gaps = most.max(2) - 1;
    (0..=gaps).map(|window| last * window / gaps).collect()
}

/// The window of `samples` (not empty) from `start` on; what is shorter starts again.
#[must_use]
pub fn window(samples: &[f32], start: usize) -> Vec<f32> {
    let rest = samples.get(start..).unwrap_or_default();
    rest.iter().copied().cycle().take(WINDOW).collect()
}

/// A song on its way through a tagger, one window a step.
pub struct Tagging {
    starts: Vec<usize>,
    done: usize,
    /// Sum of the logits, each window weighing as the samples that no earlier one holds.
    sum: [f64; Mood::COUNT],
    weight: f64,
}

impl Tagging {
    /// For a song of `samples` samples and a tagger with that [`MoodTagger::most_windows`].
    #[must_use]
    pub fn new(samples: usize, most_windows: usize) -> Self {
        Self {
            starts: windows(samples, most_windows),
            done: 0,
            sum: [0.0; Mood::COUNT],
            weight: 0.0,
        }
    }

    /// All of a song at once.
    ///
    /// # Errors
    /// As [`MoodTagger::listen`].
    pub fn of(tagger: &dyn MoodTagger, samples: &[f32]) -> Result<Self, ModelError> {
        let mut tagging = Self::new(samples.len(), tagger.most_windows());
        while tagging.done < tagging.starts.len() {
            tagging.step(tagger, samples)?;
        }
        Ok(tagging)
    }

    /// Windows done and windows of all.
    #[must_use]
    pub const fn progress(&self) -> (usize, usize) {
        (self.done, self.starts.len())
    }

    /// Lets the tagger hear the next window of the song; nothing where all were heard.
    ///
    /// # Errors
    /// As [`MoodTagger::listen`].
    pub fn step(&mut self, tagger: &dyn MoodTagger, samples: &[f32]) -> Result<(), ModelError> {
        let Some(&start) = self.starts.get(self.done) else {
            return Ok(());
        };
        let logits = tagger.listen(&window(samples, start))?;
        let known = self
            .done
            .checked_sub(1)
            .map_or(0, |before| self.starts[before] + WINDOW);
        let new = (start + WINDOW - known.max(start)) as f64;
        for (sum, logit) in self.sum.iter_mut().zip(logits) {
            *sum += new * f64::from(logit);
        }
        self.weight += new;
        self.done += 1;
        Ok(())
    }

    /// Mean logits of what was heard.
    #[must_use]
    pub fn mean_logits(&self) -> [f32; Mood::COUNT] {
        self.sum.map(|sum| (sum / self.weight.max(1.0)) as f32)
    }

    /// Probabilities of the whole song.
    #[must_use]
    pub fn moods(&self, temperature: f32) -> MoodProbabilities {
        MoodProbabilities::from_logits(self.mean_logits().map(|logit| logit / temperature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_lie_side_by_side_and_end_with_the_song() {
        assert_eq!(windows(1_000, 3), [0]);
        assert_eq!(windows(WINDOW, 3), [0]);
        assert_eq!(windows(WINDOW * 2, 3), [0, WINDOW]);
        assert_eq!(windows(WINDOW * 2 + 5, 3), [0, WINDOW, WINDOW + 5]);
        assert_eq!(windows(WINDOW * 5, 3), [0, WINDOW * 2, WINDOW * 4]);
        let short = window(&[1.0, 2.0, 3.0], 0);
        assert_eq!((short.len(), short[3]), (WINDOW, 1.0));
        assert!(window(&[1.0], 7).is_empty());
    }

    /// Hears the first sample as sad.
    struct First;

    impl MoodTagger for First {
        fn listen(&self, samples: &[f32]) -> Result<[f32; Mood::COUNT], ModelError> {
            Ok([samples[0], 0.0, 0.0, 0.0])
        }

        fn id(&self) -> &'static str {
            ""
        }

        fn most_windows(&self) -> usize {
            usize::MAX
        }

        fn temperature(&self) -> f32 {
            1.0
        }
    }

    #[test]
    fn every_second_counts_once() {
        // The last window holds 4 s of the first and 6 s of its own.
        let mut samples = vec![0.0; WINDOW * 8 / 5];
        samples[WINDOW * 3 / 5] = 1.0;
        let tagging = Tagging::of(&First, &samples).unwrap();
        assert!((tagging.mean_logits()[0] - 6.0 / 16.0).abs() < 1e-6);
        assert!(tagging.moods(1.0).sad > tagging.moods(1.0).calm);
    }
}

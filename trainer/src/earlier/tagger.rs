//! The earlier tagger.

use std::sync::{Arc, Mutex, PoisonError};

use tract_onnx::prelude::*;
use undertone::network::{BANDS, FRAMES, MelDb, WINDOW};
use undertone::{ModelError, Mood, MoodProbabilities};

use super::TaggerCard;

/// A judge that answers for windows of 10 s.
pub trait MoodTagger {
    /// Logits of one window in the order of [`Mood::ALL`]. `samples` are [`WINDOW`] mono
    /// samples of a a signal.
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

/// A loaded and optimised tagger. Input `[1, 64, 1001]` (`MelDb`), output `[1, 4]`.
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
        self.run(&mel.into_raw_vec_and_offset().0)
            .map_err(|error| failed(format!("{error:#}")))
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

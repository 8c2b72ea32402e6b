//! A song on its way through a network, one window a step.

use std::collections::BTreeMap;

use ndarray::Array2;

use super::{BANDS, MelDb, MoodNetwork, OUTPUTS, Question, STEP, Step, WINDOW, WINDOW_STEPS};
use crate::audio::Silence;
use crate::error::AnalysisError;
use crate::kind::Kind;
use crate::mood::Mood;

/// One output step of a network, as [`MoodNetwork::run`] gives it.
type Row = [f32; OUTPUTS];

/// First steps of the windows over a song of so many steps: side by side, the last one
/// aligned to the end; one window for a shorter song. Where that were more than `most`, so
/// many (at least two), spread evenly from the beginning to the end.
#[must_use]
pub fn windows(steps: usize, most: usize) -> Vec<usize> {
    let last = steps.saturating_sub(WINDOW_STEPS);
    if steps.div_ceil(WINDOW_STEPS) <= most {
        return (0..last).step_by(WINDOW_STEPS).chain([last]).collect();
    }
    let gaps = most.max(2) - 1;
    (0..=gaps).map(|window| last * window / gaps).collect()
}

/// The [`WINDOW`] samples from step `start` on; what is shorter starts again.
#[must_use]
pub fn window(samples: &[f32], start: usize) -> Vec<f32> {
    let rest = samples.get(start * STEP..).unwrap_or_default();
    rest.iter().copied().cycle().take(WINDOW).collect()
}

/// What a network has heard of a song so far.
pub struct Listening {
    front_end: MelDb,
    /// First step of every window.
    starts: Vec<usize>,
    /// Whether most of each step of the song is not silent.
    sounds: Vec<bool>,
    /// Windows that the network was asked for.
    asked: usize,
    /// The answers for the windows that were heard, of at most as many steps as the song has.
    answers: Vec<Vec<Row>>,
    /// Answers that came before those of an earlier window.
    early: BTreeMap<usize, Vec<Row>>,
    /// The steps so far, those between two windows drawn between their ends, and whether they
    /// were heard.
    rows: Vec<(Row, bool)>,
    /// Sum of each mel band over all frames that were heard.
    bands: [f64; BANDS],
}

impl Listening {
    /// Prepares a song of these samples ([`crate::Signal::samples`]) and their silent
    /// stretches for a network with that [`MoodNetwork::most_windows`]; nothing is heard yet.
    /// The song has as many steps as whole seconds, at least one.
    #[must_use]
    pub fn new(samples: &[f32], silence: &Silence, most_windows: usize) -> Self {
        let steps = (samples.len() / STEP).max(1);
        let second = |step: usize| step * STEP..((step + 1) * STEP).min(samples.len());
        Self {
            front_end: MelDb::default(),
            starts: windows(steps, most_windows),
            sounds: (0..steps)
                .map(|step| !silence.is_most_of(second(step)))
                .collect(),
            asked: 0,
            answers: Vec::new(),
            early: BTreeMap::new(),
            rows: Vec::with_capacity(steps),
            bands: [0.0; BANDS],
        }
    }

    /// All of a song at once.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn of(
        network: &dyn MoodNetwork,
        samples: &[f32],
        silence: &Silence,
    ) -> Result<Self, AnalysisError> {
        let mut listening = Self::new(samples, silence, network.card().most_windows());
        while listening.questions() > 0 {
            listening.step(network, samples)?;
        }
        Ok(listening)
    }

    /// Windows done, each with all before it, and windows of all.
    #[must_use]
    pub const fn progress(&self) -> (usize, usize) {
        (self.answers.len(), self.starts.len())
    }

    /// Lets the network hear the next window of the same samples; nothing where all were
    /// heard.
    ///
    /// # Errors
    /// [`AnalysisError::Model`] with what the engine said.
    pub fn step(
        &mut self,
        network: &dyn MoodNetwork,
        samples: &[f32],
    ) -> Result<(), AnalysisError> {
        if let Some(question) = self.ask(samples)? {
            let answer = network.run(question.mel_db.view())?;
            self.answer(question.number, &answer);
        }
        Ok(())
    }

    /// The next window of the same samples that nobody was asked for; `None` after the last.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn ask(&mut self, samples: &[f32]) -> Result<Option<Question>, AnalysisError> {
        let number = self.asked;
        let Some(&start) = self.starts.get(number) else {
            return Ok(None);
        };
        let mel_db = self.front_end.of(&window(samples, start))?;
        for (sum, band) in self.bands.iter_mut().zip(mel_db.outer_iter()) {
            *sum += f64::from(band.sum()) / band.len() as f64;
        }
        self.asked += 1;
        Ok(Some(Question { number, mel_db }))
    }

    /// Takes the answer to that question, [`MoodNetwork::run`]'s.
    pub fn answer(&mut self, number: usize, answer: &Array2<f32>) {
        let steps = answer.outer_iter().take(self.sounds.len());
        let rows = steps.map(|row| std::array::from_fn(|i| row[i]));
        self.early.insert(number, rows.collect());
        while let Some(answer) = self.early.remove(&self.answers.len()) {
            self.add(self.starts[self.answers.len()], &answer);
            self.answers.push(answer);
        }
    }

    /// Windows that nobody was asked for.
    #[must_use]
    pub const fn questions(&self) -> usize {
        self.starts.len() - self.asked
    }

    /// Adds the steps of a window that no earlier one holds, and those before it.
    fn add(&mut self, start: usize, answer: &[Row]) {
        let known = self.rows.len();
        if let (Some(&(from, _)), Some(to)) = (self.rows.last(), answer.first()) {
            let gap = start.saturating_sub(known);
            let between = (1..=gap).map(|step| {
                let share = step as f32 / (gap + 1) as f32;
                let row = std::array::from_fn(|i| from[i] + share * (to[i] - from[i]));
                (row, false)
            });
            self.rows.extend(between);
        }
        let new = answer.iter().skip(known.saturating_sub(start));
        self.rows.extend(new.map(|row| (*row, true)));
    }

    /// The steps so far, one a second from the first sample on.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        let rows = self.rows.iter().zip(&self.sounds);
        rows.map(|((row, heard), sounds)| Step::new(row, *heard, *sounds))
    }

    /// The windows so far: the first step of each, and its own answer.
    pub fn windows(&self) -> impl Iterator<Item = (usize, Vec<Step>)> {
        let windows = self.starts.iter().zip(&self.answers);
        windows.map(|(&start, answer)| {
            let rows = answer.iter().zip(self.sounds.iter().skip(start));
            let steps = rows.map(|(row, sounds)| Step::new(row, true, *sounds));
            (start, steps.collect())
        })
    }

    /// Mean of each mel band over the windows that were asked for, in dB, lowest first.
    #[must_use]
    pub fn mean_bands(&self) -> [f32; BANDS] {
        let windows = self.asked.max(1) as f64;
        self.bands.map(|sum| (sum / windows) as f32)
    }

    /// Mean logits of the song, in the order of [`Mood::ALL`], over the steps that were heard
    /// and sound; zeros without any.
    #[must_use]
    pub fn logits(&self) -> [f32; Mood::COUNT] {
        self.mean(|step| step.logits).unwrap_or_default()
    }

    /// Mean probabilities of what it is over the same steps, in the order of [`Kind::HEARD`];
    /// `None` where nothing sounds.
    #[must_use]
    pub fn kinds(&self) -> Option<[f32; Kind::HEARD_COUNT]> {
        self.mean(|step| step.kinds)
    }

    /// What the song is; see [`Kind::of`].
    #[must_use]
    pub fn kind(&self, music_at_least: f32) -> Kind {
        self.kinds()
            .map_or(Kind::Silence, |kinds| Kind::of(kinds, music_at_least))
    }

    fn mean<const N: usize>(&self, values: impl Fn(&Step) -> [f32; N]) -> Option<[f32; N]> {
        mean(
            self.steps()
                .filter(|step| step.heard && step.sounds)
                .map(|step| values(&step)),
        )
    }
}

/// Mean of some arrays, place by place; `None` without any.
pub(crate) fn mean<const N: usize>(rows: impl Iterator<Item = [f32; N]>) -> Option<[f32; N]> {
    let mut sum = [0.0_f64; N];
    let mut count = 0_u32;
    for row in rows {
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += f64::from(value);
        }
        count += 1;
    }
    (count > 0).then(|| sum.map(|sum| (sum / f64::from(count)) as f32))
}

#[cfg(test)]
mod tests;

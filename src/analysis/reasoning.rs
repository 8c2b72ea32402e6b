//! The last stage of an analysis: why the verdict is what it is.

use ndarray::Array2;

use crate::error::AnalysisError;
use crate::explain::attribution::Attribution;
use crate::explain::occlusion::{BANDS, Occlusion};
use crate::explain::{Contribution, Decision, Evidence, Factor, evidence, heard, sentences};
use crate::features::Heard;
use crate::mood::Mood;
use crate::network::{Listening, Question};
use crate::text::Language;

/// The reasons on their way, one run of the network or one background song a step.
pub struct Reasoning {
    decision: Decision,
    attribution: Attribution,
    /// Background songs that the ensemble compares with.
    background: usize,
    evidence: Evidence,
    /// None where it is no music.
    occlusion: Option<Occlusion>,
}

/// All that is said of the reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Reasons {
    /// Why, in plain English sentences.
    pub sentences: Vec<String>,
    /// What each factor did to the ensemble's probability of the verdict's mood.
    pub contributions: Vec<Contribution>,
    /// Where the network's evidence lies.
    pub evidence: Evidence,
}

impl Reasoning {
    /// Prepares the reasons of a decision on a song of these samples, the first of which lies
    /// at `start_s` seconds, that the network listened to; its factors are weighed against so
    /// many background songs. What is no music has none.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn new(
        decision: Decision,
        background: usize,
        listening: &Listening,
        samples: &[f32],
        start_s: f64,
    ) -> Result<Self, AnalysisError> {
        let mut reasoning = Self {
            decision,
            attribution: Attribution::default(),
            background: 0,
            evidence: Evidence::default(),
            occlusion: None,
        };
        if decision.kind.is_music() {
            let mood = decision.mood;
            let stretch = evidence::strongest(listening.windows(), mood);
            reasoning.background = background;
            reasoning.occlusion = Some(Occlusion::new(samples, listening, stretch, mood)?);
            reasoning.evidence.moments = evidence::margins(listening.steps(), mood).collect();
            reasoning.evidence.strongest_s = stretch.place_s(start_s);
        }
        Ok(reasoning)
    }

    /// Steps done and steps of all.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let occlusion = self.occlusion.as_ref();
        let (done, bands) = occlusion.map_or((0, 0), |occlusion| (occlusion.done(), BANDS));
        (self.attribution.songs() + done, self.background + bands)
    }

    /// The next background song that the factors are to be weighed against.
    pub fn next_song(&self) -> Option<usize> {
        let song = self.attribution.songs();
        (song < self.background).then_some(song)
    }

    /// Takes the Shapley values against that song.
    pub fn attribute(&mut self, values: Vec<(Factor, [f64; Mood::COUNT])>) {
        self.attribution.add(values);
    }

    /// Runs of the network that nobody was asked for.
    pub fn questions(&self) -> usize {
        self.occlusion.as_ref().map_or(0, Occlusion::questions)
    }

    /// The next of them.
    pub fn ask(&mut self) -> Option<Question> {
        self.occlusion.as_mut()?.ask()
    }

    /// Takes the answer to that question.
    pub fn answer(&mut self, number: usize, answer: &Array2<f32>) {
        if let Some(occlusion) = &mut self.occlusion {
            occlusion.answer(number, answer);
        }
    }

    /// The reasons, in words and numbers.
    #[must_use]
    pub fn conclude(self, heard: &Heard) -> Reasons {
        let Decision { mood, second, .. } = self.decision;
        let pulls = self.attribution.between(mood, second);
        let pull = |factor| pulls.iter().find(|(other, _)| *other == factor);
        let values = self.attribution.of(mood).into_iter();
        let contributions: Vec<_> = values
            .map(|(factor, shapley)| {
                let impression = heard::impression(factor, heard);
                Contribution {
                    factor,
                    heard: impression.say(Language::English),
                    impression,
                    shapley,
                    pull: pull(factor).map_or(0.0, |(_, pull)| *pull),
                }
            })
            .collect();
        Reasons {
            sentences: sentences(Language::English, self.decision, &contributions),
            contributions,
            evidence: Evidence {
                bands: self.occlusion.map_or_else(Vec::new, Occlusion::into_bands),
                ..self.evidence
            },
        }
    }
}

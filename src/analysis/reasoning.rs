//! The last stage of an analysis: why the verdict is what it is.

use ndarray::Array2;

use crate::error::ModelError;
use crate::explain::attribution::Attribution;
use crate::explain::occlusion::Occlusion;
use crate::explain::{Contribution, Decision, Evidence, evidence, heard, sentences};
use crate::features::Heard;
use crate::judges::Judges;
use crate::network::Step;
use crate::text::Language;

/// The reasons on their way, one background song or one run of the network a step.
pub struct Reasoning {
    decision: Decision,
    attribution: Attribution,
    n_background: usize,
    evidence: Evidence,
    occlusion: Occlusion,
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
    /// Prepares the reasons of a decision on a song of log-mel frames `[frames, 96]`, the
    /// first of which lies at `start_s` seconds, and the network's steps along it.
    #[must_use]
    pub fn new(
        decision: Decision,
        judges: &Judges,
        steps: &[Step],
        log_mel: &Array2<f32>,
        start_s: f64,
    ) -> Self {
        let moments = evidence::margins(steps, decision.mood);
        let stretch = evidence::strongest(&moments);
        Self {
            decision,
            attribution: Attribution::default(),
            n_background: judges.ensemble.n_background(),
            occlusion: Occlusion::new(log_mel, stretch, decision.mood),
            evidence: Evidence {
                moments,
                strongest_s: evidence::stretch_s(stretch, start_s),
                bands: Vec::new(),
            },
        }
    }

    /// Steps done and steps of all.
    #[must_use]
    pub const fn progress(&self) -> (usize, usize) {
        let done = self.attribution.songs() + self.occlusion.done();
        (done, self.n_background + Occlusion::STEPS)
    }

    /// Does the next step: some ten milliseconds.
    ///
    /// # Errors
    /// [`ModelError::Run`] with what a judge said.
    pub fn step(
        &mut self,
        judges: &Judges,
        heard: &Heard,
        log_mel: &Array2<f32>,
    ) -> Result<(), ModelError> {
        let song = self.attribution.songs();
        if song < self.n_background {
            let values = judges.ensemble.compare(&heard.descriptors, song)?;
            self.attribution.add(values);
            return Ok(());
        }
        self.occlusion.step(judges.network.as_ref(), log_mel)
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
                bands: self.occlusion.into_bands(),
                ..self.evidence
            },
        }
    }
}

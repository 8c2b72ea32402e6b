//! From a [`Signal`] to a [`Report`], one short step at a time, so that a page can
//! show progress and a visitor can cancel between any two windows.

mod reasoning;

use ndarray::Array2;

use crate::audio::Signal;
use crate::card::VerdictRule;
use crate::error::AnalysisError;
use crate::explain::Decision;
use crate::features::Heard;
pub use crate::judges::Judges;
use crate::measurement::Measurement;
use crate::mood::{Mood, MoodProbabilities};
use crate::network::{Listening, STEP_SECONDS, Step, mean};
use crate::regressor;
use crate::report::{JudgeVerdict, JudgeVerdicts, Moment, Report};
use crate::spectrum::Thumbnail;

use reasoning::Reasoning;

/// Log-mel frames that one step reads: 10.24 s.
const FRAMES_A_STEP: usize = 640;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Log-mel frames and the frames of the musical features.
    Spectrum,
    /// Network windows.
    Network,
    /// Musical features, the ensemble and the verdict.
    Features,
    /// Why: what each feature did, and where the network's evidence lies.
    Reasons,
}

impl Stage {
    /// Share of the whole work that lies before this stage and within it, as measured
    /// in Chromium on a 4-minute song with the small network.
    const fn span(self) -> (f32, f32) {
        match self {
            Self::Spectrum => (0.0, 0.2),
            Self::Network => (0.2, 0.57),
            Self::Features => (0.77, 0.07),
            Self::Reasons => (0.84, 0.16),
        }
    }
}

/// How far an analysis is.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// The stage that the last step worked on.
    pub stage: Stage,
    /// Windows done of this stage.
    pub done: usize,
    /// Windows of this stage.
    pub total: usize,
    /// Share of the whole analysis that is done, in [0, 1].
    pub fraction: f32,
}

/// One song on its way to a [`Report`]: call [`Analysis::step`] until
/// [`Analysis::is_done`], then [`Analysis::finish`].
pub struct Analysis<'a> {
    judges: &'a Judges,
    rule: VerdictRule,
    song: Measurement,
    listening: Listening,
    timeline: Vec<Moment>,
    verdict: Option<Verdict>,
}

/// What was decided, and why as far as it is known.
struct Verdict {
    heard: Heard,
    network: MoodProbabilities,
    ensemble: MoodProbabilities,
    moods: MoodProbabilities,
    decision: Decision,
    reasoning: Reasoning,
}

impl<'a> Analysis<'a> {
    /// Prepares the analysis of `signal`; nothing is computed yet.
    #[must_use]
    pub fn new(signal: Signal, judges: &'a Judges) -> Self {
        let song = Measurement::new(signal);
        let most = judges.network.most_windows();
        Self {
            judges,
            rule: judges.network.rule(),
            listening: Listening::new(song.samples(), song.silence(), most),
            song,
            timeline: Vec::new(),
            verdict: None,
        }
    }

    /// Whether [`Analysis::finish`] may be called.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| {
            let (done, total) = verdict.reasoning.progress();
            done >= total
        })
    }

    /// Does the next window's worth of work: some ten milliseconds, or a hundred for a run of
    /// the network; that of [`Stage::Features`] grows with the song.
    ///
    /// # Errors
    /// [`AnalysisError::Model`] or [`AnalysisError::Internal`].
    pub fn step(&mut self) -> Result<Progress, AnalysisError> {
        let frames = self.song.frames();
        if self.song.frames_read() < frames {
            self.song.read(FRAMES_A_STEP)?;
            let done = self.song.frames_read().div_ceil(FRAMES_A_STEP);
            let total = frames.div_ceil(FRAMES_A_STEP);
            return Ok(progress(Stage::Spectrum, (done, total)));
        }
        let (heard, windows) = self.listening.progress();
        if heard < windows {
            let network = self.judges.network.as_ref();
            self.listening.step(network, self.song.samples())?;
            let known = self.timeline.len();
            let new = self.moments([0.0; Mood::COUNT], known);
            self.timeline.extend(new);
            return Ok(progress(Stage::Network, self.listening.progress()));
        }
        let Some(verdict) = &mut self.verdict else {
            self.verdict = Some(self.decide()?);
            return Ok(progress(Stage::Features, (1, 1)));
        };
        let (done, total) = verdict.reasoning.progress();
        if done < total {
            verdict.reasoning.step(self.judges, &verdict.heard)?;
        }
        Ok(progress(Stage::Reasons, verdict.reasoning.progress()))
    }

    /// The moments judged so far: by the network alone until the ensemble has judged.
    #[must_use]
    pub fn timeline(&self) -> &[Moment] {
        &self.timeline
    }

    /// The song's log-mel spectrogram so far, `[frames, 96]`, time first.
    #[must_use]
    pub const fn log_mel(&self) -> &Array2<f32> {
        self.song.log_mel()
    }

    /// The spectrogram as a picture.
    #[must_use]
    pub fn thumbnail(&self, columns: usize) -> Thumbnail {
        Thumbnail::of(self.song.log_mel(), columns)
    }

    /// Joins the judges into the report.
    ///
    /// # Errors
    /// [`AnalysisError::Cancelled`] where steps are left.
    pub fn finish(self) -> Result<Report, AnalysisError> {
        if !self.is_done() {
            return Err(AnalysisError::Cancelled);
        }
        let Some(verdict) = self.verdict else {
            return Err(AnalysisError::Cancelled);
        };
        let Verdict {
            heard,
            network,
            ensemble,
            moods,
            decision,
            reasoning,
        } = verdict;
        let reasons = reasoning.conclude(&heard);
        Ok(Report {
            duration_s: self.song.duration_s(),
            listed_s: self.song.listed_s(),
            kind: decision.kind,
            mood: decision.mood,
            unsure: decision.unsure,
            moods,
            binary: moods.binary(),
            three_class: moods.three_class(),
            affect: moods.affect(),
            judges: JudgeVerdicts {
                network: JudgeVerdict { moods: network },
                ensemble: JudgeVerdict { moods: ensemble },
            },
            agreement: 1.0 - network.distance(ensemble),
            novelty: decision.novelty,
            reasons: reasons.sentences,
            contributions: reasons.contributions,
            evidence: reasons.evidence,
            features: heard.features,
            sound: heard.sound,
            timeline: self.timeline,
            models: self.judges.ids(),
        })
    }

    /// Ends the measurement, asks the ensemble and joins the judges.
    fn decide(&mut self) -> Result<Verdict, AnalysisError> {
        let mut heard = self.song.conclude()?;
        let estimates = self.judges.regressor.estimate(&heard.descriptors)?;
        regressor::fill(&mut heard.features, &estimates);
        let ensemble = self.judges.ensemble.judge(&heard.descriptors)?;
        let distance = self.judges.ensemble.distance(&heard.descriptors)?;
        let network = self.probabilities(self.listening.logits(), [0.0; Mood::COUNT]);
        let moods = self.rule.join(network, ensemble, distance);
        let kind = self.listening.kind(self.rule.music_at_least);
        let [(mood, _), (second, _)] = moods.top_two();
        let decision = Decision {
            kind,
            mood,
            second,
            unsure: self.rule.is_unsure(moods) || !kind.is_music(),
            by_features: ensemble.top().0,
            by_ear: network.top().0,
            novelty: self.rule.unfamiliar.map(|far| far.novelty(distance)),
        };
        self.timeline = self.moments(self.shift(moods), 0);
        let reasoning = Reasoning::new(
            decision,
            self.judges,
            &self.listening,
            self.song.samples(),
            self.song.start_s(),
        )?;
        Ok(Verdict {
            heard,
            network,
            ensemble,
            moods,
            decision,
            reasoning,
        })
    }

    /// What the logits of every moment are moved by, so that the softmax of their mean over
    /// the moments that sound is the joint verdict.
    fn shift(&self, moods: MoodProbabilities) -> [f32; Mood::COUNT] {
        let sounding = self.listening.steps().filter(|step| step.sounds);
        let mean = mean(sounding.map(|step| step.logits)).unwrap_or_default();
        let temperature = self.judges.network.temperature();
        let joint = moods.to_array();
        // A probability of 0 has no logarithm.
        std::array::from_fn(|i| joint[i].max(f32::MIN_POSITIVE).ln() - mean[i] / temperature)
    }

    /// The moments from number `first` on, their logits moved by `shift`.
    fn moments(&self, shift: [f32; Mood::COUNT], first: usize) -> Vec<Moment> {
        let steps = self.listening.steps().enumerate().skip(first);
        let moment = |(index, step): (usize, Step)| {
            let moods = if step.sounds {
                self.probabilities(step.logits, shift)
            } else {
                MoodProbabilities::UNIFORM
            };
            Moment {
                t_s: self.song.start_s() + index as f64 * STEP_SECONDS,
                kind: step.kind(self.rule.music_at_least),
                moods,
                affect: moods.affect(),
            }
        };
        steps.map(moment).collect()
    }

    /// Softmax of the network's logits over its temperature, moved by `shift`.
    fn probabilities(
        &self,
        logits: [f32; Mood::COUNT],
        shift: [f32; Mood::COUNT],
    ) -> MoodProbabilities {
        let temperature = self.judges.network.temperature();
        let moved = std::array::from_fn(|i| logits[i] / temperature + shift[i]);
        MoodProbabilities::from_logits(moved)
    }
}

fn progress(stage: Stage, (done, total): (usize, usize)) -> Progress {
    let (before, within) = stage.span();
    let fraction = before + within * done as f32 / total.max(1) as f32;
    Progress {
        stage,
        done,
        total,
        fraction,
    }
}

/// Runs a whole analysis; `on_progress` is told after each step and says whether to go on.
///
/// # Errors
/// As [`Analysis::step`]; [`AnalysisError::Cancelled`] where `on_progress` says no.
pub fn analyse(
    signal: Signal,
    judges: &Judges,
    mut on_progress: impl FnMut(Progress) -> bool,
) -> Result<Report, AnalysisError> {
    let mut analysis = Analysis::new(signal, judges);
    while !analysis.is_done() {
        if !on_progress(analysis.step()?) {
            return Err(AnalysisError::Cancelled);
        }
    }
    analysis.finish()
}

#[cfg(test)]
mod tests;

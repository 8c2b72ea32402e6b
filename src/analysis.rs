//! From a [`Signal`] to a [`Report`], one short step at a time, so that a page can
//! show progress and a visitor can cancel between any two windows.

mod reasoning;
#[cfg(not(target_arch = "wasm32"))]
mod shared;

use ndarray::Array2;

use crate::audio::Signal;
use crate::card::VerdictRule;
use crate::error::AnalysisError;
use crate::explain::Decision;
use crate::features::Heard;
pub use crate::judges::Judges;
use crate::kind::Kind;
use crate::measurement::Measurement;
use crate::mood::{Mood, MoodProbabilities};
use crate::network::{Listening, Question, STEP_SECONDS, Step, mean};
use crate::regressor;
use crate::report::{JudgeVerdict, JudgeVerdicts, Moment, Report};
use crate::spectrum::Thumbnail;

use reasoning::Reasoning;
#[cfg(not(target_arch = "wasm32"))]
pub use shared::analyse_shared;

/// Log-mel frames that one step reads: 10.24 s.
const FRAMES_A_STEP: usize = 640;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Log-mel frames and the frames of the musical features.
    Spectrum,
    /// Network windows, and the verdict.
    Network,
    /// Musical features, and the ensemble.
    Features,
    /// Why: what each feature did, and where the network's evidence lies.
    Reasons,
}

impl Stage {
    /// All of them, in the order in which most of each is done.
    const ALL: [Self; 4] = [Self::Spectrum, Self::Features, Self::Network, Self::Reasons];

    /// Share of the whole work, as measured in Chromium on a 4-minute song.
    const fn share(self) -> f32 {
        match self {
            Self::Spectrum => 0.1,
            Self::Features => 0.03,
            Self::Network => 0.53,
            Self::Reasons => 0.34,
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

/// What the judges say of a sound, without why.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Judgement {
    /// What it is.
    pub kind: Kind,
    /// How likely each mood is; it has none where it is no music.
    pub moods: MoodProbabilities,
    /// Whether the likeliest mood is in doubt.
    pub unsure: bool,
}

impl Judgement {
    /// What a report says.
    #[must_use]
    pub const fn of(report: &Report) -> Self {
        Self {
            kind: report.kind,
            moods: report.moods,
            unsure: report.unsure,
        }
    }
}

/// One song on its way to a [`Report`]: call [`Analysis::step`] until
/// [`Analysis::is_done`], then [`Analysis::finish`].
///
/// Runs of the network, which take most of the time, may also be done elsewhere: each
/// [`Analysis::question`] that is taken out waits for its [`Analysis::answer`], and the steps
/// go on with what is left. Nothing of the report depends on who answered, or when.
pub struct Analysis<'a> {
    judges: &'a Judges,
    rule: VerdictRule,
    song: Measurement,
    listening: Listening,
    timeline: Vec<Moment>,
    features: Option<Features>,
    verdict: Option<Verdict>,
}

/// What the features say, before the network is asked.
struct Features {
    heard: Heard,
    ensemble: MoodProbabilities,
    distance: f32,
}

/// What was decided, and why as far as it is known.
struct Verdict {
    network: MoodProbabilities,
    moods: MoodProbabilities,
    decision: Decision,
    reasoning: Reasoning,
}

impl<'a> Analysis<'a> {
    /// Prepares the analysis of `signal`; nothing is computed yet.
    #[must_use]
    pub fn new(signal: Signal, judges: &'a Judges) -> Self {
        let song = Measurement::new(signal);
        let most = judges.network.card().most_windows();
        Self {
            judges,
            rule: judges.network.card().verdict,
            listening: Listening::new(song.samples(), song.silence(), most),
            song,
            timeline: Vec::new(),
            features: None,
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

    /// Whether all that is left to do was taken out by [`Self::question`], so that a step
    /// would do nothing until an answer comes.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.is_done() && !self.has_own_work() && self.questions() == 0
    }

    /// Does the next window's worth of work: some ten milliseconds, or a hundred for a run of
    /// the network; that of [`Stage::Features`] grows with the song. What the verdict does not
    /// need comes behind it.
    ///
    /// # Errors
    /// [`AnalysisError::Model`] or [`AnalysisError::Internal`].
    pub fn step(&mut self) -> Result<Progress, AnalysisError> {
        if self.song.frames_read() < self.song.frames() {
            self.song.read(FRAMES_A_STEP)?;
            return Ok(self.progress(Stage::Spectrum));
        }
        let Some(features) = &self.features else {
            self.features = Some(self.hear_features()?);
            self.decide()?;
            return Ok(self.progress(Stage::Features));
        };
        if let Some(verdict) = &mut self.verdict
            && let Some(song) = verdict.reasoning.next_song()
        {
            let descriptors = &features.heard.descriptors;
            let values = self.judges.ensemble.compare(descriptors, song)?;
            verdict.reasoning.attribute(values);
            return Ok(self.progress(Stage::Reasons));
        }
        let Some(question) = self.question()? else {
            return Ok(self.progress(self.asking()));
        };
        let answer = self.judges.network.run(question.mel_db.view())?;
        self.answer(question.number, &answer)
    }

    /// Takes out the next run of the network, for somebody else to do; `None` where none is
    /// known to be needed.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn question(&mut self) -> Result<Option<Question>, AnalysisError> {
        let Some(verdict) = &mut self.verdict else {
            return self.listening.ask(self.song.samples());
        };
        // They follow those of the windows.
        let (_, windows) = self.listening.progress();
        let question = verdict.reasoning.ask();
        Ok(question.map(|question| Question {
            number: windows + question.number,
            ..question
        }))
    }

    /// How many [`Self::question`] would give now.
    #[must_use]
    pub fn questions(&self) -> usize {
        let verdict = self.verdict.as_ref();
        verdict.map_or_else(
            || self.listening.questions(),
            |verdict| verdict.reasoning.questions(),
        )
    }

    /// Takes the answer to that question, [`crate::network::MoodNetwork::run`]'s.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn answer(
        &mut self,
        number: usize,
        answer: &Array2<f32>,
    ) -> Result<Progress, AnalysisError> {
        let stage = self.asking();
        let (_, windows) = self.listening.progress();
        if let Some(band) = number.checked_sub(windows) {
            if let Some(verdict) = &mut self.verdict {
                verdict.reasoning.answer(band, answer);
            }
        } else {
            self.listening.answer(number, answer);
            let known = self.timeline.len();
            let new = self.moments([0.0; Mood::COUNT], known);
            self.timeline.extend(new);
        }
        self.decide()?;
        Ok(self.progress(stage))
    }

    /// What was decided, once that is known: before the reasons are, which take a while. The
    /// report says the same.
    #[must_use]
    pub fn judgement(&self) -> Option<Judgement> {
        let verdict = self.verdict.as_ref()?;
        Some(Judgement {
            kind: verdict.decision.kind,
            moods: verdict.moods,
            unsure: verdict.decision.unsure,
        })
    }

    /// The moments judged so far: by the network alone until there is a judgement, then those of
    /// the report.
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
    /// [`AnalysisError::Cancelled`] where steps are left; [`AnalysisError::Model`].
    pub fn finish(self) -> Result<Report, AnalysisError> {
        if !self.is_done() {
            return Err(AnalysisError::Cancelled);
        }
        let (Some(features), Some(verdict)) = (self.features, self.verdict) else {
            return Err(AnalysisError::Cancelled);
        };
        let Features {
            mut heard,
            ensemble,
            ..
        } = features;
        let estimates = self.judges.regressor.estimate(&heard.descriptors)?;
        regressor::fill(&mut heard.features, &estimates);
        let Verdict {
            network,
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

    /// The stage that asks the network now.
    const fn asking(&self) -> Stage {
        if self.verdict.is_some() {
            Stage::Reasons
        } else {
            Stage::Network
        }
    }

    /// Whether something is to be done now that needs no network.
    fn has_own_work(&self) -> bool {
        let verdict = self.verdict.as_ref();
        let next_song = verdict.and_then(|verdict| verdict.reasoning.next_song());
        self.features.is_none() || next_song.is_some()
    }

    /// Parts done of a stage, and parts of all.
    fn done(&self, stage: Stage) -> (usize, usize) {
        match stage {
            Stage::Spectrum => {
                let frames = [self.song.frames_read(), self.song.frames()];
                let [done, total] = frames.map(|frames| frames.div_ceil(FRAMES_A_STEP));
                (done, total)
            }
            Stage::Features => (usize::from(self.features.is_some()), 1),
            Stage::Network => self.listening.progress(),
            Stage::Reasons => {
                let verdict = self.verdict.as_ref();
                verdict.map_or((0, 1), |verdict| verdict.reasoning.progress())
            }
        }
    }

    fn progress(&self, stage: Stage) -> Progress {
        let share = |stage: Stage| {
            let (done, total) = self.done(stage);
            // What is no music has no reasons to be looked for.
            let done = if total == 0 {
                1.0
            } else {
                done as f32 / total as f32
            };
            stage.share() * done
        };
        let (done, total) = self.done(stage);
        Progress {
            stage,
            done,
            total,
            fraction: Stage::ALL.map(share).iter().sum(),
        }
    }

    /// Ends the measurement and asks the ensemble.
    fn hear_features(&mut self) -> Result<Features, AnalysisError> {
        let heard = self.song.conclude()?;
        Ok(Features {
            ensemble: self.judges.ensemble.judge(&heard.descriptors)?,
            distance: self.judges.ensemble.distance(&heard.descriptors)?,
            heard,
        })
    }

    /// Joins the judges as soon as both are done.
    fn decide(&mut self) -> Result<(), AnalysisError> {
        let (heard, windows) = self.listening.progress();
        if self.verdict.is_some() || heard < windows {
            return Ok(());
        }
        let Some(features) = &self.features else {
            return Ok(());
        };
        let (ensemble, distance) = (features.ensemble, features.distance);
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
            self.judges.ensemble.n_background(),
            &self.listening,
            self.song.samples(),
            self.song.start_s(),
        )?;
        self.verdict = Some(Verdict {
            network,
            moods,
            decision,
            reasoning,
        });
        Ok(())
    }

    /// What the logits of every moment are moved by, so that the softmax of their mean over
    /// the moments that sound is the joint verdict.
    fn shift(&self, moods: MoodProbabilities) -> [f32; Mood::COUNT] {
        let sounding = self.listening.steps().filter(|step| step.sounds);
        let mean = mean(sounding.map(|step| step.logits)).unwrap_or_default();
        let temperature = self.judges.network.card().temperature;
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
        let temperature = self.judges.network.card().temperature;
        let moved = std::array::from_fn(|i| logits[i] / temperature + shift[i]);
        MoodProbabilities::from_logits(moved)
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

//! From a [`Signal`] to a [`Report`], one short step at a time, so that a page can
//! show progress and a visitor can cancel between any two windows.

mod reasoning;

use ndarray::{Array2, Axis};

use crate::audio::Signal;
use crate::error::{AnalysisError, ModelError};
use crate::explain::Decision;
use crate::features::Heard;
pub use crate::judges::Judges;
use crate::measurement::Measurement;
use crate::mood::{Mood, MoodProbabilities};
use crate::network::{self, MoodNetwork, STEP_FRAMES, STEP_SECONDS, Step, WINDOW_FRAMES};
use crate::regressor;
use crate::report::{JudgeVerdict, JudgeVerdicts, Moment, Report};
use crate::spectrum::Thumbnail;
use crate::tagger::Tagging;

use reasoning::Reasoning;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Log-mel frames and the frames of the musical features.
    Spectrum,
    /// Network windows.
    Network,
    /// Windows of the tagger, where it is asked.
    Tagger,
    /// Musical features, the ensemble and the verdict.
    Features,
    /// Why: what each feature did, and where the network's evidence lies.
    Reasons,
}

impl Stage {
    /// Share of the whole work that lies before this stage and within it, as measured
    /// in Chromium on a 4-minute song; `tagged` with the small tagger.
    const fn span(self, tagged: bool) -> (f32, f32) {
        match (self, tagged) {
            (Self::Spectrum, false) => (0.0, 0.42),
            (Self::Network, false) => (0.42, 0.35),
            (Self::Tagger, false) => (0.77, 0.0),
            (Self::Features, false) => (0.77, 0.11),
            (Self::Reasons, false) => (0.88, 0.12),
            (Self::Spectrum, true) => (0.0, 0.2),
            (Self::Network, true) => (0.2, 0.16),
            (Self::Tagger, true) => (0.36, 0.53),
            (Self::Features, true) => (0.89, 0.05),
            (Self::Reasons, true) => (0.94, 0.06),
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
    song: Measurement,
    windows: Vec<(usize, usize)>,
    judged: usize,
    tagging: Tagging,
    steps: Steps,
    timeline: Vec<Moment>,
    verdict: Option<Verdict>,
}

/// What was decided, and why as far as it is known.
struct Verdict {
    heard: Heard,
    network: MoodProbabilities,
    ensemble: MoodProbabilities,
    tagger: Option<MoodProbabilities>,
    moods: MoodProbabilities,
    decision: Decision,
    reasoning: Reasoning,
}

impl<'a> Analysis<'a> {
    /// Prepares the analysis of `signal`; nothing is computed yet.
    #[must_use]
    pub fn new(signal: Signal, judges: &'a Judges) -> Self {
        let song = Measurement::new(signal);
        let tagger = judges.tagger.as_ref();
        let most = tagger.map_or(0, |tagger| tagger.judge.most_windows());
        Self {
            judges,
            windows: windows(song.frames()),
            tagging: Tagging::new(song.samples().len(), most),
            song,
            judged: 0,
            steps: Steps::default(),
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

    /// Does the next window's worth of work: some ten milliseconds, but for a step of
    /// [`Stage::Tagger`], some hundred, and that of [`Stage::Features`], which grows with
    /// the song.
    ///
    /// # Errors
    /// [`AnalysisError::Model`] or [`AnalysisError::Internal`].
    pub fn step(&mut self) -> Result<Progress, AnalysisError> {
        let frames = self.song.frames();
        if self.song.frames_read() < frames {
            self.song.read(WINDOW_FRAMES)?;
            let done = self.song.frames_read().div_ceil(WINDOW_FRAMES);
            let total = frames.div_ceil(WINDOW_FRAMES);
            return Ok(self.progress(Stage::Spectrum, (done, total)));
        }
        if self.judged < self.windows.len() {
            self.judge_window()?;
            return Ok(self.progress(Stage::Network, (self.judged, self.windows.len())));
        }
        let (tagged, of) = self.tagging.progress();
        if let Some(tagger) = self.judges.tagger.as_ref().filter(|_| tagged < of) {
            let samples = self.song.samples();
            self.tagging.step(tagger.judge.as_ref(), samples)?;
            return Ok(self.progress(Stage::Tagger, self.tagging.progress()));
        }
        let Some(verdict) = &mut self.verdict else {
            self.verdict = Some(self.decide()?);
            return Ok(self.progress(Stage::Features, (1, 1)));
        };
        let log_mel = self.song.log_mel();
        let (done, total) = verdict.reasoning.progress();
        if done < total {
            let reasoning = &mut verdict.reasoning;
            reasoning.step(self.judges, &verdict.heard, log_mel)?;
        }
        let done = verdict.reasoning.progress();
        Ok(self.progress(Stage::Reasons, done))
    }

    /// The moments judged so far.
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
            tagger,
            moods,
            decision,
            reasoning,
        } = verdict;
        let reasons = reasoning.conclude(&heard);
        Ok(Report {
            duration_s: self.song.duration_s(),
            mood: decision.mood,
            unsure: decision.unsure,
            moods,
            binary: moods.binary(),
            three_class: moods.three_class(),
            affect: moods.affect(),
            judges: JudgeVerdicts {
                network: JudgeVerdict { moods: network },
                ensemble: JudgeVerdict { moods: ensemble },
                tagger: tagger.map(|moods| JudgeVerdict { moods }),
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
        let temperature = self.judges.network.temperature();
        let network = song_probabilities(&self.steps.mean_logits(), temperature);
        let tagger = self.judges.tagger.as_ref();
        let tagger = tagger.map(|tagger| self.tagging.moods(tagger.judge.temperature()));
        let rule = self.judges.rule();
        let moods = rule.join(network, ensemble, tagger, distance);
        let unfamiliar = rule.unfamiliar.filter(|_| tagger.is_some());
        let novelty = unfamiliar.map(|unfamiliar| unfamiliar.novelty(distance));
        self.timeline = self.moments(self.shift(moods), 0);
        let [(mood, _), (second, _)] = moods.top_two();
        let decision = Decision {
            mood,
            second,
            unsure: rule.is_unsure(moods),
            by_features: ensemble.top().0,
            by_ear: network.top().0,
            by_tagger: tagger.map(|moods| moods.top().0),
            novelty,
        };
        let (log_mel, start_s) = (self.song.log_mel(), self.song.start_s());
        let reasoning = Reasoning::new(decision, self.judges, &self.steps.0, log_mel, start_s);
        Ok(Verdict {
            heard,
            network,
            ensemble,
            tagger,
            moods,
            decision,
            reasoning,
        })
    }

    /// Runs the network on the next window and adds its moments to the timeline.
    fn judge_window(&mut self) -> Result<(), AnalysisError> {
        let network = self.judges.network.as_ref();
        let window = self.windows[self.judged];
        self.steps.judge(network, self.song.log_mel(), window)?;
        let new = self.moments([0.0; Mood::COUNT], self.timeline.len());
        self.timeline.extend(new);
        self.judged += 1;
        Ok(())
    }

    /// By how much the logits of all moments are moved, so that the softmax of their mean is
    /// the joint verdict: along the song the network says how the mood changes, and the judges
    /// together say what it is.
    fn shift(&self, moods: MoodProbabilities) -> [f32; Mood::COUNT] {
        let (joint, mean) = (moods.to_array(), self.steps.mean_logits());
        let temperature = self.judges.network.temperature();
        std::array::from_fn(|mood| {
            joint[mood].max(f32::MIN_POSITIVE).ln() - mean[mood] / temperature
        })
    }

    /// The moments from number `first` on, their logits over the network's temperature moved by
    /// `shift`.
    fn moments(&self, shift: [f32; Mood::COUNT], first: usize) -> Vec<Moment> {
        let temperature = self.judges.network.temperature();
        let start_s = self.song.start_s();
        let moment = |(index, step): (usize, &Step)| {
            let moved = std::array::from_fn(|mood| step.logits[mood] / temperature + shift[mood]);
            let moods = MoodProbabilities::from_logits(moved);
            Moment {
                t_s: start_s + index as f64 * STEP_SECONDS,
                moods,
                affect: moods.affect(),
            }
        };
        let steps = self.steps.0.iter().enumerate();
        steps.skip(first).map(moment).collect()
    }

    fn progress(&self, stage: Stage, (done, total): (usize, usize)) -> Progress {
        let (before, within) = stage.span(self.judges.tagger.is_some());
        let fraction = before + within * done as f32 / total.max(1) as f32;
        Progress {
            stage,
            done,
            total,
            fraction,
        }
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

/// Starts and lengths in frames of the windows that cover a song of `frames` frames:
/// windows of [`WINDOW_FRAMES`] side by side, the last one aligned to the end; a
/// shorter song is one window of whole steps. The trainer validates on the same.
#[must_use]
pub fn windows(frames: usize) -> Vec<(usize, usize)> {
    let whole = frames / STEP_FRAMES * STEP_FRAMES;
    if whole <= WINDOW_FRAMES {
        return vec![(0, whole)];
    }
    let mut starts: Vec<_> = (0..=whole - WINDOW_FRAMES).step_by(WINDOW_FRAMES).collect();
    if !whole.is_multiple_of(WINDOW_FRAMES) {
        starts.push(whole - WINDOW_FRAMES);
    }
    starts
        .into_iter()
        .map(|start| (start, WINDOW_FRAMES))
        .collect()
}

/// Mean logits of a whole song, in the order of [`Mood::ALL`], from its log-mel frames
/// `[frames, 96]`: what [`Analysis`] does window by window, at once.
///
/// # Errors
/// [`ModelError::Run`] with what the engine said.
pub fn song_logits(
    network: &dyn MoodNetwork,
    log_mel: &Array2<f32>,
) -> Result<[f32; Mood::COUNT], ModelError> {
    let mut steps = Steps::default();
    for window in windows(log_mel.nrows()) {
        steps.judge(network, log_mel, window)?;
    }
    Ok(steps.mean_logits())
}

/// Probabilities of a whole song: softmax of its mean logits over the temperature.
#[must_use]
pub fn song_probabilities(logits: &[f32; Mood::COUNT], temperature: f32) -> MoodProbabilities {
    MoodProbabilities::from_logits(logits.map(|logit| logit / temperature))
}

/// The network's answers along a song.
#[derive(Default)]
struct Steps(Vec<Step>);

impl Steps {
    /// Runs the network on a window (first frame, length) and keeps the steps that no
    /// earlier window gave; windows start at whole steps.
    fn judge(
        &mut self,
        network: &dyn MoodNetwork,
        log_mel: &Array2<f32>,
        (start, len): (usize, usize),
    ) -> Result<(), ModelError> {
        let rows = start..start + len;
        let output = network.run(log_mel.slice_axis(Axis(0), rows.into()))?;
        let known = self.0.len() - start / STEP_FRAMES;
        self.0.extend(network::steps(&output).skip(known));
        Ok(())
    }

    fn mean_logits(&self) -> [f32; Mood::COUNT] {
        let count = self.0.len().max(1) as f32;
        std::array::from_fn(|mood| self.0.iter().map(|step| step.logits[mood]).sum::<f32>() / count)
    }
}

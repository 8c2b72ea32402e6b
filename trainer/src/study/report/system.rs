//! Everything about one system of a task.

use serde::Serialize;

use super::held::{Held, SongRef};
use crate::evaluate::counts::{mean, mean_and_deviation, ratio};
use crate::evaluate::metrics::{Answers, Scores, macro_f1};
use crate::evaluate::precision_recall::{ClassCurve, class_curves};
use crate::songs::task::Task;
use crate::study::run::{Facts, Fit, FoldRun};

/// One system, over all folds that it ran.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SystemReport {
    /// Name, unique within the task.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub facts: Facts,
    /// Scores over all folds that it ran, their songs pooled.
    pub scores: Scores,
    /// Scores on the songs that every system of the task answered; `null` where there
    /// are none.
    pub common: Option<Scores>,
    /// Mean and sample standard deviation of the macro-F1 over the folds; `null` of
    /// fewer than two.
    pub macro_f1_over_folds: Option<[f64; 2]>,
    /// Mean seconds of search and fitting in a fold; `null` without folds.
    pub seconds_per_fold: Option<f64>,
    /// Mean seconds of an epoch; `null` where there are none.
    pub seconds_per_epoch: Option<f64>,
    /// Its folds, in order.
    pub folds: Vec<FoldReport>,
    /// Precision against recall of each class in order.
    pub curves: Vec<ClassCurve>,
}

/// One fold of a system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoldReport {
    /// How it was fitted; a figure of an epoch is `null` where the training diverged.
    #[serde(flatten)]
    pub fit: Fit,
    /// Held-out songs that it answered.
    pub n_test: usize,
    /// Macro-F1 on the held-out songs.
    pub macro_f1: f64,
    /// Share of the held-out songs that it got right.
    pub accuracy: f64,
}

impl SystemReport {
    /// Measures a system over all its folds.
    pub(super) fn of(held: &Held, songs: &[SongRef]) -> Self {
        let run = held.run;
        let answers = held.columns(held.answers.keys(), songs);
        let mut folds: Vec<FoldReport> = run.folds.iter().map(FoldReport::of).collect();
        folds.sort_by_key(|fold| fold.fit.fold);
        let epochs = || run.folds.iter().flat_map(|fold| &fold.fit.epochs);
        let seconds = epochs().map(|epoch| epoch.seconds);
        Self {
            name: run.system.clone(),
            facts: run.facts.clone(),
            scores: scores(run.task, &answers),
            common: None,
            macro_f1_over_folds: mean_and_deviation(folds.iter().map(|fold| fold.macro_f1)),
            seconds_per_fold: (!folds.is_empty())
                .then(|| mean(folds.iter().map(|fold| fold.fit.seconds))),
            seconds_per_epoch: epochs()
                .next()
                .map(|_| mean(seconds.filter(|seconds| seconds.is_finite()))),
            folds,
            curves: class_curves(run.task.classes(), &answers),
        }
    }

    /// The scores that it is ranked by: those on the common songs, where there are some.
    pub fn ranked(&self) -> &Scores {
        self.common.as_ref().unwrap_or(&self.scores)
    }
}

impl FoldReport {
    fn of(run: &FoldRun) -> Self {
        let truth: Vec<usize> = run.answers.iter().map(|answer| answer.truth).collect();
        let said: Vec<usize> = run.answers.iter().map(|answer| answer.answer).collect();
        let right = truth
            .iter()
            .zip(&said)
            .filter(|(truth, said)| truth == said);
        Self {
            fit: run.fit.clone(),
            n_test: run.answers.len(),
            macro_f1: macro_f1(&truth, &said),
            accuracy: ratio(right.count(), truth.len()),
        }
    }
}

/// The scores of one system on some songs.
pub(super) fn scores(task: Task, answers: &Answers) -> Scores {
    Scores::of_answers("held out", task.classes(), answers)
}

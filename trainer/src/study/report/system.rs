//! Everything about one system of a task.

use serde::Serialize;

use super::held::{Held, SongRef};
use crate::evaluate::counts::{mean, mean_and_deviation, ratio};
use crate::evaluate::metrics::{Answers, Scores, macro_f1};
use crate::evaluate::precision_recall::{ClassCurve, class_curves};
use crate::songs::task::Task;
use crate::study::run::{EpochRun, Family, FoldRun};

/// One system, over all folds that it ran.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SystemReport {
    /// Name, unique within the task.
    pub name: String,
    /// Its kind.
    pub family: Family,
    /// What it looks at.
    pub input: String,
    /// Its settings.
    pub settings: String,
    /// Number of trained parameters, where that is a fixed number.
    pub parameters: Option<u64>,
    /// Size of the model file in bytes, where one is written.
    pub model_bytes: Option<u64>,
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
    /// Number, from 0.
    pub fold: usize,
    /// Songs that it was fitted on.
    pub n_train: usize,
    /// Songs that choices were made on; 0 where that was done inside the training songs.
    pub n_validation: usize,
    /// Held-out songs that it answered.
    pub n_test: usize,
    /// What was chosen, for people.
    pub chosen: String,
    /// Seconds of search and fitting.
    pub seconds: f64,
    /// Macro-F1 on the held-out songs.
    pub macro_f1: f64,
    /// Share of the held-out songs that it got right.
    pub accuracy: f64,
    /// Epoch that the weights are from, counted from 1.
    pub best_epoch: Option<usize>,
    /// Training curve; a figure of it is `null` where the training diverged.
    pub epochs: Vec<EpochRun>,
}

impl SystemReport {
    /// Measures a system over all its folds.
    pub(super) fn of(held: &Held, songs: &[SongRef]) -> Self {
        let run = held.run;
        let answers = held.columns(held.answers.keys(), songs);
        let mut folds: Vec<FoldReport> = run.folds.iter().map(FoldReport::of).collect();
        folds.sort_by_key(|fold| fold.fold);
        let epochs = || run.folds.iter().flat_map(|fold| &fold.epochs);
        let seconds = epochs().map(|epoch| epoch.seconds);
        Self {
            name: run.system.clone(),
            family: run.family,
            input: run.input.clone(),
            settings: run.settings.clone(),
            parameters: run.parameters,
            model_bytes: run.model_bytes,
            scores: scores(run.task, &answers),
            common: None,
            macro_f1_over_folds: mean_and_deviation(folds.iter().map(|fold| fold.macro_f1)),
            seconds_per_fold: (!folds.is_empty())
                .then(|| mean(folds.iter().map(|fold| fold.seconds))),
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
            fold: run.fold,
            n_train: run.n_train,
            n_validation: run.n_validation,
            n_test: run.answers.len(),
            chosen: run.chosen.clone(),
            seconds: run.seconds,
            macro_f1: macro_f1(&truth, &said),
            accuracy: ratio(right.count(), truth.len()),
            best_epoch: run.best_epoch,
            epochs: run.epochs.clone(),
        }
    }
}

/// The scores of one system on some songs.
pub(super) fn scores(task: Task, answers: &Answers) -> Scores {
    Scores::of_answers("held out", task.classes(), answers)
}

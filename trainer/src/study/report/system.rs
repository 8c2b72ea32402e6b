//! Everything about one system of a task.

use serde::Serialize;

use super::SongRef;
use super::held::{Columns, Held};
use crate::evaluate::counts::mean;
use crate::evaluate::metrics::{Scores, macro_f1};
use crate::evaluate::precision_recall::PrecisionRecall;
use crate::songs::task::Task;
use crate::study::run::{EpochRun, Family, FoldRun};

/// Most points that are kept of a precision-recall curve.
const CURVE_POINTS: usize = 200;

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

/// Precision against recall of one class against the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassCurve {
    /// Name of the class.
    pub class: String,
    /// Average precision over all songs; `null` where no song is of the class.
    pub average_precision: Option<f64>,
    /// Share of songs that are of the class: the precision of guessing.
    pub prevalence: f64,
    /// Recall and precision, recall rising from 0; at most 200 points, evenly taken from
    /// scikit-learn's `precision_recall_curve`, both ends among them.
    pub points: Vec<[f64; 2]>,
}

impl SystemReport {
    /// Measures a system over all its folds.
    pub(super) fn of(held: &Held, songs: &[SongRef]) -> Self {
        let run = held.run;
        let columns = held.columns(held.answers.keys(), songs);
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
            scores: scores(run.task, &columns),
            common: None,
            macro_f1_over_folds: spread(&folds),
            seconds_per_fold: (!folds.is_empty())
                .then(|| mean(folds.iter().map(|fold| fold.seconds))),
            seconds_per_epoch: epochs()
                .next()
                .map(|_| mean(seconds.filter(|seconds| seconds.is_finite()))),
            folds,
            curves: curves(run.task, &columns),
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
        let right = |(truth, said): (&usize, &usize)| if truth == said { 1.0 } else { 0.0 };
        Self {
            fold: run.fold,
            n_train: run.n_train,
            n_validation: run.n_validation,
            n_test: run.answers.len(),
            chosen: run.chosen.clone(),
            seconds: run.seconds,
            macro_f1: macro_f1(&truth, &said),
            accuracy: mean(truth.iter().zip(&said).map(right)),
            best_epoch: run.best_epoch,
            epochs: run.epochs.clone(),
        }
    }
}

/// The scores of one system on some songs.
pub(super) fn scores(task: Task, columns: &Columns) -> Scores {
    Scores::of_answers(
        "held out",
        task.classes(),
        &columns.truth,
        &columns.answers,
        &columns.probabilities,
        &columns.groups,
    )
}

fn spread(folds: &[FoldReport]) -> Option<[f64; 2]> {
    let n = folds.len();
    let centre = mean(folds.iter().map(|fold| fold.macro_f1));
    let squares = folds.iter().map(|fold| (fold.macro_f1 - centre).powi(2));
    (n > 1).then(|| [centre, (squares.sum::<f64>() / (n - 1) as f64).sqrt()])
}

fn curves(task: Task, columns: &Columns) -> Vec<ClassCurve> {
    let names = task.classes().iter().enumerate();
    names
        .map(|(class, name)| {
            let positive: Vec<bool> = columns.truth.iter().map(|&truth| truth == class).collect();
            let shares: Vec<f64> = columns.probabilities.iter().map(|row| row[class]).collect();
            let curve = PrecisionRecall::of(&positive, &shares);
            ClassCurve {
                class: (*name).to_owned(),
                average_precision: curve.as_ref().map(PrecisionRecall::average_precision),
                prevalence: mean(positive.iter().map(|&is| if is { 1.0 } else { 0.0 })),
                points: curve.as_ref().map(thinned).unwrap_or_default(),
            }
        })
        .collect()
}

fn thinned(curve: &PrecisionRecall) -> Vec<[f64; 2]> {
    let pairs = curve.recall.iter().zip(&curve.precision);
    let points: Vec<[f64; 2]> = pairs.map(|(&r, &p)| [r, p]).rev().collect();
    if points.len() <= CURVE_POINTS {
        return points;
    }
    let last = points.len() - 1;
    (0..CURVE_POINTS)
        .map(|i| points[i * last / (CURVE_POINTS - 1)])
        .collect()
}

//! `trainer train ensemble --compare`: does the ensemble gain by estimates?

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use ndarray::Array2;

use super::estimates::add_estimates;
use crate::cache;
use crate::classic::folds::stratified_group_folds;
use crate::classic::rows::Rows;
use crate::classic::{self, EnsembleOptions};
use crate::cli::console;
use crate::evaluate::bootstrap::{macro_f1_difference_interval, macro_f1_interval};
use crate::evaluate::metrics::{argmax, macro_f1};
use crate::example::{Example, Split};

/// Folds of the training split.
const N_FOLDS: usize = 5;

/// What is compared.
const SYSTEMS: [&str; 3] = ["logistic regression", "forest", "ensemble"];

/// The answers of every system to the same songs, in their order.
struct Answers {
    truth: Vec<usize>,
    groups: Vec<String>,
    /// In the order of [`SYSTEMS`].
    answers: Vec<Vec<usize>>,
}

/// Macro-F1 of the systems without and with estimates, as a table: over folds of the
/// training split (settings chosen anew inside each), and on the validation split.
///
/// # Errors
/// Where there is no regressor in the folder `work`, or a fit fails.
pub fn compare(work: &Path, seed: u64) -> Result<String> {
    let without: Vec<Example> = cache::load(work)?.into_iter().map(slim).collect();
    let mut with = without.clone();
    add_estimates(work, &mut with)?;
    let mut text = String::from("| songs | system | n (groups) | without | with | difference |\n");
    text += "|---|---|---|---|---|---|\n";
    console::note("by folds of the training split");
    let pair = [folds(&without, seed)?, folds(&with, seed)?];
    describe(&mut text, "training, by folds", &pair);
    console::note("on the validation split");
    let pair = [held_out(&without, seed)?, held_out(&with, seed)?];
    describe(&mut text, "validation", &pair);
    Ok(text)
}

/// An example without its frames, which no system here looks at.
fn slim(example: Example) -> Example {
    Example {
        log_mel: Array2::zeros((0, 0)),
        ..example
    }
}

/// Every training song, answered by fits without its fold.
fn folds(examples: &[Example], seed: u64) -> Result<Answers> {
    let train: Vec<&Example> = examples
        .iter()
        .filter(|example| example.split == Split::Train)
        .collect();
    let rows = Rows::of(&train)?;
    let fold_of = stratified_group_folds(rows.classes(), &rows.group, N_FOLDS, seed)?;
    let mut all: Option<Answers> = None;
    for fold in 0..N_FOLDS {
        let side = |at: usize| match fold_of[at] == fold {
            true => Split::Validation,
            false => Split::Train,
        };
        let split: Vec<Example> = train
            .iter()
            .enumerate()
            .map(|(at, example)| Example {
                split: side(at),
                ..(*example).clone()
            })
            .collect();
        let answers = held_out(&split, seed)?;
        all = Some(match all {
            None => answers,
            Some(before) => before.and(answers),
        });
    }
    all.ok_or_else(|| anyhow::anyhow!("there are no folds"))
}

/// Every validation song, answered by fits on the training split.
fn held_out(examples: &[Example], seed: u64) -> Result<Answers> {
    let options = EnsembleOptions {
        seed,
        ..EnsembleOptions::default()
    };
    let trained = classic::fit_ensemble(examples, &options)?;
    let mut systems = classic::baselines(examples)?;
    systems.extend(classic::predictions(&trained.ensemble, examples)?);
    let validation = || classic::validation(examples).map(|(_, example)| example);
    Ok(Answers {
        truth: validation().map(|example| example.mood.index()).collect(),
        groups: validation().map(|example| example.group.clone()).collect(),
        answers: SYSTEMS
            .iter()
            .map(|name| {
                let named = systems.iter().filter(|system| system.system == *name);
                named
                    .flat_map(|system| system.rows.iter().map(|row| argmax(&row.1)))
                    .collect()
            })
            .collect(),
    })
}

impl Answers {
    fn and(mut self, more: Self) -> Self {
        self.truth.extend(more.truth);
        self.groups.extend(more.groups);
        for (mine, more) in self.answers.iter_mut().zip(more.answers) {
            mine.extend(more);
        }
        self
    }
}

fn describe(text: &mut String, songs: &str, [without, with]: &[Answers; 2]) {
    let groups: Vec<&str> = without.groups.iter().map(String::as_str).collect();
    let truth = &without.truth;
    for (at, system) in SYSTEMS.iter().enumerate() {
        let (first, second) = (&without.answers[at], &with.answers[at]);
        let score = |answers: &[usize]| {
            let (_, [low, high]) = macro_f1_interval(truth, answers, &groups);
            format!("{:.3} [{low:.3}, {high:.3}]", macro_f1(truth, answers))
        };
        let (n_groups, [low, high]) = macro_f1_difference_interval(truth, first, second, &groups);
        let difference = macro_f1(truth, second) - macro_f1(truth, first);
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {songs} | {system} | {} ({n_groups}) | {} | {} | {difference:+.3} [{low:+.3}, {high:+.3}] |",
            truth.len(),
            score(first),
            score(second),
        );
    }
}

//! The classic systems of the study: base learners before and after oversampling and
//! search, their stack, and two baselines, on a table of features.
//!
//! Everything that is learnt (medians for gaps, scale, synthetic rows, settings) is learnt
//! from the songs that a fold does not hold out; inside a search, from those that the
//! search does not hold out. The learners see standardised values rounded to 1/64, as the
//! file of the page's ensemble keeps them.

mod grid;
mod session;
mod system;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result};

pub use session::FoldSession;
pub use system::{System, systems};

use super::features::FeatureTable;
use super::folds::{Folds, Split};
use super::run::{Facts, FoldRun, SystemRun};
use crate::songs::task::Task;

/// How to run the classic systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// What to tell apart.
    pub task: Task,
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Number of threads.
    pub jobs: usize,
}

/// The session of one fold: fitted on all songs but those of `split.test`, asked about
/// these. `grouped` tells whether the table's groups stay together inside searches too.
///
/// # Errors
/// As [`FoldSession::new`].
pub fn session(
    table: &FeatureTable,
    task: Task,
    split: &Split,
    grouped: bool,
    seed: u64,
) -> Result<FoldSession> {
    let raw = table.rows(&split.fitted(), task, grouped);
    let asked = table.rows(&split.test, task, grouped);
    FoldSession::new(split.fold, raw, &asked, split.test.clone(), seed)
}

/// Runs every system on every fold. `known` gives a fold that was run before, so that a
/// stopped study can go on; `done` gets every fold that was run now and
/// gives back what is to be counted.
///
/// # Errors
/// Where the table does not hold together, a system fails, or `done` does.
pub fn run(
    table: &FeatureTable,
    folds: &Folds,
    options: Options,
    known: impl Fn(System, usize) -> Option<FoldRun>,
    mut done: impl FnMut(System, FoldRun) -> Result<FoldRun>,
) -> Result<Vec<SystemRun>> {
    let table = usable(table)?;
    let grouped = folds.keep_together(&table.group);
    let mut runs: Vec<SystemRun> = systems()
        .into_iter()
        .map(|system| empty_run(system, &table, options.task))
        .collect();
    let pool = pool(options.jobs)?;
    for fold in 0..folds.count() {
        let mut shared = session(
            &table,
            options.task,
            &folds.split(fold),
            grouped,
            options.seed,
        )?;
        for (system, run) in systems().into_iter().zip(&mut runs) {
            run.folds.push(match known(system, fold) {
                Some(result) => result,
                None => done(system, pool.install(|| shared.run(system))?)?,
            });
        }
    }
    Ok(runs)
}

/// Fits every system on one whole table and asks it about another, by the columns that
/// both have; each run has one fold, numbered 0, and its songs are those of `asked`.
///
/// # Errors
/// Where the tables share no column, or as [`run`].
pub fn run_transfer(
    fitted: &FeatureTable,
    asked: &FeatureTable,
    options: Options,
) -> Result<Vec<SystemRun>> {
    let (fitted, asked) = usable(fitted)?.shared(&usable(asked)?)?;
    let names = fitted.names.join(", ");
    note!("{} columns in common: {names}", fitted.names.len());
    let songs: Vec<usize> = (0..asked.len()).collect();
    let all: Vec<usize> = (0..fitted.len()).collect();
    let rows = asked.rows(&songs, options.task, true);
    let raw = fitted.rows(&all, options.task, true);
    let mut session = FoldSession::new(0, raw, &rows, songs, options.seed)?;
    let pool = pool(options.jobs)?;
    let run = |system| {
        Ok(SystemRun {
            folds: vec![pool.install(|| session.run(system))?],
            ..empty_run(system, &fitted, options.task)
        })
    };
    systems().into_iter().map(run).collect()
}

/// The checked table without empty columns, which are said.
fn usable(table: &FeatureTable) -> Result<FeatureTable> {
    table.check().context("the table of features")?;
    let (table, empty) = table.without_empty_columns()?;
    if !empty.is_empty() {
        let names = empty.join(", ");
        note!("left out, as no song has a value: {names}");
    }
    Ok(table)
}

fn empty_run(system: System, table: &FeatureTable, task: Task) -> SystemRun {
    let n_inputs = table.names.len();
    SystemRun {
        task,
        system: system.to_string(),
        facts: Facts {
            family: system.family(),
            input: format!("{n_inputs} features"),
            settings: system.settings(),
            parameters: system.parameters(n_inputs, task.classes().len()),
            model_bytes: None,
        },
        folds: Vec::new(),
    }
}

fn pool(jobs: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .context("starting the threads")
}

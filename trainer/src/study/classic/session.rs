//! One fold of the study: everything that the classic systems share in it.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result};
use undertone::ensemble::Shares;

use super::grid::{INNER_FOLDS, Kind, first, grid};
use super::system::System;
use crate::evaluate::metrics::argmax;
use crate::learn::classic::baseline::{logistic_regression, majority};
use crate::learn::classic::learner::Learner;
use crate::learn::classic::preparation::Preparation;
use crate::learn::classic::rows::Rows;
use crate::learn::classic::search::{self, Fold, GridPoint};
use crate::learn::classic::stack::Stack;
use crate::study::run::{Answer, Fit, FoldRun};
use collections::console::Hint;

/// The rows of one fold, prepared, and what was found by searching in it: the stack takes
/// over the settings of the base learners' searches, in whatever order systems are run.
pub struct FoldSession {
    fold: usize,
    /// Rows to fit on in natural units, gaps included.
    raw: Rows,
    /// The same, filled, standardised and on the grid.
    train: Rows,
    /// Rows to ask about, filled and standardised by what `train` showed.
    asked: Rows,
    /// Positions of the asked rows in the study's table.
    songs: Vec<usize>,
    seed: u64,
    /// Folds inside `raw`; none before the first search.
    inner: Option<Vec<Fold>>,
    /// What the searches found, and the seconds that they took.
    chosen: BTreeMap<(Kind, bool), (GridPoint, f64)>,
    /// Seconds of searches that the system at work takes over from others.
    taken_over_s: f64,
}

/// Answered classes, their probabilities, and what was chosen.
struct Said {
    answers: Vec<usize>,
    probabilities: Vec<Shares>,
    chosen: String,
}

impl Said {
    fn likeliest(probabilities: Vec<Shares>, chosen: String) -> Self {
        Self {
            answers: probabilities.iter().map(argmax).collect(),
            probabilities,
            chosen,
        }
    }
}

impl FoldSession {
    /// Prepares the rows of fold number `fold`: `raw` to fit on, `asked` to ask about,
    /// both in natural units with NaN where a value is missing; `songs` are the positions
    /// of the latter in the study's table.
    ///
    /// # Errors
    /// Where the rows have different inputs.
    pub fn new(fold: usize, raw: Rows, asked: &Rows, songs: Vec<usize>, seed: u64) -> Result<Self> {
        let preparation = Preparation::fit(&raw);
        Ok(Self {
            fold,
            train: preparation.apply(&raw)?.on_grid(),
            asked: preparation.apply(asked)?,
            raw,
            songs,
            seed,
            inner: None,
            chosen: BTreeMap::new(),
            taken_over_s: 0.0,
        })
    }

    /// Fits a system and asks it about every held-out song. Its time holds all its
    /// searches, also those that another system did before it.
    ///
    /// # Errors
    /// With the system's name and what it said.
    pub fn run(&mut self, system: System) -> Result<FoldRun> {
        let start = Instant::now();
        self.taken_over_s = 0.0;
        let said = self
            .ask(system)
            .with_context(|| format!("{system}, fold {}", self.fold))?;
        let answers = said.answers.into_iter().zip(said.probabilities);
        let places = self.songs.iter().zip(&self.asked.y);
        Ok(FoldRun {
            fit: Fit {
                fold: self.fold,
                n_train: self.train.len(),
                n_validation: 0,
                chosen: said.chosen,
                seconds: start.elapsed().as_secs_f64() + self.taken_over_s,
                epochs: Vec::new(),
                best_epoch: None,
            },
            answers: places
                .zip(answers)
                .map(|((&song, &truth), (answer, probabilities))| Answer {
                    song,
                    truth,
                    answer,
                    probabilities,
                })
                .collect(),
        })
    }

    fn ask(&mut self, system: System) -> Result<Said> {
        let asked = &self.asked;
        match system {
            System::Majority => {
                let shares = majority(&self.train, asked.len());
                Ok(Said::likeliest(shares, String::new()))
            }
            System::LogisticRegression => {
                let shares = logistic_regression(&self.train, &asked.x)?;
                Ok(Said::likeliest(shares, String::new()))
            }
            System::Base {
                kind,
                search: false,
                oversample,
            } => self.base(Learner {
                method: first(kind),
                oversample,
            }),
            System::Base {
                kind, oversample, ..
            } => {
                let point = self.searched(kind, oversample)?;
                let mut said = self.base(point.learner)?;
                said.chosen = format!("{}, macro-F1 {:.3}", said.chosen, point.macro_f1);
                Ok(said)
            }
            System::Stack { oversample } => self.stack(oversample),
        }
    }

    fn base(&self, learner: Learner) -> Result<Said> {
        let fitted = learner
            .fit_probabilities(&self.train, self.seed)
            .hint("each class needs some more songs or groups")?;
        Ok(Said {
            answers: fitted.answers(&self.asked.x)?,
            probabilities: fitted.predict_proba(&self.asked.x)?,
            chosen: learner.method.to_string(),
        })
    }

    fn stack(&mut self, oversample: bool) -> Result<Said> {
        let mut learners = Vec::new();
        for kind in Kind::ALL {
            learners.push(self.searched(kind, oversample)?.learner);
        }
        let chosen: Vec<String> = learners.iter().map(|l| l.method.to_string()).collect();
        let seed = self.seed;
        let stack = Stack::fit(
            &self.train,
            inner(&mut self.inner, &self.raw, seed)?,
            &learners,
            seed,
        )
        .hint("each class needs some more songs or groups")?;
        let shares = stack.predict_proba(&self.asked.x)?;
        Ok(Said::likeliest(shares, chosen.join("; ")))
    }

    /// The best point of a search, done once.
    fn searched(&mut self, kind: Kind, oversample: bool) -> Result<GridPoint> {
        if let Some((point, seconds)) = self.chosen.get(&(kind, oversample)) {
            self.taken_over_s += seconds;
            return Ok(*point);
        }
        let start = Instant::now();
        let folds = inner(&mut self.inner, &self.raw, self.seed)?;
        let points = search::search(&grid(kind, oversample), folds, self.seed)?;
        let best = search::best(&points).context("nothing to try")?;
        let seconds = start.elapsed().as_secs_f64();
        self.chosen.insert((kind, oversample), (best, seconds));
        Ok(best)
    }
}

/// The folds inside the rows to fit on, made once.
fn inner<'a>(folds: &'a mut Option<Vec<Fold>>, raw: &Rows, seed: u64) -> Result<&'a [Fold]> {
    if folds.is_none() {
        let made = search::folds(raw, INNER_FOLDS, seed)
            .context("splitting the training songs for the search")
            .hint("each class needs some more songs or groups")?;
        *folds = Some(made);
    }
    Ok(folds.as_deref().unwrap_or_default())
}

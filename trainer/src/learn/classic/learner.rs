//! A learner with its settings, fitted and asked in one way.

use std::borrow::Cow;
use std::fmt;

use anyhow::Result;
use undertone::ensemble::Shares;
use undertone::ensemble::forest::{Forest, ForestModel};
use undertone::ensemble::svm::{Svc, SvcModel};
use undertone::ensemble::tree::{Tree, TreeModel};

use super::cart::Limits;
use super::forest::{fit_forest, fit_tree};
use super::rows::Rows;
use super::smote::smote;
use super::svm::{fit_machines, fit_svc};
use crate::evaluate::metrics::argmax;

/// A base learner's settings, named as in scikit-learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Support vector machine with a radial kernel.
    Svm {
        /// Penalty of the errors.
        c: f64,
        /// Width of the kernel over standardised inputs, times their number (1 is
        /// scikit-learn's `gamma="scale"`).
        gamma: f64,
    },
    /// Decision tree.
    Tree(Limits),
    /// Random forest.
    Forest {
        /// Number of trees.
        n_estimators: u16,
        /// Where each tree stops.
        limits: Limits,
    },
}

/// A method, and what it is fitted on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learner {
    /// The method and its settings.
    pub method: Method,
    /// Whether [`smote`] evens out the classes first.
    pub oversample: bool,
}

/// What came out of [`Learner::fit`], in the form of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Fitted {
    /// A support vector machine.
    Svm(SvcModel),
    /// A decision tree.
    Tree(TreeModel),
    /// A random forest.
    Forest(ForestModel),
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Svm { c, gamma } => write!(f, "C = {c}, gamma = {gamma} / inputs"),
            Self::Tree(limits) => write!(f, "{limits}"),
            Self::Forest {
                n_estimators,
                limits,
            } => write!(f, "n_estimators = {n_estimators}, {limits}"),
        }
    }
}

impl fmt::Display for Learner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let smote = if self.oversample { ", SMOTE" } else { "" };
        write!(f, "{}{smote}", self.method)
    }
}

impl Method {
    /// Fits on standardised rows of the grid. A machine gets no sigmoids: they cost six
    /// times as much as the answers alone.
    pub fn fit(self, rows: &Rows, seed: u64) -> Fitted {
        match self {
            Self::Svm { c, gamma } => {
                Fitted::Svm(fit_machines(rows, c, gamma / rows.n_inputs() as f64))
            }
            Self::Tree(limits) => Fitted::Tree(fit_tree(rows, limits, seed)),
            Self::Forest {
                n_estimators,
                limits,
            } => Fitted::Forest(fit_forest(rows, n_estimators, limits, seed)),
        }
    }
}

impl Learner {
    /// The rows that the method is fitted on: these, or these and synthetic ones.
    pub fn rows(self, rows: &Rows, seed: u64) -> Cow<'_, Rows> {
        if self.oversample {
            Cow::Owned(smote(rows, seed).on_grid())
        } else {
            Cow::Borrowed(rows)
        }
    }

    /// Fits on standardised rows of the grid, so that [`Fitted::predict_proba`] can be
    /// asked.
    ///
    /// # Errors
    /// Where a machine's rows can't be split for its sigmoids.
    pub fn fit_probabilities(self, rows: &Rows, seed: u64) -> Result<Fitted> {
        let Method::Svm { c, gamma } = self.method else {
            return Ok(self.method.fit(&self.rows(rows, seed), seed));
        };
        let gamma = gamma / rows.n_inputs() as f64;
        let machines = |rows: &Rows| fit_machines(&self.rows(rows, seed), c, gamma);
        fit_svc(rows, seed, machines).map(Fitted::Svm)
    }
}

impl Fitted {
    /// The answered class of every standardised row, by the library's own code: a
    /// machine's by the votes of its pairs, else the likeliest.
    ///
    /// # Errors
    /// Where the model does not fit the rows.
    pub fn answers(&self, x: &[Vec<f64>]) -> Result<Vec<usize>> {
        if let Self::Svm(model) = self {
            let svc = Svc::new(model, n_inputs(x))?;
            return Ok(x
                .iter()
                .map(|row| svc.predict(row))
                .collect::<Result<_, _>>()?);
        }
        let shares = self.predict_proba(x)?;
        Ok(shares.iter().map(argmax).collect())
    }

    /// Probabilities of every standardised row, by the library's own code; a machine's
    /// mean something only after [`Learner::fit_probabilities`].
    ///
    /// # Errors
    /// Where the model does not fit the rows.
    pub fn predict_proba(&self, x: &[Vec<f64>]) -> Result<Vec<Shares>> {
        let rows: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
        let shares = match self {
            Self::Svm(model) => {
                let svc = Svc::new(model, n_inputs(x))?;
                x.iter().map(|row| svc.predict_proba(row)).collect()
            }
            Self::Tree(model) => Tree::new(model, n_inputs(x))?.predict_proba(&rows),
            Self::Forest(model) => Forest::new(model, n_inputs(x))?.predict_proba(&rows),
        };
        Ok(shares?)
    }
}

fn n_inputs(x: &[Vec<f64>]) -> usize {
    x.first().map_or(0, Vec::len)
}

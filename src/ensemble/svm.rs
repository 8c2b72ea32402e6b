//! Support vector machine: one against one, answering by the votes of its pairs or with
//! probabilities by Platt's sigmoids and pairwise coupling, as libsvm and scikit-learn's
//! `SVC(probability=True)`.
//!
//! smartcore's radial kernel does the arithmetic. Its `SVC` itself is not used: it has
//! two classes and no probabilities, skips its parameters in serde (so that a reloaded
//! one panics on prediction), and drops boxed kernels on wasm32.

use serde::{Deserialize, Serialize};
use smartcore::svm::{Kernel, Kernels};

use super::coupling::couple;
use super::fixed::{Array, Rows};
use super::part::{Defect, Shares};
use super::scaler::from_grid;
use crate::explain::Players;
use crate::mood::Mood;

/// Number of two-class machines for the four moods: every pair of them.
pub const PAIRS: usize = Mood::COUNT * (Mood::COUNT - 1) / 2;

/// The pairs of so many classes in libsvm's order: (0,1), (0,2), (0,3), (1,2), …; a
/// positive decision speaks for the first.
pub fn pairs(n_classes: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n_classes).flat_map(move |first| (first + 1..n_classes).map(move |second| (first, second)))
}

/// A fitted machine; the fields are those of scikit-learn's `SVC`. In the file the
/// classes are the four moods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SvcModel {
    /// Width of the radial kernel `exp(-gamma * |x - y|²)`, over standardised rows.
    pub gamma: f64,
    /// Number of support vectors of each class.
    #[serde(with = "Array::<{ Mood::COUNT }>")]
    pub n_support: Vec<u32>,
    /// Support vectors `[n_sv, n_features]`, row after row, class after class, in steps
    /// of the grid ([`super::scaler::to_grid`]).
    pub support_vectors: Vec<i16>,
    /// Coefficients `[n_sv, n_classes - 1]` of each support vector in the pairs that its
    /// class is in, in the order of the other classes (the transpose of scikit-learn's
    /// `dual_coef_`).
    #[serde(with = "Rows::<{ Mood::COUNT - 1 }>")]
    pub dual_coef: Vec<f32>,
    /// Constant of each pair's decision, in the order of [`pairs`].
    #[serde(with = "Array::<PAIRS>")]
    pub intercept: Vec<f64>,
    /// Slope of each pair's sigmoid.
    #[serde(with = "Array::<PAIRS>")]
    pub prob_a: Vec<f64>,
    /// Offset of each pair's sigmoid.
    #[serde(with = "Array::<PAIRS>")]
    pub prob_b: Vec<f64>,
}

/// A machine that is ready to answer.
#[derive(Debug)]
pub struct Svc {
    kernel: Kernels,
    gamma: f64,
    support: Vec<SupportVector>,
    n_classes: usize,
    /// Constant, and slope and offset of the sigmoid, of every pair.
    pairs: Vec<(f64, f64, f64)>,
}

#[derive(Debug)]
struct SupportVector {
    /// Standardised values.
    row: Vec<f64>,
    /// Pairs that its class is in, each with its coefficient there.
    coef: Vec<(usize, f64)>,
}

impl Svc {
    /// Checks the lengths and numbers of `model` and makes it ready.
    ///
    /// # Errors
    /// [`Defect`] that says what does not fit.
    pub fn new(model: &SvcModel, n_features: usize) -> Result<Self, Defect> {
        check(model, n_features)?;
        let n_classes = model.n_support.len();
        let classes = (0..n_classes)
            .flat_map(|class| std::iter::repeat_n(class, model.n_support[class] as usize));
        // The pairs of a class come in the order of the other classes.
        let pairs_of: Vec<Vec<usize>> = (0..n_classes)
            .map(|class| {
                let all = pairs(n_classes).enumerate();
                let own = all.filter(|(_, (first, second))| [*first, *second].contains(&class));
                own.map(|(pair, _)| pair).collect()
            })
            .collect();
        let support = model
            .support_vectors
            .chunks_exact(n_features)
            .zip(classes)
            .zip(model.dual_coef.chunks_exact(n_classes - 1))
            .map(|((row, class), coef)| SupportVector {
                row: row.iter().map(|&steps| from_grid(steps)).collect(),
                coef: pairs_of[class]
                    .iter()
                    .zip(coef)
                    .map(|(&pair, &coef)| (pair, f64::from(coef)))
                    .collect(),
            })
            .collect();
        let sigmoids = model.prob_a.iter().zip(&model.prob_b);
        Ok(Self {
            kernel: Kernels::rbf().with_gamma(model.gamma),
            gamma: model.gamma,
            support,
            n_classes,
            pairs: model
                .intercept
                .iter()
                .zip(sigmoids)
                .map(|(&intercept, (&a, &b))| (intercept, a, b))
                .collect(),
        })
    }

    /// Number of classes that it tells apart.
    #[must_use]
    pub const fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// Decision of every pair, in the order of [`pairs`] (scikit-learn's
    /// `decision_function` with `decision_function_shape="ovo"`), for a standardised
    /// row.
    ///
    /// # Errors
    /// [`Defect`] with what smartcore's kernel said.
    pub fn decision_function(&self, row: &Vec<f64>) -> Result<Vec<f64>, Defect> {
        let mut decisions: Vec<f64> = self.pairs.iter().map(|pair| pair.0).collect();
        for support in &self.support {
            let kernel = self
                .kernel
                .apply(&support.row, row)
                .map_err(|error| Defect::new("svm", error.to_string()))?;
            for &(pair, coef) in &support.coef {
                decisions[pair] += coef * kernel;
            }
        }
        Ok(decisions)
    }

    /// Euclidean distance of a standardised row to the nearest support vector; infinite where
    /// there is none.
    #[must_use]
    pub fn distance(&self, row: &[f64]) -> f64 {
        let squares = self.support.iter().map(|support| {
            let differences = support.row.iter().zip(row).map(|(a, b)| (a - b).powi(2));
            differences.sum::<f64>()
        });
        squares.fold(f64::INFINITY, f64::min).sqrt()
    }

    /// The class that wins most pairs, of equals the first (scikit-learn's `predict`),
    /// for a standardised row. Needs no sigmoids; not always the class of the highest
    /// probability.
    ///
    /// # Errors
    /// As [`Svc::decision_function`].
    pub fn predict(&self, row: &Vec<f64>) -> Result<usize, Defect> {
        Ok(most_votes(self.n_classes, &self.decision_function(row)?))
    }

    /// Probabilities of the classes for a standardised row.
    ///
    /// # Errors
    /// As [`Svc::decision_function`].
    pub fn predict_proba(&self, row: &Vec<f64>) -> Result<Shares, Defect> {
        Ok(self.probabilities(&self.decision_function(row)?))
    }

    /// Probabilities of the classes for every mixture of two standardised rows,
    /// `[coalition]`, as [`Svc::predict_proba`] gives them for
    /// [`Players::mixture`].
    ///
    /// The kernel's squared distance is a sum over inputs, so each support vector's
    /// distance to a mixture is a sum of one of two parts for each player.
    #[must_use]
    pub fn mixtures(&self, row: &[f64], other: &[f64], players: &Players) -> Vec<Shares> {
        let constants: Vec<f64> = self.pairs.iter().map(|pair| pair.0).collect();
        let mut decisions = vec![constants; players.coalitions()];
        for support in &self.support {
            let own = parts(&support.row, row, players);
            let others = parts(&support.row, other, players);
            // In the order of the coalitions' bit masks.
            let mut distances = vec![0.0];
            for (own, other) in own.iter().zip(&others) {
                let with: Vec<f64> = distances.iter().map(|d| d + own).collect();
                for distance in &mut distances {
                    *distance += other;
                }
                distances.extend(with);
            }
            for (decisions, distance) in decisions.iter_mut().zip(distances) {
                let kernel = (-self.gamma * distance).exp();
                for &(pair, coef) in &support.coef {
                    decisions[pair] += coef * kernel;
                }
            }
        }
        let decisions = decisions.iter();
        decisions.map(|row| self.probabilities(row)).collect()
    }

    /// Platt's sigmoids of the pairs' decisions, coupled.
    fn probabilities(&self, decisions: &[f64]) -> Shares {
        let mut pairwise = vec![vec![0.0; self.n_classes]; self.n_classes];
        let sigmoids = decisions.iter().zip(&self.pairs);
        for ((first, second), (decision, (_, a, b))) in pairs(self.n_classes).zip(sigmoids) {
            // libsvm's bounds, so that no pair rules a class out.
            let p = sigmoid(*decision, *a, *b).clamp(1e-7, 1.0 - 1e-7);
            pairwise[first][second] = p;
            pairwise[second][first] = 1.0 - p;
        }
        couple(&pairwise)
    }
}

/// Squared distance of two rows, split by player.
fn parts(a: &[f64], b: &[f64], players: &Players) -> Vec<f64> {
    let mut parts = vec![0.0; players.count()];
    for ((a, b), &player) in a.iter().zip(b).zip(players.of_input()) {
        parts[player] += (a - b).powi(2);
    }
    parts
}

fn check(model: &SvcModel, n_features: usize) -> Result<(), Defect> {
    let n_classes = model.n_support.len();
    let n_sv: u64 = model.n_support.iter().copied().map(u64::from).sum();
    let (coefficients, values) = (
        model.dual_coef.len() as u64,
        model.support_vectors.len() as u64,
    );
    let declared = |width: usize| n_sv.checked_mul(width as u64);
    if n_classes < 2
        || declared(n_classes - 1) != Some(coefficients)
        || declared(n_features) != Some(values)
    {
        let detail = format!(
            "{n_sv} support vectors of {n_classes} classes are declared, {coefficients} \
             coefficients and {values} values came for {n_features} inputs"
        );
        return Err(Defect::new("svm", detail));
    }
    if !model.gamma.is_finite() || model.gamma <= 0.0 {
        let detail = format!("gamma is {}, expected a positive number", model.gamma);
        return Err(Defect::new("svm", detail));
    }
    let per_pair = [&model.intercept, &model.prob_a, &model.prob_b];
    let n_pairs = pairs(n_classes).count();
    if let Some(values) = per_pair.iter().find(|values| values.len() != n_pairs) {
        let detail = format!("{} values for {n_pairs} pairs", values.len());
        return Err(Defect::new("svm", detail));
    }
    // The bound keeps decisions and sigmoids finite.
    let mut pair_values = per_pair.into_iter().flatten();
    let finite = pair_values.all(|value| value.abs() < 1e100)
        && model.dual_coef.iter().all(|value| value.is_finite());
    if finite {
        Ok(())
    } else {
        Err(Defect::new("svm", "a coefficient is not finite"))
    }
}

/// libsvm's `svm_predict`: a positive decision is a vote for the first of the pair.
fn most_votes(n_classes: usize, decisions: &[f64]) -> usize {
    let mut votes = vec![0; n_classes];
    for ((first, second), &decision) in pairs(n_classes).zip(decisions) {
        votes[if decision > 0.0 { first } else { second }] += 1;
    }
    (1..n_classes).fold(0, |best, class| {
        if votes[class] > votes[best] {
            class
        } else {
            best
        }
    })
}

/// Platt's sigmoid `1 / (1 + exp(a * decision + b))`, in libsvm's form that does not
/// overflow.
#[must_use]
pub fn sigmoid(decision: f64, a: f64, b: f64) -> f64 {
    let f = a * decision + b;
    if f >= 0.0 {
        (-f).exp() / (1.0 + (-f).exp())
    } else {
        1.0 / (1.0 + f.exp())
    }
}

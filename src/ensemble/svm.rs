//! Support vector machine for the four moods: one against one, with probabilities by
//! Platt's sigmoids and pairwise coupling, as libsvm and scikit-learn's
//! `SVC(probability=True)`.
//!
//! smartcore's radial kernel does the arithmetic. Its `SVC` itself is not used: it has
//! two classes and no probabilities, skips its parameters in serde (so that a reloaded
//! one panics on prediction), and drops boxed kernels on wasm32.

use serde::{Deserialize, Serialize};
use smartcore::svm::{Kernel, Kernels};

use super::scaler::from_grid;
use super::{Defect, Shares};
use crate::mood::Mood;

/// Number of two-class machines: every pair of moods.
pub const PAIRS: usize = Mood::COUNT * (Mood::COUNT - 1) / 2;

/// The pairs in libsvm's order: (0,1), (0,2), (0,3), (1,2), (1,3), (2,3); a positive
/// decision speaks for the first.
pub const PAIR_ORDER: [(usize, usize); PAIRS] = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];

/// A fitted machine; the fields are those of scikit-learn's `SVC`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SvcModel {
    /// Width of the radial kernel `exp(-gamma * |x - y|²)`, over standardised rows.
    pub gamma: f64,
    /// Number of support vectors of each mood, in the order of [`Mood::ALL`].
    pub n_support: [u32; Mood::COUNT],
    /// Support vectors `[n_sv, n_features]`, row after row, mood after mood, in steps
    /// of the grid ([`super::scaler::to_grid`]).
    pub support_vectors: Vec<i16>,
    /// Coefficients of each support vector in the three pairs that its mood is in, in
    /// the order of the other moods (the transpose of scikit-learn's `dual_coef_`).
    pub dual_coef: Vec<[f32; Mood::COUNT - 1]>,
    /// Constant of each pair's decision.
    pub intercept: [f64; PAIRS],
    /// Slope of each pair's sigmoid.
    pub prob_a: [f64; PAIRS],
    /// Offset of each pair's sigmoid.
    pub prob_b: [f64; PAIRS],
}

/// A machine that is ready to answer.
#[derive(Debug)]
pub struct Svc {
    kernel: Kernels,
    /// Standardised support vectors, each with its mood and coefficients.
    support: Vec<(Vec<f64>, usize, [f64; Mood::COUNT - 1])>,
    intercept: [f64; PAIRS],
    sigmoid: [(f64, f64); PAIRS],
}

impl Svc {
    /// Checks the lengths and numbers of `model` and makes it ready.
    ///
    /// # Errors
    /// [`Defect`] that says what does not fit.
    pub fn new(model: &SvcModel, n_features: usize) -> Result<Self, Defect> {
        check(model, n_features)?;
        let moods = (0..Mood::COUNT)
            .flat_map(|mood| std::iter::repeat_n(mood, model.n_support[mood] as usize));
        let support = model
            .support_vectors
            .chunks_exact(n_features)
            .zip(moods)
            .zip(&model.dual_coef)
            .map(|((row, mood), coef)| {
                let row = row.iter().map(|&steps| from_grid(steps)).collect();
                (row, mood, coef.map(f64::from))
            })
            .collect();
        Ok(Self {
            kernel: Kernels::rbf().with_gamma(model.gamma),
            support,
            intercept: model.intercept,
            sigmoid: std::array::from_fn(|pair| (model.prob_a[pair], model.prob_b[pair])),
        })
    }

    /// Decision of every pair, in the order of [`PAIR_ORDER`] (scikit-learn's
    /// `decision_function` with `decision_function_shape="ovo"`), for a standardised
    /// row.
    ///
    /// # Errors
    /// [`Defect`] with what smartcore's kernel said.
    pub fn decision_function(&self, row: &Vec<f64>) -> Result<[f64; PAIRS], Defect> {
        let mut decisions = self.intercept;
        for (support, mood, coef) in &self.support {
            let kernel = self
                .kernel
                .apply(support, row)
                .map_err(|error| Defect::new("svm", error.to_string()))?;
            for (decision, (first, second)) in decisions.iter_mut().zip(PAIR_ORDER) {
                if *mood == first {
                    *decision += coef[second - 1] * kernel;
                } else if *mood == second {
                    *decision += coef[first] * kernel;
                }
            }
        }
        Ok(decisions)
    }

    /// Probabilities of the moods for a standardised row.
    ///
    /// # Errors
    /// As [`Svc::decision_function`].
    pub fn predict_proba(&self, row: &Vec<f64>) -> Result<Shares, Defect> {
        let decisions = self.decision_function(row)?;
        let mut pairwise = [[0.0; Mood::COUNT]; Mood::COUNT];
        for (pair, (first, second)) in PAIR_ORDER.into_iter().enumerate() {
            let (a, b) = self.sigmoid[pair];
            // libsvm's bounds, so that no pair rules a mood out.
            let p = sigmoid(decisions[pair], a, b).clamp(1e-7, 1.0 - 1e-7);
            pairwise[first][second] = p;
            pairwise[second][first] = 1.0 - p;
        }
        Ok(couple(&pairwise))
    }
}

fn check(model: &SvcModel, n_features: usize) -> Result<(), Defect> {
    let n_sv: u64 = model.n_support.iter().copied().map(u64::from).sum();
    let rows = model.dual_coef.len() as u64;
    let values = model.support_vectors.len() as u64;
    if n_sv != rows || rows.checked_mul(n_features as u64) != Some(values) {
        let detail = format!(
            "{n_sv} support vectors are declared, {rows} have coefficients, {values} values \
             came for {n_features} inputs"
        );
        return Err(Defect::new("svm", detail));
    }
    if !model.gamma.is_finite() || model.gamma <= 0.0 {
        let detail = format!("gamma is {}, expected a positive number", model.gamma);
        return Err(Defect::new("svm", detail));
    }
    let pairs = [model.intercept, model.prob_a, model.prob_b];
    let mut coefficients = model.dual_coef.as_flattened().iter();
    // The bound keeps decisions and sigmoids finite.
    let finite = pairs.as_flattened().iter().all(|value| value.abs() < 1e100)
        && coefficients.all(|value| value.is_finite());
    if finite {
        Ok(())
    } else {
        Err(Defect::new("svm", "a coefficient is not finite"))
    }
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

/// Joins pairwise probabilities (`r[i][j]`: i rather than j) into one per mood: the
/// second method of Wu, Lin and Weng 2004, "Probability estimates for multi-class
/// classification by pairwise coupling", with libsvm 3's stopping rule.
fn couple(r: &[[f64; Mood::COUNT]; Mood::COUNT]) -> Shares {
    const N: usize = Mood::COUNT;
    const MAX_ITERATIONS: usize = 100;
    const TOLERANCE: f64 = 0.005 / N as f64;
    let mut q = [[0.0; N]; N];
    for t in 0..N {
        for j in (0..N).filter(|&j| j != t) {
            q[t][t] += r[j][t] * r[j][t];
            q[t][j] = -r[j][t] * r[t][j];
        }
    }
    let mut p = [1.0 / N as f64; N];
    for _ in 0..MAX_ITERATIONS {
        let mut qp: [f64; N] = std::array::from_fn(|t| dot(&q[t], &p));
        let mut pqp = dot(&p, &qp);
        if qp.iter().all(|value| (value - pqp).abs() < TOLERANCE) {
            break;
        }
        for t in 0..N {
            let step = (pqp - qp[t]) / q[t][t];
            let norm = 1.0 + step;
            pqp = (pqp + step * (step * q[t][t] + 2.0 * qp[t])) / norm / norm;
            p[t] += step;
            for j in 0..N {
                qp[j] = (qp[j] + step * q[t][j]) / norm;
                p[j] /= norm;
            }
        }
    }
    p
}

fn dot(a: &[f64; Mood::COUNT], b: &[f64; Mood::COUNT]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

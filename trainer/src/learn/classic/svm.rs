//! Fits the support vector machine of [`undertone::ensemble::svm`]: one machine a pair
//! of classes, then Platt's sigmoids on decisions for rows that were held out.

use anyhow::{Context, Result};
use rayon::prelude::*;
use undertone::ensemble::scaler::to_grid;
use undertone::ensemble::svm::{Svc, SvcModel, pairs};

use super::folds::stratified_group_folds;
use super::rows::Rows;
use super::smo::{KernelMatrix, solve};

/// Folds for the sigmoids, as in libsvm.
const PLATT_FOLDS: usize = 5;

/// Fits the machines of all pairs by `machines`, and their sigmoids, on standardised rows
/// of the grid.
///
/// # Errors
/// Where the rows can't be split into folds that have all classes.
pub fn fit_svc(
    rows: &Rows,
    seed: u64,
    machines: impl Fn(&Rows) -> SvcModel + Sync,
) -> Result<SvcModel> {
    let folds = stratified_group_folds(rows.classes(), &rows.group, PLATT_FOLDS, seed)
        .context("folds for the machine's probabilities")?;
    let held_out: Vec<Vec<(usize, Vec<f64>)>> = (0..PLATT_FOLDS)
        .into_par_iter()
        .map(|fold| {
            let (test, train): (Vec<usize>, Vec<usize>) =
                (0..rows.len()).partition(|&i| folds[i] == fold);
            let svc = Svc::new(&machines(&rows.select(&train)), rows.n_inputs())?;
            let decide = |i: usize| Ok((i, svc.decision_function(&rows.x[i])?));
            test.into_iter().map(decide).collect()
        })
        .collect::<Result<_>>()?;
    let held_out: Vec<(usize, Vec<f64>)> = held_out.into_iter().flatten().collect();
    let mut model = machines(rows);
    for (pair, (first, second)) in pairs(rows.n_classes).enumerate() {
        let of_pair = held_out
            .iter()
            .filter(|(i, _)| rows.y[*i] == first || rows.y[*i] == second);
        let (decisions, positive): (Vec<f64>, Vec<bool>) = of_pair
            .map(|(i, decisions)| (decisions[pair], rows.y[*i] == first))
            .unzip();
        (model.prob_a[pair], model.prob_b[pair]) = fit_sigmoid(&decisions, &positive);
    }
    Ok(model)
}

/// The machines of all pairs with penalty `c` (times the row's weight) and kernel width
/// `gamma`, on standardised rows of the grid; their sigmoids are still the plain logistic
/// curve.
pub fn fit_machines(rows: &Rows, c: f64, gamma: f64) -> SvcModel {
    let kernel = KernelMatrix::rbf(&rows.x, gamma);
    let n_classes = rows.n_classes;
    let mut coef = vec![vec![0.0; n_classes - 1]; rows.len()];
    let mut intercept = Vec::new();
    for (first, second) in pairs(n_classes) {
        let at: Vec<usize> = (0..rows.len())
            .filter(|&i| rows.y[i] == first || rows.y[i] == second)
            .collect();
        let sign = |&i: &usize| if rows.y[i] == first { 1.0 } else { -1.0 };
        let y: Vec<f64> = at.iter().map(sign).collect();
        let bounds: Vec<f64> = at.iter().map(|&i| c * rows.weight[i]).collect();
        let machine = solve(&kernel, &at, &y, &bounds);
        for (&i, value) in at.iter().zip(machine.coef) {
            let column = if rows.y[i] == first {
                second - 1
            } else {
                first
            };
            coef[i][column] = value as f32;
        }
        intercept.push(machine.intercept);
    }
    let mut model = SvcModel {
        gamma,
        n_support: vec![0; n_classes],
        support_vectors: Vec::new(),
        dual_coef: Vec::new(),
        prob_a: vec![-1.0; intercept.len()],
        prob_b: vec![0.0; intercept.len()],
        intercept,
    };
    for class in 0..n_classes {
        let supports = |i: &usize| rows.y[*i] == class && coef[*i].iter().any(|c| c.abs() > 0.0);
        for i in (0..rows.len()).filter(supports) {
            model.n_support[class] += 1;
            let row = rows.x[i].iter().map(|&value| to_grid(value));
            model.support_vectors.extend(row);
            model.dual_coef.extend(&coef[i]);
        }
    }
    model
}

/// Slope and offset of the sigmoid `1 / (1 + exp(a * decision + b))` of the likeliest
/// answers, with Platt's targets that allow for small samples.
///
/// As libsvm's `sigmoid_train` (Lin, Lin and Weng 2007, "A note on Platt's
/// probabilistic outputs"): Newton's method with backtracking.
pub fn fit_sigmoid(decisions: &[f64], positive: &[bool]) -> (f64, f64) {
    const MAX_ITERATIONS: usize = 100;
    const MIN_STEP: f64 = 1e-10;
    const SIGMA: f64 = 1e-12;
    const TOLERANCE: f64 = 1e-5;
    let n_positive = positive.iter().filter(|&&is| is).count() as f64;
    let n_negative = positive.len() as f64 - n_positive;
    let (high, low) = (
        (n_positive + 1.0) / (n_positive + 2.0),
        1.0 / (n_negative + 2.0),
    );
    let pairs = || {
        let targets = positive.iter().map(|&is| if is { high } else { low });
        decisions.iter().copied().zip(targets)
    };
    let loss = |a: f64, b: f64| -> f64 {
        let term = |(decision, target): (f64, f64)| {
            let f = decision * a + b;
            let linear = if f >= 0.0 {
                target * f
            } else {
                (target - 1.0) * f
            };
            linear + (-f.abs()).exp().ln_1p()
        };
        pairs().map(term).sum()
    };
    let (mut a, mut b) = (0.0, ((n_negative + 1.0) / (n_positive + 1.0)).ln());
    let mut value = loss(a, b);
    for _ in 0..MAX_ITERATIONS {
        let (mut h11, mut h22, mut h21, mut g1, mut g2) = (SIGMA, SIGMA, 0.0, 0.0, 0.0);
        for (decision, target) in pairs() {
            let p = undertone::ensemble::svm::sigmoid(decision, a, b);
            let curvature = p * (1.0 - p);
            h11 += decision * decision * curvature;
            h22 += curvature;
            h21 += decision * curvature;
            g1 += decision * (target - p);
            g2 += target - p;
        }
        if g1.abs() < TOLERANCE && g2.abs() < TOLERANCE {
            break;
        }
        let det = h11 * h22 - h21 * h21;
        let (da, db) = (-(h22 * g1 - h21 * g2) / det, (h21 * g1 - h11 * g2) / det);
        let descent = g1 * da + g2 * db;
        let mut step = 1.0;
        while step >= MIN_STEP {
            let next = loss(a + step * da, b + step * db);
            if next < value + 1e-4 * step * descent {
                (a, b, value) = (a + step * da, b + step * db, next);
                break;
            }
            step /= 2.0;
        }
        if step < MIN_STEP {
            break;
        }
    }
    (a, b)
}

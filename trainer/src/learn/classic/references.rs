//! The learners against scikit-learn's figures; `trainer/tests/data/make_references.py`
//! makes them.

use anyhow::Result;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Deserialize;
use undertone::ensemble::svm::{PAIRS, Svc};

use super::cart::{Columns, Limits, grow};
use super::learner::Fitted;
use super::logistic::fit_logistic;
use super::preparation::Preparation;
use super::rows::Rows;
use super::smo::{self, KernelMatrix};
use super::svm::{fit_machines, fit_sigmoid};

fn table(x: Vec<Vec<f64>>, y: Vec<usize>, weight: Vec<f64>) -> Rows {
    Rows {
        n_classes: y.iter().max().map_or(0, |last| last + 1),
        group: (0..y.len()).collect(),
        x,
        y,
        weight,
    }
}

#[test]
fn machines_decide_as_in_scikit_learn() -> Result<()> {
    #[derive(Deserialize)]
    struct Reference {
        c: f64,
        gamma: f64,
        x: Vec<Vec<f64>>,
        y: Vec<usize>,
        weight: Vec<f64>,
        probe: Vec<Vec<f64>>,
        decision: Vec<[f64; PAIRS]>,
        weighted_decision: Vec<[f64; PAIRS]>,
    }
    let data: Reference = serde_json::from_str(include_str!("../../../tests/data/svc.json"))?;
    let ones = vec![1.0; data.y.len()];
    let cases = [(ones, data.decision), (data.weight, data.weighted_decision)];
    for (weight, expected) in cases {
        let rows = table(data.x.clone(), data.y.clone(), weight);
        let svc = Svc::new(&fit_machines(&rows, data.c, data.gamma), 5)?;
        for (row, expected) in data.probe.iter().zip(expected) {
            for (got, expected) in svc.decision_function(row)?.iter().zip(expected) {
                // Ours stops at a violation of 1e-3 of the margin, the reference at 1e-6.
                assert!((got - expected).abs() < 5e-3, "{got} {expected}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_solved_machine_meets_the_conditions_of_the_optimum() {
    let x: Vec<Vec<f64>> = (0..40).map(|i| vec![f64::from(i * i % 17) / 8.0]).collect();
    let y: Vec<f64> = (0..40)
        .map(|i| if i % 3 == 0 { 1.0 } else { -1.0 })
        .collect();
    let kernel = KernelMatrix::rbf(&x, 2.0);
    let rows: Vec<usize> = (0..40).collect();
    let machine = smo::solve(&kernel, &rows, &y, &[2.0; 40]);
    let balance: f64 = machine.coef.iter().sum();
    assert!(balance.abs() < 1e-9, "{balance}");
    for (i, label) in y.iter().enumerate() {
        let terms = rows.iter().map(|&j| machine.coef[j] * kernel.get(i, j));
        let margin = label * (terms.sum::<f64>() + machine.intercept);
        let alpha = label * machine.coef[i];
        assert!((0.0..=2.0).contains(&alpha), "{alpha}");
        assert!(alpha > 0.0 || margin > 1.0 - 2e-3, "{i}: {margin}");
        assert!(alpha < 2.0 || margin < 1.0 + 2e-3, "{i}: {margin}");
    }
}

#[test]
fn the_sigmoid_is_that_of_scikit_learn() -> Result<()> {
    #[derive(Deserialize)]
    struct Reference {
        decision: Vec<f64>,
        positive: Vec<bool>,
        a: f64,
        b: f64,
    }
    let data: Reference = serde_json::from_str(include_str!("../../../tests/data/sigmoid.json"))?;
    let (a, b) = fit_sigmoid(&data.decision, &data.positive);
    // Both stop at a gradient near 1e-5.
    assert!(
        (a - data.a).abs() < 1e-4 && (b - data.b).abs() < 1e-4,
        "{a} {b}"
    );
    Ok(())
}

#[test]
fn the_regression_and_the_scaler_are_those_of_scikit_learn() -> Result<()> {
    #[derive(Deserialize)]
    struct Reference {
        x: Vec<Vec<f64>>,
        y: Vec<usize>,
        weight: Vec<f64>,
        coef: [Vec<f64>; 4],
        predict_proba: Vec<[f64; 4]>,
        weighted_proba: Vec<[f64; 4]>,
        mean: Vec<f64>,
        scale: Vec<f64>,
    }
    let data: Reference = serde_json::from_str(include_str!("../../../tests/data/logistic.json"))?;
    let n = data.y.len();
    let plain = table(data.x.clone(), data.y.clone(), vec![1.0; n]);
    let fitted = fit_logistic(&plain, 1.0)?;
    for (got, expected) in fitted.coef.iter().flatten().zip(data.coef.iter().flatten()) {
        assert!((got - expected).abs() < 1e-4, "{got} {expected}");
    }
    let weighted = table(data.x.clone(), data.y, data.weight);
    let weighted = fit_logistic(&weighted, 1.0)?;
    let cases = [
        (fitted, data.predict_proba),
        (weighted, data.weighted_proba),
    ];
    for (model, expected) in cases {
        for (row, expected) in data.x.iter().zip(expected) {
            for (got, expected) in model.predict_proba(row).iter().zip(expected) {
                assert!((got - expected).abs() < 1e-4, "{got} {expected}");
            }
        }
    }
    let moved = data
        .x
        .iter()
        .map(|row| row.iter().map(|v| v * 3.0 + 7.0).collect());
    let moved = table(moved.collect(), plain.y, plain.weight);
    let scaler = Preparation::fit(&moved).scaler;
    for (got, expected) in scaler.mean.iter().zip(&data.mean) {
        assert!((got - expected).abs() < 1e-12);
    }
    for (got, expected) in scaler.scale.iter().zip(&data.scale) {
        assert!((got - expected).abs() < 1e-12);
    }
    Ok(())
}

/// Votes of the machines, probabilities of the regression and of a weighted tree for two,
/// three and four classes.
#[test]
fn any_number_of_classes_is_answered_as_in_scikit_learn() -> Result<()> {
    #[derive(Deserialize)]
    struct Reference {
        x: Vec<Vec<f64>>,
        y: Vec<usize>,
        weight: Vec<f64>,
        c: f64,
        gamma: f64,
        max_depth: u16,
        min_samples_leaf: usize,
        probe: Vec<Vec<f64>>,
        votes: Vec<usize>,
        logistic_proba: Vec<Vec<f64>>,
        tree_proba: Vec<Vec<f64>>,
    }
    let cases: Vec<Reference> =
        serde_json::from_str(include_str!("../../../tests/data/classes.json"))?;
    for (data, n_classes) in cases.into_iter().zip(2..) {
        let plain = table(data.x.clone(), data.y.clone(), vec![1.0; data.y.len()]);
        assert_eq!(plain.n_classes, n_classes);
        let machines = Fitted::Svm(fit_machines(&plain, data.c, data.gamma));
        assert_eq!(machines.answers(&data.probe)?, data.votes, "{n_classes}");

        let regression = fit_logistic(&plain, 1.0)?;
        for (row, expected) in data.probe.iter().zip(data.logistic_proba) {
            for (got, expected) in regression.predict_proba(row).iter().zip(expected) {
                assert!((got - expected).abs() < 1e-4, "{got} {expected}");
            }
        }

        let weighted = table(data.x, data.y, data.weight);
        let limits = Limits {
            max_depth: Some(data.max_depth),
            min_samples_leaf: data.min_samples_leaf,
        };
        let n = weighted.n_inputs();
        let mut rng = StdRng::seed_from_u64(0);
        let columns = Columns::of(&weighted);
        let tree = grow(&columns, &weighted.weight, limits, n, &mut rng);
        let got = Fitted::Tree(tree).predict_proba(&data.probe)?;
        for (got, expected) in got.iter().flatten().zip(data.tree_proba.iter().flatten()) {
            // The file keeps the shares of a leaf in 255 steps of the largest.
            assert!(
                (got - expected).abs() < 4e-3,
                "{n_classes}: {got} {expected}"
            );
        }
    }
    Ok(())
}

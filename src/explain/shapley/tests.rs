//! The axioms that define Shapley values, a closed form, and Python's `shap`.

use serde::Deserialize;

use super::*;

/// Values of `f` on `row` against the mean of the background, as [`crate::Analysis`]
/// takes them.
fn explain<const N: usize>(
    players: &Players,
    row: &[f64],
    background: &[Vec<f64>],
    f: impl Fn(&[f64]) -> [f64; N],
) -> Vec<[f64; N]> {
    let mut mean = vec![[0.0; N]; players.count()];
    for other in background {
        let pays: Vec<[f64; N]> = (0..players.coalitions())
            .map(|coalition| f(&players.mixture(coalition, row, other)))
            .collect();
        for (sum, value) in mean.iter_mut().zip(shapley_values(&pays)) {
            for (sum, value) in sum.iter_mut().zip(value) {
                *sum += value / background.len() as f64;
            }
        }
    }
    mean
}

/// Rows that look random (Weyl sequence).
fn rows(count: usize, width: usize) -> Vec<Vec<f64>> {
    let value = |i: usize| (i as f64 * 0.618_033_988_75).fract() * 4.0 - 2.0;
    (0..count)
        .map(|row| (0..width).map(|i| value(1 + row * width + i)).collect())
        .collect()
}

/// Products across groups, so that nothing is additive.
fn crooked(x: &[f64]) -> [f64; 2] {
    let sum: f64 = x.iter().enumerate().map(|(i, v)| (i + 1) as f64 * v).sum();
    [sum.sin() * x[0], (x[1] * x[4]).exp() / (1.0 + x[2] * x[2])]
}

#[test]
fn values_add_up_to_what_was_gained() {
    let players = Players::new(vec![0, 1, 2, 1, 3, 3]).unwrap();
    let (row, background) = (rows(1, 6).remove(0), rows(9, 6).split_off(1));
    let values = explain(&players, &row, &background, crooked);
    for answer in 0..2 {
        let base: f64 = background.iter().map(|b| crooked(b)[answer]).sum();
        let gained = crooked(&row)[answer] - base / background.len() as f64;
        let sum: f64 = values.iter().map(|value| value[answer]).sum();
        assert!((sum - gained).abs() < 1e-9, "{sum} {gained}");
        assert!(gained.abs() > 1e-3);
    }
}

#[test]
fn players_who_do_the_same_get_the_same_and_idle_ones_nothing() {
    let players = Players::new(vec![0, 1, 2]).unwrap();
    let f = |x: &[f64]| [(x[0] * x[1]).tanh() + x[0] + x[1]];
    let values = explain(&players, &[0.7, 0.7, 5.0], &[vec![0.1, 0.1, -3.0]], f);
    assert!((values[0][0] - values[1][0]).abs() < 1e-12);
    assert!(values[0][0] > 0.1);
    assert!(values[2][0].abs() < 1e-15);
}

#[test]
fn a_linear_model_has_its_closed_form() {
    let players = Players::new(vec![0, 1, 1, 2]).unwrap();
    let weights = [2.0, -1.0, 0.5, 3.0];
    let f = |x: &[f64]| [x.iter().zip(weights).map(|(x, w)| w * x).sum()];
    let (row, background) = (rows(1, 4).remove(0), rows(6, 4).split_off(1));
    let values = explain(&players, &row, &background, f);
    for (player, value) in values.iter().enumerate() {
        let inputs = (0..4).filter(|&i| players.of_input()[i] == player);
        let expected: f64 = inputs
            .map(|i| {
                let mean = background.iter().map(|b| b[i]).sum::<f64>() / background.len() as f64;
                weights[i] * (row[i] - mean)
            })
            .sum();
        assert!((value[0] - expected).abs() < 1e-12);
    }
}

#[test]
fn one_player_gets_all_and_none_is_no_game() {
    assert_eq!(shapley_values(&[[1.0], [4.0]]), [[3.0]]);
    assert!(shapley_values(&[[1.0]]).is_empty());
    assert!(shapley_values::<1>(&[]).is_empty());
    assert_eq!(Players::new(Vec::new()), None);
    assert_eq!(Players::new(vec![0, 2]), None);
    assert_eq!(Players::new(vec![usize::MAX]), None);
    assert_eq!(Players::new((0..=MAX_PLAYERS).collect()), None);
}

/// Written by `tests/data/make_shapley.py`.
#[derive(Deserialize)]
struct Reference {
    players: Vec<usize>,
    hidden: Vec<Vec<f64>>,
    output: Vec<Vec<f64>>,
    background: Vec<Vec<f64>>,
    rows: Vec<Vec<f64>>,
    shapley: Vec<Vec<[f64; 4]>>,
}

#[test]
fn values_are_those_of_shap() {
    let text = include_str!("../../../tests/data/shapley.json");
    let reference: Reference = serde_json::from_str(text).unwrap();
    let players = Players::new(reference.players).unwrap();
    let layer = |weights: &[Vec<f64>], x: &[f64]| -> Vec<f64> {
        let neuron = |w: &Vec<f64>| w.iter().zip(x).map(|(w, x)| w * x).sum();
        weights.iter().map(neuron).collect()
    };
    let softmax = |x: &[f64]| -> [f64; 4] {
        let hidden: Vec<f64> = layer(&reference.hidden, x)
            .iter()
            .map(|h| h.tanh())
            .collect();
        let powers: Vec<f64> = layer(&reference.output, &hidden)
            .iter()
            .map(|o| o.exp())
            .collect();
        let sum: f64 = powers.iter().sum();
        std::array::from_fn(|i| powers[i] / sum)
    };
    assert!(!reference.rows.is_empty());
    for (row, expected) in reference.rows.iter().zip(&reference.shapley) {
        let values = explain(&players, row, &reference.background, softmax);
        assert_eq!(values.len(), expected.len());
        for (value, expected) in values.iter().flatten().zip(expected.iter().flatten()) {
            assert!((value - expected).abs() < 1e-9, "{value} {expected}");
        }
    }
}

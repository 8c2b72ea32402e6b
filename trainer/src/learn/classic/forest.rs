//! Fits the decision tree and the random forest of [`undertone::ensemble`].

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rayon::prelude::*;
use undertone::ensemble::forest::ForestModel;
use undertone::ensemble::tree::TreeModel;

use super::cart::{Columns, Limits, grow};
use super::rows::Rows;

/// Fits one tree on standardised rows of the grid, with their weights.
pub fn fit_tree(rows: &Rows, limits: Limits, seed: u64) -> TreeModel {
    let mut rng = StdRng::seed_from_u64(seed);
    let columns = Columns::of(rows);
    grow(&columns, &rows.weight, limits, rows.n_inputs(), &mut rng)
}

/// Fits a forest of `n_trees`, each on its own bootstrap sample and with the square
/// root of the number of inputs to choose from at every split.
pub fn fit_forest(rows: &Rows, n_trees: u16, limits: Limits, seed: u64) -> ForestModel {
    let columns = Columns::of(rows);
    let max_features = rows.n_inputs().isqrt().max(1);
    let trees = (0..u64::from(n_trees)).into_par_iter().map(|number| {
        let seed = seed.wrapping_mul(0x9e37_79b9).wrapping_add(number);
        let mut rng = StdRng::seed_from_u64(seed);
        let weight = bootstrap(&rows.weight, &mut rng);
        grow(&columns, &weight, limits, max_features, &mut rng)
    });
    ForestModel {
        trees: trees.collect(),
    }
}

/// Each row's weight times how often it was drawn, with replacement.
fn bootstrap(weight: &[f64], rng: &mut StdRng) -> Vec<f64> {
    let mut drawn = vec![0.0; weight.len()];
    for _ in weight {
        let row = rng.random_range(0..weight.len());
        drawn[row] += weight[row];
    }
    drawn
}

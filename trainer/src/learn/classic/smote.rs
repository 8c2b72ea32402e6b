//! Synthetic rows for the rarer classes (Chawla et al. 2002, "SMOTE"; imbalanced-learn's
//! `SMOTE` with its defaults). Only ever applied to the training side of a fold.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::rows::{Rows, squared_distance};

/// Neighbours of the same class that a synthetic row may lean to.
const K_NEIGHBORS: usize = 5;

/// The rows, followed by synthetic ones until every class that occurs has as many as the
/// most frequent.
///
/// A synthetic row lies between a row and one of its nearest neighbours, as far along
/// as its weight and values say; it takes the row's group.
pub fn smote(rows: &Rows, seed: u64) -> Rows {
    let mut rng = StdRng::seed_from_u64(seed);
    let counts = rows.counts();
    let most = counts.iter().copied().max().unwrap_or_default();
    let mut all = rows.clone();
    for class in (0..rows.n_classes).filter(|&class| counts[class] > 0) {
        let members: Vec<usize> = (0..rows.len()).filter(|&i| rows.y[i] == class).collect();
        for _ in counts[class]..most {
            let base = members[rng.random_range(0..members.len())];
            let near = nearest(rows, base, &members);
            let other = match near.len() {
                0 => base,
                n => near[rng.random_range(0..n)],
            };
            let gap: f64 = rng.random();
            let between = |a: f64, b: f64| a + gap * (b - a);
            let pairs = rows.x[base].iter().zip(&rows.x[other]);
            all.x.push(pairs.map(|(&a, &b)| between(a, b)).collect());
            all.y.push(class);
            let weight = between(rows.weight[base], rows.weight[other]);
            all.weight.push(weight);
            all.group.push(rows.group[base]);
        }
    }
    all
}

/// The up to [`K_NEIGHBORS`] members nearest to `base`, nearest first.
fn nearest(rows: &Rows, base: usize, members: &[usize]) -> Vec<usize> {
    let mut near: Vec<(f64, usize)> = members
        .iter()
        .filter(|&&i| i != base)
        .map(|&i| (squared_distance(&rows.x[base], &rows.x[i]), i))
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.truncate(K_NEIGHBORS);
    near.into_iter().map(|(_, i)| i).collect()
}

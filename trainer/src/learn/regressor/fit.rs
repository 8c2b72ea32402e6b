//! How well estimates agree with scores.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use undertone::regressor::Fit;

use crate::evaluate::bootstrap::{DRAWS, percentile};

/// Seed of the bootstrap.
const SEED: u64 = 0;

/// Compares estimates with scores; entries of one group are drawn as one for the
/// interval. All three are equally long and not empty.
pub fn fit(scores: &[f64], estimates: &[f64], groups: &[usize]) -> Fit {
    let mut by_group: BTreeMap<usize, Sums> = BTreeMap::new();
    let mut all = Sums::default();
    for ((score, estimate), group) in scores.iter().zip(estimates).zip(groups) {
        by_group.entry(*group).or_default().push(*score, *estimate);
    }
    let sums: Vec<Sums> = by_group.into_values().collect();
    for group in &sums {
        all.add(group);
    }
    Fit {
        n: scores.len(),
        groups: sums.len(),
        r2: all.r2(),
        r2_interval: interval(&sums),
        spearman: pearson(&ranks(scores), &ranks(estimates)),
        mae: all.absolute / all.n.max(1.0),
    }
}

/// Coefficient of determination, as scikit-learn's `r2_score`.
pub fn r2(scores: &[f64], estimates: &[f64]) -> f64 {
    let mut sums = Sums::default();
    for (score, estimate) in scores.iter().zip(estimates) {
        sums.push(*score, *estimate);
    }
    sums.r2()
}

/// What R² and the mean error are made of.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    n: f64,
    score: f64,
    score_squared: f64,
    error_squared: f64,
    absolute: f64,
}

impl Sums {
    fn push(&mut self, score: f64, estimate: f64) {
        self.n += 1.0;
        self.score += score;
        self.score_squared += score * score;
        self.error_squared += (score - estimate).powi(2);
        self.absolute += (score - estimate).abs();
    }

    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.score += other.score;
        self.score_squared += other.score_squared;
        self.error_squared += other.error_squared;
        self.absolute += other.absolute;
    }

    /// 0 where the scores do not differ.
    fn r2(&self) -> f64 {
        let total = self.score_squared - self.score * self.score / self.n.max(1.0);
        // What is left of equal scores after rounding.
        if total <= 1e-12 * self.score_squared {
            return 0.0;
        }
        1.0 - self.error_squared / total
    }
}

/// 2.5th and 97.5th percentile of R² over [`DRAWS`] draws of as many groups.
fn interval(groups: &[Sums]) -> [f64; 2] {
    if groups.is_empty() {
        return [0.0; 2];
    }
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut drawn = Sums::default();
            for _ in 0..groups.len() {
                drawn.add(&groups[rng.random_range(0..groups.len())]);
            }
            drawn.r2()
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    [percentile(&draws, 2.5), percentile(&draws, 97.5)]
}

/// Ranks from 1; equal values share the mean of theirs (scipy's `rankdata`).
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let (mut ranks, mut below) = (vec![0.0; values.len()], 0);
    for same in order.chunk_by(|&a, &b| values[a].total_cmp(&values[b]).is_eq()) {
        for &at in same {
            ranks[at] = below as f64 + f64::midpoint(same.len() as f64, 1.0);
        }
        below += same.len();
    }
    ranks
}

/// Pearson's correlation; 0 where one side does not vary.
fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        let pairs = a.iter().zip(b);
        pairs.map(|(x, y)| f(x - mean_a, y - mean_b)).sum()
    };
    let scale = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    if scale > 0.0 {
        sum(&|x, y| x * y) / scale
    } else {
        0.0
    }
}

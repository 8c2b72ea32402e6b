//! Bootstrap intervals over groups: songs of one group are drawn as one, since they
//! stand or fall together.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::metrics::{Confusion, confusion, macro_f1_of};

/// Draws of an interval.
pub const DRAWS: usize = 2_000;

/// Seed of the draws, the same for every system, so that intervals can be compared.
const SEED: u64 = 0;

/// The number of groups, and the 2.5th and 97.5th percentile of the macro-F1 over
/// [`DRAWS`] draws of that many groups with replacement (Efron's percentile interval).
pub fn macro_f1_interval(truth: &[usize], answers: &[usize], groups: &[&str]) -> (usize, [f64; 2]) {
    let mut members: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for ((&group, &mood), &answer) in groups.iter().zip(truth).zip(answers) {
        let (moods, said) = members.entry(group).or_default();
        moods.push(mood);
        said.push(answer);
    }
    let counts: Vec<Confusion> = members
        .values()
        .map(|(moods, said)| confusion(moods, said))
        .collect();
    if counts.is_empty() {
        return (0, [0.0; 2]);
    }
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| macro_f1_of(&drawn(&counts, &mut rng)))
        .collect();
    draws.sort_by(f64::total_cmp);
    (
        counts.len(),
        [percentile(&draws, 2.5), percentile(&draws, 97.5)],
    )
}

fn drawn(counts: &[Confusion], rng: &mut StdRng) -> Confusion {
    let mut sum = Confusion::default();
    for _ in counts {
        let group = &counts[rng.random_range(0..counts.len())];
        let cells = sum.as_flattened_mut().iter_mut();
        for (cell, count) in cells.zip(group.as_flattened()) {
            *cell += count;
        }
    }
    sum
}

/// The percentile of sorted values, with linear interpolation as in numpy.
pub fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let place = percent / 100.0 * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

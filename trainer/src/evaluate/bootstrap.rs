//! Bootstrap intervals over groups: songs of one group are drawn as one, since they
//! stand or fall together.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::counts::{Tally, macro_f1_of, tallies};

/// Draws of an interval.
pub const DRAWS: usize = 2_000;

/// Seed of the draws, the same for every system, so that intervals can be compared.
const SEED: u64 = 0;

/// The number of groups, and the 2.5th and 97.5th percentile of the macro-F1 over
/// [`DRAWS`] draws of that many groups with replacement (Efron's percentile interval).
pub fn macro_f1_interval(truth: &[usize], answers: &[usize], groups: &[&str]) -> (usize, [f64; 2]) {
    Groups::of(truth, &[answers], groups).interval(macro_f1_of)
}

/// As [`macro_f1_interval`], of the macro-F1 of the second answers less that of the
/// first; both stand to the same draws of groups.
pub fn macro_f1_difference_interval(
    truth: &[usize],
    first: &[usize],
    second: &[usize],
    groups: &[&str],
) -> (usize, [f64; 2]) {
    Groups::of(truth, &[first, second], groups).interval(|drawn| {
        let (first, second) = drawn.split_at(drawn.len() / 2);
        macro_f1_of(second) - macro_f1_of(first)
    })
}

/// What is drawn from.
struct Groups {
    /// Counts of a group, system by system and class by class.
    width: usize,
    /// The counts of every group, one after the other: there may be thousands.
    tallies: Vec<Tally>,
}

impl Groups {
    fn of(truth: &[usize], systems: &[&[usize]], groups: &[&str]) -> Self {
        let said = systems.iter().flat_map(|answers| answers.iter());
        let classes = truth.iter().chain(said).max().map_or(0, |most| most + 1);
        let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (song, &group) in groups.iter().enumerate() {
            members.entry(group).or_default().push(song);
        }
        let mut counts = Vec::new();
        for songs in members.values() {
            let pick = |from: &[usize]| -> Vec<usize> { songs.iter().map(|&i| from[i]).collect() };
            let truth = pick(truth);
            for answers in systems {
                counts.extend(tallies(classes, &truth, &pick(answers)));
            }
        }
        Self {
            width: classes * systems.len(),
            tallies: counts,
        }
    }

    fn interval(&self, statistic: impl Fn(&[Tally]) -> f64) -> (usize, [f64; 2]) {
        if self.tallies.is_empty() {
            return (0, [0.0; 2]);
        }
        let mut rng = StdRng::seed_from_u64(SEED);
        let mut draws: Vec<f64> = (0..DRAWS)
            .map(|_| statistic(&self.drawn(&mut rng)))
            .collect();
        draws.sort_by(f64::total_cmp);
        let ends = [percentile(&draws, 2.5), percentile(&draws, 97.5)];
        (self.tallies.len() / self.width, ends)
    }

    fn drawn(&self, rng: &mut StdRng) -> Vec<Tally> {
        let groups = self.tallies.len() / self.width;
        let mut sums = vec![Tally::default(); self.width];
        for _ in 0..groups {
            let start = rng.random_range(0..groups) * self.width;
            let group = &self.tallies[start..start + self.width];
            for (sum, counts) in sums.iter_mut().zip(group) {
                sum.add(*counts);
            }
        }
        sums
    }
}

/// The percentile of sorted values, with linear interpolation as in numpy.
pub fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let place = percent / 100.0 * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

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
    interval(&by_group(truth, [answers], groups), |[drawn]| {
        macro_f1_of(drawn)
    })
}

/// As [`macro_f1_interval`], of the macro-F1 of the second answers less that of the
/// first; both stand to the same draws of groups.
pub fn macro_f1_difference_interval(
    truth: &[usize],
    first: &[usize],
    second: &[usize],
    groups: &[&str],
) -> (usize, [f64; 2]) {
    interval(
        &by_group(truth, [first, second], groups),
        |[first, second]| macro_f1_of(second) - macro_f1_of(first),
    )
}

/// Counts of every group, for each of `N` systems.
fn by_group<const N: usize>(
    truth: &[usize],
    answers: [&[usize]; N],
    groups: &[&str],
) -> Vec<[Vec<Tally>; N]> {
    let said = answers.iter().flat_map(|answers| answers.iter());
    let classes = truth.iter().chain(said).max().map_or(0, |most| most + 1);
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (song, &group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(song);
    }
    let pick = |from: &[usize], songs: &[usize]| -> Vec<usize> {
        songs.iter().map(|&song| from[song]).collect()
    };
    members
        .values()
        .map(|songs| {
            let truth = pick(truth, songs);
            answers.map(|answers| tallies(classes, &truth, &pick(answers, songs)))
        })
        .collect()
}

fn interval<const N: usize>(
    groups: &[[Vec<Tally>; N]],
    statistic: impl Fn(&[Vec<Tally>; N]) -> f64,
) -> (usize, [f64; 2]) {
    if groups.is_empty() {
        return (0, [0.0; 2]);
    }
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| statistic(&drawn(groups, &mut rng)))
        .collect();
    draws.sort_by(f64::total_cmp);
    (
        groups.len(),
        [percentile(&draws, 2.5), percentile(&draws, 97.5)],
    )
}

fn drawn<const N: usize>(groups: &[[Vec<Tally>; N]], rng: &mut StdRng) -> [Vec<Tally>; N] {
    let classes = groups[0][0].len();
    let mut sums = std::array::from_fn(|_| vec![Tally::default(); classes]);
    for _ in groups {
        let group = &groups[rng.random_range(0..groups.len())];
        for (sum, counts) in sums.iter_mut().flatten().zip(group.iter().flatten()) {
            sum.add(*counts);
        }
    }
    sums
}

/// The percentile of sorted values, with linear interpolation as in numpy.
pub fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let place = percent / 100.0 * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

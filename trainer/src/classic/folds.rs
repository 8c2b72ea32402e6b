//! Folds that keep groups together and moods in proportion.

use anyhow::{Result, ensure};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use undertone::Mood;

use super::rows::Rows;

/// Number of the fold (from 0) of each row.
///
/// As scikit-learn's `StratifiedGroupKFold(shuffle=True)`: groups in shuffled order,
/// those with the most uneven moods first, each into the fold where the moods are then
/// spread most evenly.
///
/// # Errors
/// Where there are fewer groups than folds, or a mood is missing from the rest of a
/// fold, so that nothing could be learnt of it.
pub fn stratified_group_folds(rows: &Rows, n_folds: usize, seed: u64) -> Result<Vec<usize>> {
    let n_groups = rows.group.iter().max().map_or(0, |last| last + 1);
    let mut per_group = vec![[0.0; Mood::COUNT]; n_groups];
    for (&group, &mood) in rows.group.iter().zip(&rows.y) {
        per_group[group][mood] += 1.0;
    }
    let mut order: Vec<usize> = (0..n_groups)
        .filter(|&group| per_group[group].iter().any(|&count| count > 0.0))
        .collect();
    ensure!(
        order.len() >= n_folds,
        "{} groups, expected at least {n_folds}: one for each fold",
        order.len()
    );
    order.shuffle(&mut StdRng::seed_from_u64(seed));
    order.sort_by(|&a, &b| variance(&per_group[b]).total_cmp(&variance(&per_group[a])));

    let total = rows.counts();
    let mut folds = vec![[0.0; Mood::COUNT]; n_folds];
    let mut fold_of_group = vec![0; n_groups];
    for group in order {
        let cost = |fold: usize| unevenness(&folds, fold, &per_group[group], &total);
        let costs: Vec<(f64, f64)> = (0..n_folds).map(cost).collect();
        let best = (0..n_folds).min_by(|&a, &b| {
            let (a, b) = (costs[a], costs[b]);
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        let best = best.unwrap_or_default();
        fold_of_group[group] = best;
        for (sum, count) in folds[best].iter_mut().zip(per_group[group]) {
            *sum += count;
        }
    }
    for (number, fold) in folds.iter().enumerate() {
        for mood in Mood::ALL {
            ensure!(
                (fold[mood.index()] as usize) < total[mood.index()],
                "fold {number} holds all {} {mood} rows; more groups of that mood are needed",
                total[mood.index()]
            );
        }
    }
    Ok(rows.group.iter().map(|&g| fold_of_group[g]).collect())
}

/// How unevenly the moods would be spread with `group` in `fold`: the mean over moods
/// of the standard deviation over folds of the mood's share, then the fold's size.
fn unevenness(
    folds: &[[f64; Mood::COUNT]],
    fold: usize,
    group: &[f64; Mood::COUNT],
    total: &[usize; Mood::COUNT],
) -> (f64, f64) {
    let present = (0..Mood::COUNT).filter(|&mood| total[mood] > 0);
    let spread = present.map(|mood| {
        let shares: Vec<f64> = folds
            .iter()
            .enumerate()
            .map(|(i, sums)| {
                let added = if i == fold { group[mood] } else { 0.0 };
                (sums[mood] + added) / total[mood] as f64
            })
            .collect();
        variance(&shares).sqrt()
    });
    // Rounded, so that equal folds are not told apart by the last bit.
    let spread = (spread.sum::<f64>() * 1e9).round();
    (spread, folds[fold].iter().sum())
}

fn variance(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64
}

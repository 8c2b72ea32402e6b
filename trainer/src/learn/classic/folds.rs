//! Folds that keep groups together and classes in proportion.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use undertone::Mood;

use super::rows::{Classes, group_numbers};
use crate::songs::song::Song;

/// Folds where nobody names a number.
pub const FOLDS: usize = 5;

/// The fold of each group: the one that a source publishes, over all corpora; the other groups
/// are spread so that moods come in proportion.
///
/// # Errors
/// Where there are too few groups.
pub fn folds_of_groups(songs: &[Song], seed: u64) -> Result<HashMap<&str, usize>> {
    let published = songs
        .iter()
        .filter_map(|song| Some((&*song.group, song.fold?)));
    let mut folds: HashMap<&str, usize> = published.collect();
    let count = folds.values().max().map_or(0, |last| last + 1);
    let rest = songs
        .iter()
        .filter(|song| !folds.contains_key(&*song.group));
    let rest: Vec<&Song> = rest.collect();
    if rest.is_empty() {
        return Ok(folds);
    }
    let kind = |song: &&Song| song.mood.map_or(Mood::COUNT, Mood::index);
    let kinds: Vec<usize> = rest.iter().map(kind).collect();
    let groups = group_numbers(rest.iter().map(|song| &*song.group));
    let classes = Classes {
        y: &kinds,
        n: Mood::COUNT + 1,
    };
    let spread = stratified_group_folds(classes, &groups, count.max(FOLDS), seed)
        .context("splitting the songs into folds")?;
    folds.extend(rest.iter().map(|song| &*song.group).zip(spread));
    Ok(folds)
}

/// Number of the fold (from 0) of each row; `group` numbers the rows' groups, of which
/// none is torn apart.
///
/// As scikit-learn's `StratifiedGroupKFold(shuffle=True)`: groups in shuffled order,
/// those with the most uneven classes first, each into the fold where the classes are
/// then spread most evenly.
///
/// # Errors
/// Where there are fewer groups than folds, or a class is missing from the rest of a
/// fold, so that nothing could be learnt of it.
pub fn stratified_group_folds(
    classes: Classes,
    group: &[usize],
    n_folds: usize,
    seed: u64,
) -> Result<Vec<usize>> {
    let n_groups = group.iter().max().map_or(0, |last| last + 1);
    let mut per_group = vec![vec![0.0; classes.n]; n_groups];
    for (&group, &class) in group.iter().zip(classes.y) {
        per_group[group][class] += 1.0;
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

    let total = classes.counts();
    let mut folds = vec![vec![0.0; classes.n]; n_folds];
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
        for (sum, count) in folds[best].iter_mut().zip(&per_group[group]) {
            *sum += count;
        }
    }
    for (number, fold) in folds.iter().enumerate() {
        for (class, &total) in total.iter().enumerate() {
            ensure!(
                total == 0 || (fold[class] as usize) < total,
                "fold {number} holds all {total} rows of class {class}; more groups of it are needed"
            );
        }
    }
    Ok(group.iter().map(|&g| fold_of_group[g]).collect())
}

/// How unevenly the classes would be spread with `group` in `fold`: the mean over classes
/// of the standard deviation over folds of the class's share, then the fold's size.
fn unevenness(folds: &[Vec<f64>], fold: usize, group: &[f64], total: &[usize]) -> (f64, f64) {
    let present = (0..total.len()).filter(|&class| total[class] > 0);
    let spread = present.map(|class| {
        let shares: Vec<f64> = folds
            .iter()
            .enumerate()
            .map(|(i, sums)| {
                let added = if i == fold { group[class] } else { 0.0 };
                (sums[class] + added) / total[class] as f64
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

//! Two systems on the same songs: is one really better?

use serde::Serialize;

use super::bootstrap::macro_f1_difference_interval;
use super::counts::{balanced_accuracy_of, macro_f1_of, ratio, right_of, tallies};
use super::metrics::Answers;

/// A comparison of two systems on the songs that both answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paired {
    /// Songs.
    pub n: usize,
    /// Groups that the bootstrap drew from.
    pub groups: usize,
    /// Macro-F1 of the first and of the second system.
    pub macro_f1: [f64; 2],
    /// Balanced accuracy of both.
    pub balanced_accuracy: [f64; 2],
    /// Recall of both, class by class.
    pub recall: Vec<[f64; 2]>,
    /// Accuracy of both.
    pub accuracy: [f64; 2],
    /// Macro-F1 of the second less that of the first, in [-1, 1].
    pub difference: f64,
    /// Its 95 % paired bootstrap interval over groups.
    pub difference_interval: [f64; 2],
    /// Songs that only the first got right.
    pub only_first: usize,
    /// Songs that only the second got right.
    pub only_second: usize,
    /// Two-sided p of [`mcnemar`] on these two counts, in (0, 1].
    pub mcnemar_p: f64,
}

impl Paired {
    /// Compares what two systems said of the same songs in the same order; every class is
    /// below `classes`.
    pub fn of(classes: usize, first: &Answers, second: &Answers) -> Self {
        let (truth, groups) = (&first.truth, &first.groups);
        let (first, second) = (&first.said, &second.said);
        let counts = [first, second].map(|answers| tallies(classes, truth, answers));
        let (n_groups, difference_interval) =
            macro_f1_difference_interval(truth, first, second, groups);
        let only = |right: &[usize], wrong: &[usize]| {
            let songs = truth.iter().zip(right).zip(wrong);
            songs
                .filter(|((truth, right), wrong)| truth == right && truth != wrong)
                .count()
        };
        let (only_first, only_second) = (only(first, second), only(second, first));
        let recall =
            (0..classes).map(|class| counts.each_ref().map(|counts| counts[class].recall()));
        let macro_f1 = counts.each_ref().map(|counts| macro_f1_of(counts));
        Self {
            n: truth.len(),
            groups: n_groups,
            macro_f1,
            balanced_accuracy: counts.each_ref().map(|counts| balanced_accuracy_of(counts)),
            accuracy: counts
                .each_ref()
                .map(|counts| ratio(right_of(counts), truth.len())),
            recall: recall.collect(),
            difference: macro_f1[1] - macro_f1[0],
            difference_interval,
            only_first,
            only_second,
            mcnemar_p: mcnemar(only_first, only_second),
        }
    }
}

/// `McNemar`'s exact test, two-sided: the chance that a fair coin splits `b + c` songs at
/// least as unevenly as into `b` and `c`, as statsmodels' `mcnemar(exact=True)`. It takes
/// the songs for independent.
pub fn mcnemar(b: usize, c: usize) -> f64 {
    let n = b + c;
    // Logarithm of n choose k, less that of 2^n, for k = 0.
    let mut log_chance = -(n as f64) * std::f64::consts::LN_2;
    let mut tail = 0.0;
    for k in 0..=b.min(c) {
        tail += log_chance.exp();
        log_chance += ((n - k) as f64 / (k + 1) as f64).ln();
    }
    (2.0 * tail).min(1.0)
}

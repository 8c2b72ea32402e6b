//! Counts of right and wrong answers, and the measures that follow from them alone.

use serde::Serialize;

/// Rows: true class, columns: answered class, both in the order of their numbers.
pub type Confusion = Vec<Vec<usize>>;

/// Counts what was taken for what; every number is below `classes`.
pub fn confusion(classes: usize, truth: &[usize], answers: &[usize]) -> Confusion {
    let mut counts = vec![vec![0; classes]; classes];
    for (&class, &answer) in truth.iter().zip(answers) {
        counts[class][answer] += 1;
    }
    counts
}

/// What precision and recall of one class are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Songs of the class that were answered with it.
    pub right: usize,
    /// Songs of the class.
    pub support: usize,
    /// Songs that were answered with the class.
    pub answered: usize,
}

impl Tally {
    /// Adds the counts of other songs.
    pub const fn add(&mut self, other: Self) {
        self.right += other.right;
        self.support += other.support;
        self.answered += other.answered;
    }

    /// Whether the class occurs among labels or answers.
    const fn occurs(self) -> bool {
        self.support + self.answered > 0
    }

    /// Right answers of the class over its songs; 0 without songs.
    pub fn recall(self) -> f64 {
        ratio(self.right, self.support)
    }

    fn scores(self) -> ClassScores {
        ClassScores {
            precision: ratio(self.right, self.answered),
            recall: self.recall(),
            f1: ratio(2 * self.right, self.support + self.answered),
            support: self.support,
        }
    }
}

/// One line of scikit-learn's `classification_report(zero_division=0)`: every share is 0
/// where nothing is there to divide by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct ClassScores {
    /// Right answers of this class over all answers of this class.
    pub precision: f64,
    /// Right answers of this class over all songs of this class.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Songs of this class.
    pub support: usize,
}

/// Counts each class by itself; every number is below `classes`.
pub fn tallies(classes: usize, truth: &[usize], answers: &[usize]) -> Vec<Tally> {
    let mut counts = vec![Tally::default(); classes];
    for (&class, &answer) in truth.iter().zip(answers) {
        counts[class].support += 1;
        counts[answer].answered += 1;
        counts[class].right += usize::from(class == answer);
    }
    counts
}

/// The line of every class.
pub fn per_class(tallies: &[Tally]) -> Vec<ClassScores> {
    tallies.iter().map(|tally| tally.scores()).collect()
}

/// `macro avg` of `classification_report`: the plain mean over the classes that occur
/// among labels or answers; the support is that of all.
pub fn macro_average(tallies: &[Tally]) -> ClassScores {
    average(tallies, |tally| if tally.occurs() { 1.0 } else { 0.0 })
}

/// `weighted avg` of `classification_report`: the mean weighted by support.
pub fn weighted_average(tallies: &[Tally]) -> ClassScores {
    average(tallies, |tally| tally.support as f64)
}

fn average(tallies: &[Tally], weight: impl Fn(&Tally) -> f64) -> ClassScores {
    let mut sum = ClassScores::default();
    let mut weights = 0.0;
    for tally in tallies {
        let (scores, weight) = (tally.scores(), weight(tally));
        sum.precision += weight * scores.precision;
        sum.recall += weight * scores.recall;
        sum.f1 += weight * scores.f1;
        sum.support += scores.support;
        weights += weight;
    }
    if weights > 0.0 {
        sum.precision /= weights;
        sum.recall /= weights;
        sum.f1 /= weights;
    }
    sum
}

/// F1 averaged over the classes that occur among labels or answers, as
/// `f1_score(average="macro", zero_division=0)`; 0 where none does.
pub fn macro_f1_of(tallies: &[Tally]) -> f64 {
    macro_average(tallies).f1
}

/// Recall averaged over the classes that occur among the labels, as
/// `balanced_accuracy_score`; 0 where none does.
pub fn balanced_accuracy_of(tallies: &[Tally]) -> f64 {
    let present = tallies.iter().filter(|tally| tally.support > 0);
    mean(present.map(|tally| tally.recall()))
}

/// Right answers over all classes.
pub fn right_of(tallies: &[Tally]) -> usize {
    tallies.iter().map(|tally| tally.right).sum()
}

/// A share of counts; 0 of nothing.
pub fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// The arithmetic mean; 0 of nothing.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    sum / n.max(1) as f64
}

/// The arithmetic mean and the sample standard deviation; none of fewer than two.
pub fn mean_and_deviation(values: impl Iterator<Item = f64> + Clone) -> Option<[f64; 2]> {
    let n = values.clone().count();
    let centre = mean(values.clone());
    let squares = values.map(|value| (value - centre).powi(2));
    (n > 1).then(|| [centre, (squares.sum::<f64>() / (n - 1) as f64).sqrt()])
}

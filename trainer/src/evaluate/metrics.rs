//! Measures of a classifier over the four moods, as scikit-learn 1.9 defines them.

use serde::Serialize;
use undertone::Mood;
use undertone::card::Metric;

use super::bootstrap::macro_f1_interval;

/// Rows: true mood, columns: answered mood, in the order of [`Mood::ALL`].
pub type Confusion = [[usize; Mood::COUNT]; Mood::COUNT];

/// Bins of the calibration error.
const ECE_BINS: usize = 15;

/// What was answered to one split, and how well.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// What was measured on.
    pub split: String,
    /// Number of songs or clips.
    pub n: usize,
    /// Number of groups that were drawn as one.
    pub groups: usize,
    /// F1 averaged over the moods that occur among labels or answers (scikit-learn's
    /// `f1_score(average="macro", zero_division=0)`).
    pub macro_f1: f64,
    /// 95 % bootstrap interval of `macro_f1` over groups.
    pub macro_f1_interval: [f64; 2],
    /// Share of right answers.
    pub accuracy: f64,
    /// Recall averaged over the moods that occur among the labels.
    pub balanced_accuracy: f64,
    /// Mean negative natural logarithm of the true mood's probability.
    pub log_loss: f64,
    /// Expected calibration error of the top probability, over 15 bins of equal width
    /// (Guo et al. 2017, "On calibration of modern neural networks").
    pub calibration_error: f64,
    /// Precision, recall, F1 and support of each mood, in the order of [`Mood::ALL`].
    pub per_mood: [MoodScores; Mood::COUNT],
    /// What was taken for what.
    pub confusion: Confusion,
}

/// One mood's line of the report; all 0 where nothing is there to divide by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MoodScores {
    /// Right answers of this mood over all answers of this mood.
    pub precision: f64,
    /// Right answers of this mood over all songs of this mood.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Songs of this mood.
    pub support: usize,
}

impl Scores {
    /// Measures `answers` (probabilities in the order of [`Mood::ALL`]) against
    /// `truth`; `groups` names the group of each song. All three are of one length.
    pub fn of(split: &str, truth: &[usize], answers: &[[f64; 4]], groups: &[&str]) -> Self {
        let chosen: Vec<usize> = answers.iter().map(|shares| argmax(shares)).collect();
        let confusion = confusion(truth, &chosen);
        let (n_groups, macro_f1_interval) = macro_f1_interval(truth, &chosen, groups);
        Self {
            split: split.to_owned(),
            n: truth.len(),
            groups: n_groups,
            macro_f1: macro_f1_of(&confusion),
            macro_f1_interval,
            accuracy: ratio(trace(&confusion), truth.len()),
            balanced_accuracy: balanced_accuracy(&confusion),
            log_loss: log_loss(truth, answers),
            calibration_error: calibration_error(truth, answers),
            per_mood: per_mood(&confusion),
            confusion,
        }
    }

    /// The form of a model card.
    pub fn to_metric(&self) -> Metric {
        Metric {
            split: self.split.clone(),
            n: self.n,
            groups: self.groups,
            macro_f1: self.macro_f1,
            macro_f1_interval: self.macro_f1_interval,
            accuracy: self.accuracy,
            confusion: self.confusion,
        }
    }
}

impl std::fmt::Display for Scores {
    /// Macro-F1 first, then the table of scikit-learn's `classification_report`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [low, high] = self.macro_f1_interval;
        writeln!(
            f,
            "{}: macro-F1 {:.3} [{low:.3}, {high:.3}], accuracy {:.3}, n = {} in {} groups",
            self.split, self.macro_f1, self.accuracy, self.n, self.groups
        )?;
        writeln!(
            f,
            "balanced accuracy {:.3}, log loss {:.3}, calibration error {:.3}\n",
            self.balanced_accuracy, self.log_loss, self.calibration_error
        )?;
        writeln!(
            f,
            "{:>12} {:>9} {:>9} {:>9} {:>9}",
            "", "precision", "recall", "f1-score", "support"
        )?;
        for (mood, scores) in Mood::ALL.into_iter().zip(self.per_mood) {
            writeln!(
                f,
                "{mood:>12} {:>9.3} {:>9.3} {:>9.3} {:>9}",
                scores.precision, scores.recall, scores.f1, scores.support
            )?;
        }
        write!(f, "\n{:>12}", "true \\ said")?;
        for mood in Mood::ALL {
            write!(f, " {mood:>9}")?;
        }
        for (mood, row) in Mood::ALL.into_iter().zip(self.confusion) {
            write!(f, "\n{mood:>12}")?;
            for count in row {
                write!(f, " {count:>9}")?;
            }
        }
        writeln!(f)
    }
}

/// The likeliest class; the first in order on a tie, as the library's verdict.
pub fn argmax(shares: &[f64]) -> usize {
    (1..shares.len()).fold(0, |best, mood| {
        if shares[mood] > shares[best] {
            mood
        } else {
            best
        }
    })
}

/// Counts what was taken for what.
pub fn confusion(truth: &[usize], answers: &[usize]) -> Confusion {
    let mut counts = Confusion::default();
    for (&mood, &answer) in truth.iter().zip(answers) {
        counts[mood][answer] += 1;
    }
    counts
}

/// As [`Scores::macro_f1`].
pub fn macro_f1(truth: &[usize], answers: &[usize]) -> f64 {
    macro_f1_of(&confusion(truth, answers))
}

/// As [`Scores::macro_f1`], from counts.
pub fn macro_f1_of(confusion: &Confusion) -> f64 {
    let present =
        (0..Mood::COUNT).filter(|&mood| support(confusion, mood) + answered(confusion, mood) > 0);
    mean(present.map(|mood| f1(confusion, mood)))
}

/// As [`Scores::log_loss`]; probabilities are kept off 0 by the machine epsilon, as in
/// scikit-learn's `log_loss`.
pub fn log_loss(truth: &[usize], answers: &[[f64; Mood::COUNT]]) -> f64 {
    let losses = truth.iter().zip(answers).map(|(&mood, shares)| {
        let sum: f64 = shares.iter().sum();
        -(shares[mood] / sum)
            .clamp(f64::EPSILON, 1.0 - f64::EPSILON)
            .ln()
    });
    mean(losses)
}

fn calibration_error(truth: &[usize], answers: &[[f64; Mood::COUNT]]) -> f64 {
    // Per bin: sum of the top probabilities, number of right answers.
    let mut bins = [(0.0, 0.0); ECE_BINS];
    for (&mood, shares) in truth.iter().zip(answers) {
        let answer = argmax(shares);
        // Bins are open below and closed above, as in the paper.
        let bin = (shares[answer] * ECE_BINS as f64).ceil() as usize;
        let bin = &mut bins[bin.clamp(1, ECE_BINS) - 1];
        bin.0 += shares[answer];
        bin.1 += if answer == mood { 1.0 } else { 0.0 };
    }
    let gaps = bins
        .iter()
        .map(|(sum, right): &(f64, f64)| (sum - right).abs());
    gaps.sum::<f64>() / truth.len().max(1) as f64
}

fn balanced_accuracy(confusion: &Confusion) -> f64 {
    let present = (0..Mood::COUNT).filter(|&mood| support(confusion, mood) > 0);
    mean(present.map(|mood| ratio(confusion[mood][mood], support(confusion, mood))))
}

fn per_mood(confusion: &Confusion) -> [MoodScores; Mood::COUNT] {
    std::array::from_fn(|mood| MoodScores {
        precision: ratio(confusion[mood][mood], answered(confusion, mood)),
        recall: ratio(confusion[mood][mood], support(confusion, mood)),
        f1: f1(confusion, mood),
        support: support(confusion, mood),
    })
}

fn f1(confusion: &Confusion, mood: usize) -> f64 {
    let both = support(confusion, mood) + answered(confusion, mood);
    ratio(2 * confusion[mood][mood], both)
}

fn support(confusion: &Confusion, mood: usize) -> usize {
    confusion[mood].iter().sum()
}

fn answered(confusion: &Confusion, mood: usize) -> usize {
    confusion.iter().map(|row| row[mood]).sum()
}

fn trace(confusion: &Confusion) -> usize {
    (0..Mood::COUNT).map(|mood| confusion[mood][mood]).sum()
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    sum / n.max(1) as f64
}

//! Measures of a classifier of two to four classes, as scikit-learn 1.9 defines them.

use serde::Serialize;
use undertone::Mood;
use undertone::card::Metric;

use super::bootstrap::macro_f1_interval;
pub use super::counts::{ClassScores, Confusion, confusion};
use super::counts::{
    balanced_accuracy_of, macro_average, macro_f1_of, mean, per_class, ratio, right_of, tallies,
    weighted_average,
};
use super::format::{score, with_interval};
use super::interval::wilson;
use super::table::Table;

/// Bins of the calibration error.
const ECE_BINS: usize = 15;

/// What was answered to one split, and how well.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// What was measured on.
    pub split: String,
    /// Names of the classes in the order of their numbers.
    pub classes: Vec<String>,
    /// Number of songs or clips.
    pub n: usize,
    /// Number of groups that were drawn as one.
    pub groups: usize,
    /// F1 averaged over the classes that occur among labels or answers (scikit-learn's
    /// `f1_score(average="macro", zero_division=0)`).
    pub macro_f1: f64,
    /// 95 % bootstrap interval of `macro_f1` over groups.
    pub macro_f1_interval: [f64; 2],
    /// Share of right answers.
    pub accuracy: f64,
    /// 95 % Wilson interval of `accuracy`; it takes the songs for independent.
    pub accuracy_interval: [f64; 2],
    /// Recall averaged over the classes that occur among the labels.
    pub balanced_accuracy: f64,
    /// Share of songs whose side of arousal, then of valence, is right: the one that its
    /// two moods are given more than half; for the four moods alone.
    pub affect_accuracy: Option<[f64; 2]>,
    /// Mean negative natural logarithm of the true class's probability.
    pub log_loss: f64,
    /// Expected calibration error of the top probability, over 15 bins of equal width
    /// (Guo et al. 2017, "On calibration of modern neural networks").
    pub calibration_error: f64,
    /// Precision, recall, F1 and support of each class.
    pub per_class: Vec<ClassScores>,
    /// Their plain mean over the classes that occur.
    pub macro_average: ClassScores,
    /// Their mean weighted by support.
    pub weighted_average: ClassScores,
    /// What was taken for what.
    pub confusion: Confusion,
}

/// What a system said of some songs, column by column; all are of one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers<'a> {
    /// Numbers of the true classes.
    pub truth: Vec<usize>,
    /// Numbers of the answered classes.
    pub said: Vec<usize>,
    /// Probabilities of every class.
    pub probabilities: Vec<&'a [f64]>,
    /// Names of the groups: songs of one are drawn as one.
    pub groups: Vec<&'a str>,
}

impl Scores {
    /// Measures probabilities in the order of [`Mood::ALL`] against `truth`; the answer
    /// is the likeliest mood. `groups` names the group of each song. All three are of
    /// one length.
    pub fn of(
        split: &str,
        truth: &[usize],
        probabilities: &[impl AsRef<[f64]>],
        groups: &[&str],
    ) -> Self {
        let moods = Mood::ALL.map(|mood| mood.to_string());
        let answers = Answers {
            truth: truth.to_vec(),
            said: probabilities.iter().map(argmax).collect(),
            probabilities: probabilities.iter().map(AsRef::as_ref).collect(),
            groups: groups.to_vec(),
        };
        Self {
            affect_accuracy: Some(affect_accuracy(truth, probabilities)),
            ..Self::of_answers(split, &moods.each_ref().map(String::as_str), &answers)
        }
    }

    /// Measures answers and probabilities over any `classes`; an answer need not be the
    /// likeliest class.
    pub fn of_answers(split: &str, classes: &[&str], answers: &Answers) -> Self {
        let Answers {
            truth,
            said,
            probabilities,
            groups,
        } = answers;
        let tallies = tallies(classes.len(), truth, said);
        let right = right_of(&tallies);
        let (n_groups, macro_f1_interval) = macro_f1_interval(truth, said, groups);
        Self {
            split: split.to_owned(),
            classes: classes.iter().map(|&class| class.to_owned()).collect(),
            n: truth.len(),
            groups: n_groups,
            macro_f1: macro_f1_of(&tallies),
            macro_f1_interval,
            accuracy: ratio(right, truth.len()),
            accuracy_interval: wilson(right, truth.len()),
            balanced_accuracy: balanced_accuracy_of(&tallies),
            affect_accuracy: None,
            log_loss: log_loss(truth, probabilities),
            calibration_error: calibration_error(truth, probabilities),
            per_class: per_class(&tallies),
            macro_average: macro_average(&tallies),
            weighted_average: weighted_average(&tallies),
            confusion: confusion(classes.len(), truth, said),
        }
    }

    /// The table of scikit-learn's `classification_report`.
    pub fn classification_report(&self) -> Table {
        let line = |name: &str, line: &ClassScores| {
            let [precision, recall, f1] = [line.precision, line.recall, line.f1].map(score);
            let support = line.support.to_string();
            vec![name.to_owned(), precision, recall, f1, support]
        };
        let classes = self.classes.iter().zip(&self.per_class);
        let mut rows: Vec<_> = classes.map(|(name, scores)| line(name, scores)).collect();
        let (accuracy, n) = (score(self.accuracy), self.n.to_string());
        rows.push(
            ["accuracy", "", "", &accuracy, &n]
                .map(str::to_owned)
                .into(),
        );
        rows.push(line("macro average", &self.macro_average));
        rows.push(line("weighted average", &self.weighted_average));
        let figures = "precision | recall | F1 | support";
        Table::new("class", figures, rows)
    }

    /// The counts of what was taken for what.
    pub fn confusion_table(&self) -> Table {
        let rows = self.classes.iter().zip(&self.confusion);
        let rows = rows.map(|(class, counts)| {
            let counts = counts.iter().map(usize::to_string);
            std::iter::once(class.clone()).chain(counts).collect()
        });
        Table::new("true / answered", &self.classes.join(" | "), rows)
    }

    /// The form of a model card, which speaks of the four moods.
    pub fn to_metric(&self) -> Metric {
        let count = |truth: usize, answer: usize| -> usize {
            let row = self.confusion.get(truth);
            row.and_then(|row| row.get(answer)).copied().unwrap_or(0)
        };
        Metric {
            split: self.split.clone(),
            n: self.n,
            groups: self.groups,
            macro_f1: self.macro_f1,
            macro_f1_interval: self.macro_f1_interval,
            accuracy: self.accuracy,
            confusion: std::array::from_fn(|truth| {
                std::array::from_fn(|answer| count(truth, answer))
            }),
        }
    }
}

impl std::fmt::Display for Scores {
    /// Macro-F1 first, then the line of every class and the confusion matrix.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{}: macro-F1 {}, accuracy {}, n = {} in {} groups",
            self.split,
            with_interval(self.macro_f1, self.macro_f1_interval),
            score(self.accuracy),
            self.n,
            self.groups
        )?;
        writeln!(
            f,
            "balanced accuracy {}, log loss {}, calibration error {}\n",
            score(self.balanced_accuracy),
            score(self.log_loss),
            score(self.calibration_error)
        )?;
        write!(
            f,
            "{}\n{}",
            self.classification_report(),
            self.confusion_table()
        )
    }
}

/// The likeliest class; the first in order on a tie, as the library's verdict.
pub fn argmax(shares: &(impl AsRef<[f64]> + ?Sized)) -> usize {
    let shares = shares.as_ref();
    (1..shares.len()).fold(0, |best, class| {
        if shares[class] > shares[best] {
            class
        } else {
            best
        }
    })
}

/// As [`Scores::macro_f1`].
pub fn macro_f1(truth: &[usize], answers: &[usize]) -> f64 {
    let classes = truth.iter().chain(answers).max().map_or(0, |most| most + 1);
    macro_f1_of(&tallies(classes, truth, answers))
}

/// As [`Scores::log_loss`]; probabilities are kept off 0 by the machine epsilon, as in
/// scikit-learn's `log_loss`.
pub fn log_loss(truth: &[usize], probabilities: &[impl AsRef<[f64]>]) -> f64 {
    let losses = truth.iter().zip(probabilities).map(|(&class, shares)| {
        let shares = shares.as_ref();
        let sum: f64 = shares.iter().sum();
        -(shares[class] / sum)
            .clamp(f64::EPSILON, 1.0 - f64::EPSILON)
            .ln()
    });
    mean(losses)
}

/// As [`Scores::affect_accuracy`].
fn affect_accuracy(truth: &[usize], probabilities: &[impl AsRef<[f64]>]) -> [f64; 2] {
    let excited = |mood: Mood| mood.affect().arousal > 0.0;
    let pleasant = |mood: Mood| mood.affect().valence > 0.0;
    [&excited as &dyn Fn(Mood) -> bool, &pleasant].map(|side| {
        let right = truth.iter().zip(probabilities).filter(|(mood, shares)| {
            let shares = Mood::ALL.iter().zip(shares.as_ref());
            let sum = |on: bool| -> f64 {
                let there = shares.clone().filter(|(mood, _)| side(**mood) == on);
                there.map(|(_, share)| share).sum()
            };
            (sum(true) > sum(false)) == side(Mood::ALL[**mood])
        });
        ratio(right.count(), truth.len())
    })
}

fn calibration_error(truth: &[usize], probabilities: &[impl AsRef<[f64]>]) -> f64 {
    // Per bin: sum of the top probabilities, number of right answers.
    let mut bins = [(0.0, 0.0); ECE_BINS];
    for (&class, shares) in truth.iter().zip(probabilities) {
        let (top, shares) = (argmax(shares), shares.as_ref());
        // Bins are open below and closed above, as in the paper.
        let bin = (shares[top] * ECE_BINS as f64).ceil() as usize;
        let bin = &mut bins[bin.clamp(1, ECE_BINS) - 1];
        bin.0 += shares[top];
        bin.1 += if top == class { 1.0 } else { 0.0 };
    }
    let gaps = bins
        .iter()
        .map(|(sum, right): &(f64, f64)| (sum - right).abs());
    gaps.sum::<f64>() / truth.len().max(1) as f64
}

//! Precision against recall of one class, over every threshold of its probability.

use serde::Serialize;

use super::counts::ratio;
use super::metrics::Answers;

/// Most points that are kept of a curve.
const POINTS: usize = 200;

/// A curve, from the lowest threshold (all songs are answered with the class) to the
/// highest, as scikit-learn's `precision_recall_curve`.
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionRecall {
    /// Precision at each threshold, then 1.
    pub precision: Vec<f64>,
    /// Recall at each threshold, then 0.
    pub recall: Vec<f64>,
    /// The distinct scores, rising; one shorter than the others.
    pub thresholds: Vec<f64>,
}

impl PrecisionRecall {
    /// The curve of `scores` (any finite numbers, higher is surer) against whether the
    /// song is of the class; none where no song is of the class, as there is no recall
    /// then.
    pub fn of(positive: &[bool], scores: &[f64]) -> Option<Self> {
        let all = positive.iter().filter(|&&positive| positive).count();
        if all == 0 {
            return None;
        }
        let mut songs: Vec<(f64, bool)> = scores
            .iter()
            .copied()
            .zip(positive.iter().copied())
            .collect();
        songs.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut curve = Self {
            precision: vec![1.0],
            recall: vec![0.0],
            thresholds: Vec::new(),
        };
        let (mut answered, mut right) = (0_usize, 0_usize);
        for tie in songs.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
            answered += tie.len();
            right += tie.iter().filter(|song| song.1).count();
            curve.precision.push(right as f64 / answered as f64);
            curve.recall.push(right as f64 / all as f64);
            curve.thresholds.push(tie[0].0);
        }
        curve.precision.reverse();
        curve.recall.reverse();
        curve.thresholds.reverse();
        Some(curve)
    }

    /// Precision averaged over the steps of recall, in [0, 1], as scikit-learn's
    /// `average_precision_score`.
    pub fn average_precision(&self) -> f64 {
        let steps = self.recall.windows(2).zip(&self.precision);
        steps
            .map(|(recall, precision)| (recall[0] - recall[1]) * precision)
            .sum()
    }
}

/// Precision against recall of one class against the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassCurve {
    /// Name of the class.
    pub class: String,
    /// Average precision over all songs; `null` where no song is of the class.
    pub average_precision: Option<f64>,
    /// Share of songs that are of the class: the precision of guessing.
    pub prevalence: f64,
    /// Recall and precision, recall rising from 0; at most 200 points, evenly taken from
    /// scikit-learn's `precision_recall_curve`, both ends among them.
    pub points: Vec<[f64; 2]>,
}

/// The curve of every class.
pub fn class_curves(classes: &[&str], answers: &Answers) -> Vec<ClassCurve> {
    let curve = |(class, name): (usize, &&str)| {
        let positive: Vec<bool> = answers.truth.iter().map(|&truth| truth == class).collect();
        let shares: Vec<f64> = answers.probabilities.iter().map(|row| row[class]).collect();
        let curve = PrecisionRecall::of(&positive, &shares);
        let songs = positive.iter().filter(|&&positive| positive).count();
        ClassCurve {
            class: (*name).to_owned(),
            average_precision: curve.as_ref().map(PrecisionRecall::average_precision),
            prevalence: ratio(songs, positive.len()),
            points: curve.as_ref().map(thinned).unwrap_or_default(),
        }
    };
    classes.iter().enumerate().map(curve).collect()
}

fn thinned(curve: &PrecisionRecall) -> Vec<[f64; 2]> {
    let pairs = curve.recall.iter().zip(&curve.precision);
    let points: Vec<[f64; 2]> = pairs.map(|(&r, &p)| [r, p]).rev().collect();
    if points.len() <= POINTS {
        return points;
    }
    let last = points.len() - 1;
    let evenly = |i: usize| points[i * last / (POINTS - 1)];
    (0..POINTS).map(evenly).collect()
}

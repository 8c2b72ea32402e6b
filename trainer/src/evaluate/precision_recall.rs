//! Precision against recall of one class, over every threshold of its probability.

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

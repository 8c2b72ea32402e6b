//! What is minimised, and how an epoch is judged.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use undertone::network::OUTPUTS;
use undertone::{Mood, MoodProbabilities};

use super::super::history::Score;
use super::super::net::values;
use crate::evaluate::calibrate::fit_temperature;
use crate::evaluate::metrics::macro_f1;

/// What the network should answer for a batch.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// `[batch, 4]`: smoothed mood probabilities, row by row.
    moods: Vec<f32>,
    /// The label of each item, if it has one.
    labels: Vec<Option<Mood>>,
    /// `[batch, 2]`: arousal and valence of the mood's corner.
    corners: Vec<f32>,
    /// Weight of each item; 0 without a label.
    weights: Vec<f32>,
    /// `[batch, steps, width]`: what a teacher says, row by row.
    pub lessons: Vec<f32>,
    /// 1 for each item that has a lesson, 0 for the others.
    pub taught: Vec<f32>,
}

impl Targets {
    /// Adds an item: its mood gets `1 - smoothing` and its share of the rest.
    pub fn push(&mut self, mood: Mood, weight: f32, smoothing: f32) {
        for other in Mood::ALL {
            let hit = if other == mood { 1.0 - smoothing } else { 0.0 };
            self.moods.push(hit + smoothing / Mood::COUNT as f32);
        }
        let corner = mood.affect();
        self.corners.extend([corner.arousal, corner.valence]);
        self.weights.push(weight);
        self.labels.push(Some(mood));
    }

    /// Adds an item without a label.
    pub fn push_unlabelled(&mut self) {
        self.moods.extend([0.0; Mood::COUNT]);
        self.corners.extend([0.0; 2]);
        self.weights.push(0.0);
        self.labels.push(None);
    }

    /// Of the labelled items their number, and how many of them an output `[batch, steps,
    /// OUTPUTS]` gets right on the whole.
    pub fn count(&self, output: Tensor<3>) -> Result<(usize, usize)> {
        let means = values(output.mean_dim(1))?;
        let means = means.as_chunks::<OUTPUTS>().0;
        let labels = self.labels.iter().zip(means);
        let hits = labels.filter_map(|(mood, mean)| Some((*mood)? == answer(mean)));
        Ok(hits.fold((0, 0), |(all, right), hit| {
            (all + 1, right + usize::from(hit))
        }))
    }

    /// The loss of an output `[batch, steps, OUTPUTS]`, one number: the weighted mean
    /// of the cross-entropy of the window's mean logits, plus `affect_weight` times
    /// the mean squared distance of arousal and valence from the mood's corner. 0 for a
    /// batch without any label.
    pub fn loss(&self, output: Tensor<3>, affect_weight: f32, device: &Device) -> Tensor<1> {
        let total: f32 = self.weights.iter().sum();
        let shares: Vec<f32> = self
            .weights
            .iter()
            .map(|weight| weight / total.max(f32::MIN_POSITIVE))
            .collect();
        let batch = self.weights.len();
        let tensor = |values: &[f32], width| {
            Tensor::<2>::from_data(TensorData::new(values.to_vec(), [batch, width]), device)
        };
        let mean: Tensor<2> = output.mean_dim(1).squeeze_dim(1);
        let logits = mean.clone().narrow(1, 0, Mood::COUNT);
        let affect = mean.narrow(1, Mood::COUNT, OUTPUTS - Mood::COUNT);
        let entropy = (log_softmax(logits, 1) * tensor(&self.moods, Mood::COUNT))
            .sum_dim(1)
            .neg();
        let distance = (affect - tensor(&self.corners, 2)).square().mean_dim(1);
        ((entropy + distance.mul_scalar(affect_weight)) * tensor(&shares, 1)).sum()
    }

    /// The mean squared distance of `[batch, steps, width]` from the lessons of the items
    /// that have one, each number of a step weighed by its share.
    pub fn distance(&self, repeated: Tensor<3>, shares: &[f32], device: &Device) -> Tensor<1> {
        let [batch, steps, width] = repeated.dims();
        let lessons = TensorData::new(self.lessons.clone(), [batch, steps, width]);
        let taught: f32 = self.taught.iter().sum();
        let scale = 1.0 / (taught.max(1.0) * (steps * width) as f32);
        let item = self.taught.iter().map(|taught| taught * scale).collect();
        let item = Tensor::<3>::from_data(TensorData::new(item, [batch, 1, 1]), device);
        let shares = TensorData::new(shares.to_vec(), [1, 1, width]);
        let shares = Tensor::<3>::from_data(shares, device);
        let squares = (repeated - Tensor::from_data(lessons, device)).square();
        (squares * shares * item).sum()
    }
}

/// A weight for each cell (a mood in a corpus), by its number of crops: a corpus weighs as
/// its crops, and the moods in it as the square roots of theirs, so that a frequent mood does
/// not drown a rare one; over the crops of a corpus the mean is 1.
///
/// # Errors
/// Where a mood has no crop in any corpus.
pub fn cell_weights<'a>(
    crops: &BTreeMap<(&'a str, Mood), usize>,
) -> Result<BTreeMap<(&'a str, Mood), f32>> {
    for mood in Mood::ALL {
        let any = crops
            .iter()
            .any(|(cell, count)| cell.1 == mood && *count > 0);
        ensure!(
            any,
            "no training example is labelled {mood}: every mood needs some"
        );
    }
    let root = |count: usize| (count as f32).sqrt();
    let weight = |corpus: &str, count: usize| {
        let cells = crops.iter().filter(|(cell, _)| cell.0 == corpus);
        let (all, roots) = cells.fold((0, 0.0), |(all, roots), (_, &count)| {
            (all + count, roots + root(count))
        });
        all as f32 / roots / root(count.max(1))
    };
    Ok(crops
        .iter()
        .map(|(&cell, &count)| (cell, weight(cell.0, count)))
        .collect())
}

/// The likeliest mood of an output.
fn answer(output: &[f32; OUTPUTS]) -> Mood {
    let logits = std::array::from_fn(|i| output[i]);
    MoodProbabilities::from_logits(logits).top().0
}

/// Judges the mean outputs of songs against their moods.
///
/// The loss is the cross-entropy in nats, averaged over the songs of each mood and then over
/// the moods, at the temperature that suits these songs best: the page divides by one, and
/// without it the most cautious epoch would win.
///
/// # Errors
/// Without any song.
pub fn judge(outputs: &[[f32; OUTPUTS]], moods: &[Mood]) -> Result<Score> {
    let truth: Vec<usize> = moods.iter().map(|mood| mood.index()).collect();
    let answers: Vec<usize> = outputs.iter().map(|o| answer(o).index()).collect();
    let all = outputs
        .iter()
        .map(|output| std::array::from_fn(|i| output[i]));
    let temperature = match fit_temperature(&truth, &all.collect::<Vec<_>>()) {
        Ok(temperature) => temperature.value,
        // The loss below is then no number, and says so.
        Err(_) => 1.0,
    };
    let mut entropies = [(0.0_f64, 0_usize); Mood::COUNT];
    for (output, &mood) in outputs.iter().zip(&truth) {
        let logits: [f32; Mood::COUNT] = std::array::from_fn(|i| output[i] / temperature);
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = logits.iter().map(|l| (l - largest).exp()).sum();
        let (entropy, count) = &mut entropies[mood];
        *entropy += f64::from(largest + sum.ln() - logits[mood]);
        *count += 1;
    }
    let occurring = entropies.iter().filter(|cell| cell.1 > 0);
    let losses: Vec<f64> = occurring.map(|(sum, count)| sum / *count as f64).collect();
    ensure!(!losses.is_empty(), "there is no validation song");
    let right = truth.iter().zip(&answers).filter(|(a, b)| a == b).count();
    Ok(Score {
        loss: losses.iter().sum::<f64>() / losses.len() as f64,
        accuracy: right as f64 / truth.len() as f64,
        macro_f1: macro_f1(&truth, &answers),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_moods_weigh_more_and_corpora_as_their_crops() -> Result<()> {
        let crops = BTreeMap::from([
            (("a", Mood::Sad), 400),
            (("a", Mood::Calm), 100),
            (("b", Mood::Happy), 25),
            (("b", Mood::Energetic), 25),
        ]);
        let weights = cell_weights(&crops)?;
        let of = |corpus, mood| weights[&(corpus, mood)];
        let ratio = of("a", Mood::Calm) / of("a", Mood::Sad);
        assert!((ratio - 2.0).abs() < 1e-5);
        assert!((of("b", Mood::Happy) - 1.0).abs() < 1e-5);
        for (corpus, count) in [("a", 500.0), ("b", 50.0)] {
            let cells = crops.iter().filter(|(cell, _)| cell.0 == corpus);
            let sum: f32 = cells.map(|(cell, n)| weights[cell] * *n as f32).sum();
            assert!((sum / count - 1.0).abs() < 1e-5);
        }
        let lacking = BTreeMap::from([(("a", Mood::Sad), 1)]);
        let error = cell_weights(&lacking).map_err(|e| e.to_string());
        assert!(error.is_err_and(|text| text.contains("calm")));
        Ok(())
    }

    #[test]
    fn lessons_count_only_where_there_are_some() {
        let device = Device::default();
        let repeated = Tensor::<3>::from_data([[[1.0_f32, 2.0]], [[9.0, 9.0]]], &device);
        let targets = Targets {
            lessons: vec![0.0, 0.0, 0.0, 0.0],
            taught: vec![1.0, 0.0],
            ..Targets::default()
        };
        let distance: f32 = targets
            .distance(repeated, &[0.5, 1.5], &device)
            .into_scalar();
        assert!((distance - 3.25).abs() < 1e-6, "{distance}");
    }

    #[test]
    fn a_batch_without_labels_has_no_loss() {
        let device = Device::default();
        let mut targets = Targets::default();
        targets.push_unlabelled();
        let output = Tensor::<3>::ones([1, 2, OUTPUTS], &device);
        let loss: f32 = targets.loss(output, 0.5, &device).into_scalar();
        assert!(loss.abs() < 1e-12);
    }

    #[test]
    fn the_loss_is_the_weighted_mean() {
        let device = Device::default();
        let output = [
            [2.0_f32, 0.0, 0.0, 0.0, -1.0, -1.0],
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        ];
        let tensor = Tensor::<2>::from_data(output, &device).unsqueeze_dim::<3>(1);
        let mut targets = Targets::default();
        targets.push(Mood::Sad, 3.0, 0.0);
        targets.push(Mood::Happy, 1.0, 0.0);
        let loss: f32 = targets.loss(tensor, 0.5, &device).into_scalar();
        let first = (2.0_f32.exp() + 3.0).ln() - 2.0;
        let second = 4.0_f32.ln() + 0.5;
        assert!(
            (loss - (0.75 * first + 0.25 * second)).abs() < 1e-6,
            "{loss}"
        );
    }

    #[test]
    fn the_score_counts_every_mood_the_same() -> Result<()> {
        let answer =
            |mood: Mood| std::array::from_fn(|i| if i == mood.index() { 5.0 } else { 0.0 });
        let outputs = [
            answer(Mood::Sad),
            answer(Mood::Sad),
            answer(Mood::Sad),
            answer(Mood::Sad),
        ];
        let moods = [Mood::Sad, Mood::Sad, Mood::Sad, Mood::Calm];
        let score = judge(&outputs, &moods)?;
        assert!((score.macro_f1 - (6.0 / 7.0) / 2.0).abs() < 1e-12);
        assert!((score.accuracy - 0.75).abs() < 1e-12);
        // Three of four are right: the best temperature gives their mood 3/4 and each of the
        // others 1/12.
        let expected = f64::midpoint((4.0_f64 / 3.0).ln(), 12.0_f64.ln());
        assert!((score.loss - expected).abs() < 1e-3, "{}", score.loss);
        assert!(judge(&[], &[]).is_err());
        Ok(())
    }
}

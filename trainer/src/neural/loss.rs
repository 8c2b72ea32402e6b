//! What is minimised, and how an epoch is judged.

use anyhow::{Context, Result, ensure};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use undertone::network::OUTPUTS;
use undertone::{Mood, MoodProbabilities};

/// What the network should answer for a batch.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// `[batch, 4]`: smoothed mood probabilities, row by row.
    moods: Vec<f32>,
    /// `[batch, 2]`: arousal and valence of the mood's corner.
    corners: Vec<f32>,
    /// Weight of each item.
    weights: Vec<f32>,
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
    }

    /// The loss of an output `[batch, steps, OUTPUTS]`, one number: the weighted mean
    /// of the cross-entropy of the window's mean logits, plus `affect_weight` times
    /// the mean squared distance of arousal and valence from the mood's corner.
    pub fn loss(self, output: Tensor<3>, affect_weight: f32, device: &Device) -> Tensor<1> {
        let batch = self.weights.len();
        let total: f32 = self.weights.iter().sum();
        let shares: Vec<f32> = self.weights.iter().map(|w| w / total).collect();
        let tensor =
            |values, width| Tensor::<2>::from_data(TensorData::new(values, [batch, width]), device);
        let mean: Tensor<2> = output.mean_dim(1).squeeze_dim(1);
        let logits = mean.clone().narrow(1, 0, Mood::COUNT);
        let affect = mean.narrow(1, Mood::COUNT, OUTPUTS - Mood::COUNT);
        let entropy = (log_softmax(logits, 1) * tensor(self.moods, Mood::COUNT))
            .sum_dim(1)
            .neg();
        let distance = (affect - tensor(self.corners, 2)).square().mean_dim(1);
        ((entropy + distance.mul_scalar(affect_weight)) * tensor(shares, 1)).sum()
    }
}

/// A weight for each mood, so that every mood counts the same in an epoch: the mean
/// number of crops over the mood's own.
///
/// # Errors
/// Where a mood has no crop at all.
pub fn class_weights(crops: [usize; Mood::COUNT]) -> Result<[f32; Mood::COUNT]> {
    for (mood, count) in Mood::ALL.iter().zip(crops) {
        ensure!(
            count > 0,
            "no training example is labelled {mood}: every mood needs some"
        );
    }
    let mean = crops.iter().sum::<usize>() as f32 / Mood::COUNT as f32;
    Ok(crops.map(|count| mean / count as f32))
}

/// How well whole songs were judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Cross-entropy in nats, averaged over the songs of each mood and then over the
    /// moods.
    pub loss: f64,
    /// Macro-averaged F1 over the moods that occur, in [0, 1].
    pub macro_f1: f64,
}

impl Score {
    /// Judges the mean outputs of songs against their moods.
    ///
    /// # Errors
    /// Without any song.
    pub fn of(outputs: &[[f32; OUTPUTS]], moods: &[Mood]) -> Result<Self> {
        let mut entropy = [0.0_f64; Mood::COUNT];
        let mut confusion = [[0_usize; Mood::COUNT]; Mood::COUNT];
        for (output, mood) in outputs.iter().zip(moods) {
            let logits: [f32; Mood::COUNT] = std::array::from_fn(|i| output[i]);
            let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f32 = logits.iter().map(|l| (l - largest).exp()).sum();
            entropy[mood.index()] += f64::from(largest + sum.ln() - logits[mood.index()]);
            let (answer, _) = MoodProbabilities::from_logits(logits).top();
            confusion[mood.index()][answer.index()] += 1;
        }
        let mut terms = Vec::new();
        for mood in 0..Mood::COUNT {
            let actual: usize = confusion[mood].iter().sum();
            let answered: usize = confusion.iter().map(|row| row[mood]).sum();
            if actual > 0 {
                let f1 = 2.0 * confusion[mood][mood] as f64 / (actual + answered) as f64;
                terms.push((entropy[mood] / actual as f64, f1));
            }
        }
        let count = terms.len() as f64;
        let sum = terms
            .into_iter()
            .reduce(|a, b| (a.0 + b.0, a.1 + b.1))
            .context("there is no validation song")?;
        Ok(Self {
            loss: sum.0 / count,
            macro_f1: sum.1 / count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_moods_weigh_more() -> Result<()> {
        let weights = class_weights([10, 20, 40, 10])?;
        assert_eq!(weights.map(|weight| (weight * 2.0) as u8), [4, 2, 1, 4]);
        let error = class_weights([1, 0, 1, 1]).map_err(|e| e.to_string());
        assert!(error.is_err_and(|text| text.contains("calm")));
        Ok(())
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
            |mood: Mood| std::array::from_fn(|i| if i == mood.index() { 50.0 } else { 0.0 });
        let outputs = [
            answer(Mood::Sad),
            answer(Mood::Sad),
            answer(Mood::Sad),
            answer(Mood::Sad),
        ];
        let moods = [Mood::Sad, Mood::Sad, Mood::Sad, Mood::Calm];
        let score = Score::of(&outputs, &moods)?;
        assert!((score.macro_f1 - (6.0 / 7.0) / 2.0).abs() < 1e-12);
        assert!((score.loss - 25.0).abs() < 1e-6);
        assert!(Score::of(&[], &[]).is_err());
        Ok(())
    }
}

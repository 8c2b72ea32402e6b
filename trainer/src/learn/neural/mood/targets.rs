//! What the network should answer, and what is minimised.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Tensor, TensorData};
use undertone::Mood;
use undertone::kind::Kind;
use undertone::network::OUTPUTS;

use super::super::experts;
use super::super::net::values;
use super::rules::Rules;

/// First of arousal and valence among the answers.
const AFFECT: usize = Mood::COUNT;
/// First of what it is among the answers.
const KINDS: usize = AFFECT + 2;

/// What one song should be answered with; what is not known of it counts for nothing.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// Number of its corpus, where that has moods.
    pub expert: Option<usize>,
    /// Index of the mood, and how much it counts.
    pub mood: Option<(usize, f32)>,
    /// Arousal and valence as listeners rated them.
    pub affect: Option<[f32; 2]>,
    /// Place of what it is in [`Kind::HEARD`].
    pub kind: usize,
    /// Number of the cluster of mood words, in a corpus of clusters.
    pub cluster: Option<usize>,
    /// Arousal and valence that follow roughly from what listeners felt.
    pub felt: Option<[f32; 2]>,
}

/// A loss of a batch: `sum` over its items, to be divided by their number.
struct Loss {
    sum: Tensor<1>,
    items: usize,
}

impl Loss {
    /// Adds the cross-entropy of logits `[items, classes]` with weighted targets, as many.
    fn entropy(&mut self, logits: Tensor<2>, targets: Vec<f32>, weight: f32) {
        let classes = logits.dims()[1];
        let data = TensorData::new(targets, [self.items, classes]);
        let targets = Tensor::from_data(data, &logits.device());
        let entropy = (log_softmax(logits, 1) * targets).sum();
        self.sum = self.sum.clone() - entropy.mul_scalar(weight);
    }

    /// Adds the squared distance from pairs where they are known.
    fn distance(&mut self, pairs: Tensor<2>, known: &[Option<[f32; 2]>], weight: f32) {
        let device = pairs.device();
        let flat = known.iter().flat_map(|pair| pair.unwrap_or_default());
        let flat = TensorData::new(flat.collect::<Vec<f32>>(), [self.items, 2]);
        let mask = known.iter().map(|pair| f32::from(u8::from(pair.is_some())));
        let mask = TensorData::new(mask.collect::<Vec<f32>>(), [self.items, 1]);
        let squares = (pairs - Tensor::from_data(flat, &device)).square();
        let sum = (squares * Tensor::from_data(mask, &device)).sum();
        self.sum = self.sum.clone() + sum.mul_scalar(weight / 2.0);
    }
}

/// The mean loss of the answers of all heads, `[items, steps, units]` each: those of the
/// network, then clusters and feelings where there are such heads.
///
/// A window answers with the mean of its steps. Moods and clusters count by their
/// cross-entropy, arousal and valence by their squared distance, each with its weight.
pub fn loss(
    heads: Vec<Tensor<3>>,
    targets: &[&Target],
    rules: &Rules,
    [experts, clusters]: [usize; 2],
) -> Result<Tensor<1>> {
    let mut heads = heads
        .into_iter()
        .map(|head| -> Tensor<2> { head.mean_dim(1).squeeze_dim(1) });
    let Some(answers) = heads.next() else {
        anyhow::bail!("the network has no head");
    };
    let mut loss = Loss {
        sum: Tensor::zeros([1], &answers.device()),
        items: targets.len(),
    };
    let smoothing = rules.label_smoothing;
    let moods = targets
        .iter()
        .flat_map(|target| smoothed(target.mood, Mood::COUNT, smoothing));
    let kinds = targets
        .iter()
        .flat_map(|target| smoothed(Some((target.kind, 1.0)), Kind::HEARD_COUNT, 0.0));
    let part = |from: usize, to: usize| answers.clone().narrow(1, from, to - from);
    let own = own_experts(targets, experts);
    let weights = Tensor::from_data(
        TensorData::new(own.clone(), [targets.len(), experts]),
        &answers.device(),
    );
    loss.entropy(experts::logits(&answers, weights), moods.collect(), 1.0);
    if experts > 1 {
        loss.entropy(experts::gate(&answers, experts), own, rules.gate_weight);
    }
    loss.entropy(part(KINDS, OUTPUTS), kinds.collect(), rules.kind_weight);
    let affects: Vec<_> = targets.iter().map(|target| target.affect).collect();
    loss.distance(part(AFFECT, KINDS), &affects, rules.affect_weight);
    if clusters > 0
        && let Some(head) = heads.next()
    {
        let own = targets.iter().flat_map(|target| {
            smoothed(
                target.cluster.map(|cluster| (cluster, 1.0)),
                clusters,
                smoothing,
            )
        });
        loss.entropy(head, own.collect(), rules.cluster_weight);
    }
    if let Some(head) = heads.next() {
        let felt: Vec<_> = targets.iter().map(|target| target.felt).collect();
        loss.distance(head, &felt, rules.felt_weight);
    }
    Ok(loss.sum.div_scalar(targets.len() as f32))
}

/// A row a song: one for the expert of its corpus, where it has moods.
fn own_experts(targets: &[&Target], experts: usize) -> Vec<f32> {
    let rows = targets.iter().flat_map(|target| {
        let own = target.expert.map(|expert| (expert, 1.0));
        smoothed(own, experts, 0.0)
    });
    rows.collect()
}

/// A row of targets: the class gets all but `smoothing`, which is spread over all; times the
/// weight. Zeros without a class.
fn smoothed(class: Option<(usize, f32)>, classes: usize, smoothing: f32) -> Vec<f32> {
    let mut row = vec![0.0; classes];
    if let Some((class, weight)) = class {
        row.fill(weight * smoothing / classes as f32);
        row[class] += weight * (1.0 - smoothing);
    }
    row
}

/// Labelled items of a batch, and how many of them the answers get right.
pub fn count(raw: Tensor<3>, targets: &[&Target], experts: usize) -> Result<(usize, usize)> {
    let means = values(experts::answers(&raw.mean_dim(1).squeeze_dim(1), experts))?;
    let pairs = targets.iter().zip(means.as_chunks::<OUTPUTS>().0);
    let hits = pairs.filter_map(|(target, mean)| Some(target.mood?.0 == top(&mean[..Mood::COUNT])));
    Ok(hits.fold((0, 0), |(all, right), hit| {
        (all + 1, right + usize::from(hit))
    }))
}

/// The place of the greatest.
fn top(logits: &[f32]) -> usize {
    let places = logits.iter().enumerate();
    places
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map_or(0, |(place, _)| place)
}

/// A weight for each cell (a mood in a corpus), by its number of songs: a corpus weighs as
/// its songs, and the moods in it as the square roots of theirs, so that a frequent mood does
/// not drown a rare one; over the songs of a corpus the mean is 1.
///
/// # Errors
/// Where a mood has no song in any corpus.
pub fn cell_weights<'a>(
    songs: &BTreeMap<(&'a str, Mood), usize>,
) -> Result<BTreeMap<(&'a str, Mood), f32>> {
    for mood in Mood::ALL {
        let any = songs
            .iter()
            .any(|(cell, count)| cell.1 == mood && *count > 0);
        ensure!(
            any,
            "no training song is labelled {mood}: every mood needs some"
        );
    }
    let root = |count: usize| (count as f32).sqrt();
    let weight = |corpus: &str, count: usize| {
        let cells = songs.iter().filter(|(cell, _)| cell.0 == corpus);
        let (all, roots) = cells.fold((0, 0.0), |(all, roots), (_, &count)| {
            (all + count, roots + root(count))
        });
        all as f32 / roots / root(count.max(1))
    };
    Ok(songs
        .iter()
        .map(|(&cell, &count)| (cell, weight(cell.0, count)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn rules() -> Rules {
        Rules {
            label_smoothing: 0.0,
            ..Rules::default()
        }
    }

    #[test]
    fn rare_moods_weigh_more_and_corpora_as_their_songs() -> Result<()> {
        let songs = BTreeMap::from([
            (("a", Mood::Sad), 400),
            (("a", Mood::Calm), 100),
            (("b", Mood::Happy), 25),
            (("b", Mood::Energetic), 25),
        ]);
        let weights = cell_weights(&songs)?;
        let of = |corpus, mood| weights[&(corpus, mood)];
        let ratio = of("a", Mood::Calm) / of("a", Mood::Sad);
        assert!((ratio - 2.0).abs() < 1e-5);
        for (corpus, count) in [("a", 500.0), ("b", 50.0)] {
            let cells = songs.iter().filter(|(cell, _)| cell.0 == corpus);
            let sum: f32 = cells.map(|(cell, n)| weights[cell] * *n as f32).sum();
            assert!((sum / count - 1.0).abs() < 1e-5);
        }
        let lacking = BTreeMap::from([(("a", Mood::Sad), 1)]);
        let error = cell_weights(&lacking).map_err(|e| e.to_string());
        assert!(error.is_err_and(|text| text.contains("calm")));
        Ok(())
    }

    #[test]
    fn the_loss_is_the_mean_of_what_is_known() -> Result<()> {
        let device = Device::default();
        let row = [2.0_f32, 0.0, 0.0, 0.0, 0.5, -0.5, 9.0, 0.0, 0.0, 0.0];
        let answers = Tensor::<2>::from_data([row, row], &device).unsqueeze_dim::<3>(1);
        let rated = Target {
            affect: Some([0.0, 0.5]),
            ..Target::default()
        };
        let sad = Target {
            mood: Some((0, 3.0)),
            ..Target::default()
        };
        let rules = Rules {
            kind_weight: 0.0,
            affect_weight: 4.0,
            ..rules()
        };
        let got: f32 = loss(vec![answers], &[&sad, &rated], &rules, [0, 0])?.into_scalar();
        let entropy = 3.0 * ((2.0_f32.exp() + 3.0).ln() - 2.0);
        let distance = 4.0 / 2.0 * (0.25 + 1.0);
        assert!(
            (got - f32::midpoint(entropy, distance)).abs() < 1e-5,
            "{got}"
        );
        Ok(())
    }

    #[test]
    fn a_song_of_which_nothing_is_known_is_music() -> Result<()> {
        let device = Device::default();
        let answers = Tensor::<3>::zeros([1, 2, OUTPUTS], &device);
        let got: f32 = loss(vec![answers], &[&Target::default()], &rules(), [0, 0])?.into_scalar();
        assert!(
            (got - rules().kind_weight * 4.0_f32.ln()).abs() < 1e-5,
            "{got}"
        );
        Ok(())
    }

    #[test]
    fn only_labelled_songs_are_counted() -> Result<()> {
        let device = Device::default();
        let mut row = [0.0_f32; OUTPUTS];
        row[1] = 1.0;
        let answers = Tensor::<2>::from_data([row, row, row], &device).unsqueeze_dim::<3>(1);
        let of = |mood| Target {
            mood,
            ..Target::default()
        };
        let targets = [of(Some((1, 1.0))), of(Some((0, 1.0))), of(None)];
        let targets: Vec<&Target> = targets.iter().collect();
        assert_eq!(count(answers, &targets, 0)?, (2, 1));
        Ok(())
    }
}

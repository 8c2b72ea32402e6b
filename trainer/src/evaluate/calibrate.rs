//! Fits what turns scores into honest probabilities and those into a verdict. Only ever
//! on songs that the judges were not fitted on.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use undertone::card::{Unfamiliar, VerdictRule};
use undertone::{Mood, MoodProbabilities};

use super::metrics::{argmax, log_loss};

/// Steps of the network's share that are tried between 0 and 1.
const WEIGHT_STEPS: usize = 100;
/// Least share of the network on music that nobody was trained on, and the temperature there: by
/// rule, since songs of the folds are of the same kinds as the training songs. There it is the
/// better of the two, and the ensemble is as sure as ever (`trainer evaluate --left-out`).
const FAR_WEIGHT: f32 = 0.9;
const FAR_TEMPERATURE: f32 = 1.2;
/// Share of the songs of the largest corpus, for which most training songs stand, that are
/// nearer than what counts as half unfamiliar.
const FAMILIAR: f64 = 0.9;

/// Least threshold of a verdict, in thousandths: from here on it lies in its quadrant.
const LEAST_SURE: u16 = 500;

/// Least share of songs that must keep a verdict.
pub const MIN_COVERAGE: f64 = 0.6;

/// Share of music that may be called none.
const MUSIC_LOST: f64 = 0.005;
/// Greatest threshold of music: what is as likely as not is music.
const MOST_MUSIC: f32 = 0.5;

/// How much more often the sure songs should be right than all songs, in [0, 1].
pub const ACCURACY_GAIN: f64 = 0.1;

/// A fitted temperature and what it brought.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Temperature {
    /// What logits are divided by.
    pub value: f32,
    /// Log loss at temperature 1.
    pub log_loss_before: f64,
    /// Log loss at `value`.
    pub log_loss_after: f64,
}

/// A fitted rule and what it brings on the songs that it was fitted on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FittedRule {
    /// The rule, as on the card.
    pub rule: VerdictRule,
    /// Log loss of the tempered blend.
    pub log_loss: f64,
    /// Share of right answers over all songs.
    pub accuracy: f64,
    /// Share of songs that get a verdict.
    pub coverage: f64,
    /// Share of right answers over these.
    pub sure_accuracy: f64,
    /// Threshold, coverage and accuracy at every threshold that was tried.
    pub curve: Vec<[f64; 3]>,
}

/// The temperature of the lowest log loss over whole-song logits (Guo et al. 2017), in
/// [0.05, 20], by golden-section search over its logarithm, where the loss has one
/// valley.
///
/// # Errors
/// Where there is nothing to fit on, or a logit is not finite.
pub fn fit_temperature(truth: &[usize], logits: &[[f32; Mood::COUNT]]) -> Result<Temperature> {
    ensure!(
        !truth.is_empty() && truth.len() == logits.len(),
        "{} labels and {} logits, expected as many of both",
        truth.len(),
        logits.len()
    );
    let finite = logits.iter().flatten().all(|logit| logit.is_finite());
    ensure!(finite, "a logit is not finite");
    let loss = |t: f64| log_loss(truth, &softened(logits, t));
    let value = lowest(loss);
    Ok(Temperature {
        value: value as f32,
        log_loss_before: loss(1.0),
        log_loss_after: loss(value),
    })
}

/// The temperature in [0.05, 20] of the lowest loss, by golden-section search over its
/// logarithm.
fn lowest(loss: impl Fn(f64) -> f64) -> f64 {
    let loss = |log_t: f64| loss(log_t.exp());
    let ratio = (5_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.05_f64.ln(), 20_f64.ln());
    while high - low > 1e-6 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(a) < loss(b) {
            high = b;
        } else {
            low = a;
        }
    }
    f64::midpoint(low, high).exp()
}

/// Probabilities of logits over a temperature.
pub fn softened(logits: &[[f32; Mood::COUNT]], temperature: f64) -> Vec<[f64; Mood::COUNT]> {
    let soften = |row: &[f32; Mood::COUNT]| {
        let scaled = row.map(|logit| f64::from(logit) / temperature);
        let max = scaled.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let weights = scaled.map(|logit| (logit - max).exp());
        let sum: f64 = weights.iter().sum();
        weights.map(|weight| weight / sum)
    };
    logits.iter().map(soften).collect()
}

/// The songs that a rule is fitted on; all slices have one order.
#[derive(Clone, Copy)]
pub struct Songs<'a> {
    /// Index of each song's mood.
    pub truth: &'a [usize],
    /// Its corpus.
    pub corpora: &'a [&'a str],
    /// Its distance from the training songs.
    pub distances: &'a [f32],
}

impl Songs<'_> {
    /// The distance at which a song is half unfamiliar: few songs of the corpus that most of
    /// them are from lie beyond.
    pub fn unfamiliar_from(&self) -> Option<f32> {
        let mut by_corpus: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
        for (corpus, distance) in self.corpora.iter().zip(self.distances) {
            by_corpus.entry(corpus).or_default().push(*distance);
        }
        let mut most = by_corpus.into_values().max_by_key(Vec::len)?;
        most.sort_by(f32::total_cmp);
        let at = (FAMILIAR * most.len() as f64) as usize;
        most.get(at)
            .copied()
            .filter(|distance| distance.is_finite())
    }
}

/// Fits how the network and the ensemble are joined, and the threshold of "unsure". All slices
/// hold the same songs in the same order.
///
/// The network's share on familiar music, in steps of 0.01, is that of the lowest mean over the
/// corpora of their log losses, with the temperature of the lowest log loss; how both change
/// with the distance is the rule of [`Unfamiliar`]. Then `unsure_below` is the smallest of the
/// top probabilities at which the songs that reach it are right at least [`ACCURACY_GAIN`] more
/// often than all songs, as long as [`MIN_COVERAGE`] of the songs reach it; where none is, the
/// one of these that makes the sure songs right most often (the smallest of equals). It is at
/// least one half.
///
/// # Errors
/// Where there is nothing to fit on.
pub fn fit_verdict_rule(
    songs: Songs,
    network: &[[f64; Mood::COUNT]],
    ensemble: &[[f64; Mood::COUNT]],
    music_at_least: f32,
) -> Result<FittedRule> {
    let Songs {
        truth,
        corpora,
        distances,
    } = songs;
    let n = truth.len();
    ensure!(
        n > 0 && [network.len(), ensemble.len(), distances.len()] == [n; 3],
        "{n} labels, {} answers of the network, {} of the ensemble and {} distances, expected as \
         many of each",
        network.len(),
        ensemble.len(),
        distances.len()
    );
    let from = songs.unfamiliar_from();
    let answers = |rule| join(network, ensemble, distances, rule);
    let mut best: Option<(f64, VerdictRule)> = None;
    for step in 0..=WEIGHT_STEPS {
        let network_weight = step as f32 / WEIGHT_STEPS as f32;
        let at = |temperature| VerdictRule {
            network_weight,
            temperature,
            unsure_below: 0.5,
            music_at_least,
            unfamiliar: from.map(|distance| Unfamiliar {
                distance,
                network_weight: network_weight.max(FAR_WEIGHT),
                temperature: FAR_TEMPERATURE,
            }),
        };
        let rule = at(lowest(|t| log_loss(truth, &answers(at(t as f32)))) as f32);
        let loss = mean_loss(truth, corpora, &answers(rule));
        if best.is_none_or(|(least, _)| loss < least) {
            best = Some((loss, rule));
        }
    }
    let (_, rule) = best.context("no share was tried")?;
    let answers = answers(rule);
    let loss = log_loss(truth, &answers);
    Ok(with_threshold(rule, loss, truth, &answers))
}

/// The probability of music from which on a song is music: the greatest, up to one half, at
/// which no more than [`MUSIC_LOST`] of the music with these probabilities is called none.
pub fn fit_music_threshold(music: &[f32]) -> f32 {
    let mut sorted = music.to_vec();
    sorted.sort_by(f32::total_cmp);
    let lost = (MUSIC_LOST * sorted.len() as f64) as usize;
    sorted
        .get(lost)
        .map_or(MOST_MUSIC, |least| least.min(MOST_MUSIC))
}

/// Mean over the corpora of their log losses.
fn mean_loss(truth: &[usize], corpora: &[&str], answers: &[[f64; Mood::COUNT]]) -> f64 {
    let names: BTreeSet<&str> = corpora.iter().copied().collect();
    let losses = names.iter().map(|name| {
        let at = || (0..truth.len()).filter(|&i| corpora[i] == *name);
        let truth: Vec<usize> = at().map(|i| truth[i]).collect();
        log_loss(&truth, &at().map(|i| answers[i]).collect::<Vec<_>>())
    });
    losses.sum::<f64>() / names.len().max(1) as f64
}

/// The rule with its threshold, and what it brings.
fn with_threshold(
    rule: VerdictRule,
    loss: f64,
    truth: &[usize],
    answers: &[[f64; Mood::COUNT]],
) -> FittedRule {
    let curve = coverage_curve(truth, answers);
    let accuracy = curve.first().map_or(0.0, |point| point[2]);
    let point = threshold(&curve, accuracy);
    FittedRule {
        rule: VerdictRule {
            unsure_below: point[0] as f32,
            ..rule
        },
        log_loss: loss,
        accuracy,
        coverage: point[1],
        sure_accuracy: point[2],
        curve,
    }
}

/// The library's verdict of both judges on songs at these distances from the training songs.
pub fn join(
    network: &[[f64; Mood::COUNT]],
    ensemble: &[[f64; Mood::COUNT]],
    distances: &[f32],
    rule: VerdictRule,
) -> Vec<[f64; Mood::COUNT]> {
    let probabilities =
        |shares: &[f64; Mood::COUNT]| MoodProbabilities::from_weights(shares.map(|s| s as f32));
    let judges = network.iter().zip(ensemble).zip(distances);
    let joined = judges.map(|((a, b), distance)| {
        let joined = rule.join(probabilities(a), probabilities(b), *distance);
        joined.to_array().map(f64::from)
    });
    joined.collect()
}

/// Threshold, coverage and accuracy of the songs whose top probability reaches it, for 0, and
/// from [`LEAST_SURE`] on for every thousandth that changes something.
fn coverage_curve(truth: &[usize], answers: &[[f64; Mood::COUNT]]) -> Vec<[f64; 3]> {
    // In single precision, as the library compares.
    let songs: Vec<(f32, bool)> = truth
        .iter()
        .zip(answers)
        .map(|(&mood, shares)| (shares[argmax(shares)] as f32, argmax(shares) == mood))
        .collect();
    let mut curve: Vec<[f64; 3]> = Vec::new();
    for step in std::iter::once(0).chain(LEAST_SURE..=1000) {
        let threshold = f32::from(step) / 1000.0;
        let sure = || songs.iter().filter(|(top, _)| *top >= threshold);
        let n = sure().count();
        if n == 0 {
            break;
        }
        let right = sure().filter(|(_, right)| *right).count();
        let coverage = n as f64 / songs.len() as f64;
        if curve.last().is_none_or(|last| last[1] > coverage) {
            curve.push([f64::from(threshold), coverage, right as f64 / n as f64]);
        }
    }
    curve
}

fn threshold(curve: &[[f64; 3]], accuracy: f64) -> [f64; 3] {
    let least = f64::from(LEAST_SURE) / 1000.0;
    let sure = || curve.iter().filter(|point| point[0] >= least);
    let allowed = || sure().filter(|point| point[1] >= MIN_COVERAGE);
    let enough = allowed().find(|point| point[2] >= accuracy + ACCURACY_GAIN);
    let most = || allowed().reduce(|best, next| if next[2] > best[2] { next } else { best });
    let chosen = enough.or_else(most).or_else(|| sure().next());
    chosen.copied().unwrap_or([least, 0.0, 0.0])
}

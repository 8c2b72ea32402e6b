//! Fits what turns scores into honest probabilities and those into a verdict. Only ever
//! on validation examples.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use undertone::card::{Unfamiliar, VerdictRule};
use undertone::{Mood, MoodProbabilities};

use super::metrics::{argmax, log_loss};

/// Steps of the network's share that are tried between 0 and 1.
const WEIGHT_STEPS: usize = 100;
/// Share of the third judge on music that nobody was trained on, and the temperature there: by
/// rule, since validation songs are of the same kinds as the training songs. There it is the
/// best of the three, and the others are as sure as ever (`trainer evaluate --left-out`).
const FAR_STEP: usize = 9 * WEIGHT_STEPS / 10;
const FAR_TEMPERATURE: f32 = 1.2;
/// The least share of the third judge on familiar music: the validation songs flatter the two
/// others. The network's epoch was chosen on them; and over the published folds of 4Q the ensemble
/// is right on .62, on its validation songs on .74 (`trainer/reports/experiments.md`).
const LEAST_STEP: usize = 2 * WEIGHT_STEPS / 5;
/// Share of the songs of the largest corpus, for which most training songs stand, that are
/// nearer than what counts as half unfamiliar.
const FAMILIAR: f64 = 0.9;

/// Least threshold of a verdict, in thousandths: from here on it lies in its quadrant.
const LEAST_SURE: u16 = 500;

/// Least share of songs that must keep a verdict.
pub const MIN_COVERAGE: f64 = 0.6;

/// Least share that has a logarithm here.
const LEAST: f64 = 1e-9;

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

fn softened(logits: &[[f32; Mood::COUNT]], temperature: f64) -> Vec<[f64; Mood::COUNT]> {
    let soften = |row: &[f32; Mood::COUNT]| {
        let scaled = row.map(|logit| f64::from(logit) / temperature);
        let max = scaled.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let weights = scaled.map(|logit| (logit - max).exp());
        let sum: f64 = weights.iter().sum();
        weights.map(|weight| weight / sum)
    };
    logits.iter().map(soften).collect()
}

/// Fits the blend of two judges and the threshold of "unsure". All three slices hold
/// the same songs in the same order.
///
/// The network's share, in steps of 0.01, and the blend's temperature are those of the lowest
/// log loss. Then `unsure_below` is the smallest of the blend's top probabilities at which the songs
/// that reach it are right at least [`ACCURACY_GAIN`] more often than all songs, as
/// long as [`MIN_COVERAGE`] of the songs reach it; where none is, the one of these that
/// makes the sure songs right most often (the smallest of equals). It is at least one half.
///
/// # Errors
/// Where there is nothing to fit on.
pub fn fit_verdict_rule(
    truth: &[usize],
    network: &[[f64; Mood::COUNT]],
    ensemble: &[[f64; Mood::COUNT]],
) -> Result<FittedRule> {
    ensure!(
        !truth.is_empty() && truth.len() == network.len() && truth.len() == ensemble.len(),
        "{} labels, {} network and {} ensemble answers, expected as many of each",
        truth.len(),
        network.len(),
        ensemble.len()
    );
    let mut rule = VerdictRule {
        network_weight: 0.0,
        tagger_weight: 0.0,
        temperature: 1.0,
        unsure_below: 0.0,
        unfamiliar: None,
    };
    let mut loss = f64::INFINITY;
    for step in 0..=WEIGHT_STEPS {
        let network_weight = step as f32 / WEIGHT_STEPS as f32;
        let plain = VerdictRule {
            network_weight,
            temperature: 1.0,
            ..rule
        };
        let fitted = fit_temperature(truth, &logits(&join(network, ensemble, None, plain)))?;
        if fitted.log_loss_after < loss {
            loss = fitted.log_loss_after;
            rule.network_weight = network_weight;
            rule.temperature = fitted.value;
        }
    }
    let answers = join(network, ensemble, None, rule);
    Ok(with_threshold(rule, loss, truth, &answers))
}

/// The songs that a rule for three judges is fitted on; all slices have one order.
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

/// Fits the share of a third judge in the blend with the two others, whose own shares are
/// those of `two`.
///
/// The share on familiar music, in steps of 0.01, is that of the lowest mean over the corpora
/// of their log losses, with the temperature of the lowest log loss; how both change with the
/// distance is the rule of [`Unfamiliar`]. Threshold as in [`fit_verdict_rule`].
///
/// # Errors
/// Where there is nothing to fit on.
pub fn fit_tagger_rule(
    songs: Songs,
    [network, ensemble, tagger]: [&[[f64; Mood::COUNT]]; 3],
    two: VerdictRule,
) -> Result<FittedRule> {
    let Songs {
        truth,
        corpora,
        distances,
    } = songs;
    let unfamiliar = songs.unfamiliar_from().map(|distance| Unfamiliar {
        distance,
        tagger_weight: FAR_STEP as f32 / WEIGHT_STEPS as f32,
        temperature: FAR_TEMPERATURE,
    });
    ensure!(
        !truth.is_empty() && truth.len() == distances.len() && truth.len() == tagger.len(),
        "{} labels, {} distances and {} answers of the tagger, expected as many of each",
        truth.len(),
        distances.len(),
        tagger.len()
    );
    let answers = |rule| join(network, ensemble, Some((tagger, distances)), rule);
    let mut best: Option<(f64, VerdictRule)> = None;
    for step in LEAST_STEP..=FAR_STEP {
        let at = |temperature| VerdictRule {
            tagger_weight: step as f32 / WEIGHT_STEPS as f32,
            temperature,
            unfamiliar,
            ..two
        };
        let rule = at(lowest(|t| log_loss(truth, &answers(at(t as f32)))) as f32);
        let loss = mean_loss(truth, corpora, &answers(rule));
        if best.is_none_or(|(least, _)| loss < least) {
            best = Some((loss, rule));
        }
    }
    let (_, rule) = best.context("no share was tried")?;
    let answers = answers(rule);
    Ok(with_threshold(
        rule,
        log_loss(truth, &answers),
        truth,
        &answers,
    ))
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

fn logits(answers: &[[f64; Mood::COUNT]]) -> Vec<[f32; Mood::COUNT]> {
    let logarithm = |shares: &[f64; Mood::COUNT]| shares.map(|s| s.max(LEAST).ln() as f32);
    answers.iter().map(logarithm).collect()
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

/// The library's verdict of two judges, or with the answers of a third and the songs'
/// distances from the training songs, of three.
pub fn join(
    network: &[[f64; Mood::COUNT]],
    ensemble: &[[f64; Mood::COUNT]],
    tagger: Option<(&[[f64; Mood::COUNT]], &[f32])>,
    rule: VerdictRule,
) -> Vec<[f64; Mood::COUNT]> {
    let probabilities =
        |shares: &[f64; Mood::COUNT]| MoodProbabilities::from_weights(shares.map(|s| s as f32));
    let pairs = network.iter().zip(ensemble).enumerate();
    pairs
        .map(|(i, (a, b))| {
            let third = tagger.map(|(tagger, _)| probabilities(&tagger[i]));
            let distance = tagger.map_or(0.0, |(_, distances)| distances[i]);
            let joined = rule.join(probabilities(a), probabilities(b), third, distance);
            joined.to_array().map(f64::from)
        })
        .collect()
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

//! Fits what turns scores into honest probabilities and those into a verdict. Only ever
//! on validation examples.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use undertone::card::VerdictRule;
use undertone::{Mood, MoodProbabilities};

use super::metrics::{argmax, log_loss};

/// Steps of the network's share that are tried between 0 and 1.
const WEIGHT_STEPS: usize = 100;
/// The third judge has two fifths of the say at least: on music of a kind that nobody was
/// trained on it is the best of the three (`trainer evaluate --left-out`), which validation
/// songs of the same kinds as the training songs do not show.
const LEAST_TAGGER_STEP: usize = 2 * WEIGHT_STEPS / 5;

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
    let loss = |log_t: f64| log_loss(truth, &softened(logits, log_t.exp()));
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
    let log_t = f64::midpoint(low, high);
    Ok(Temperature {
        value: log_t.exp() as f32,
        log_loss_before: loss(0.0),
        log_loss_after: loss(log_t),
    })
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
/// makes the sure songs right most often (the smallest of equals).
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

/// Fits the share of a third judge in the blend with the two others, whose own shares are
/// those of `two`; all slices hold the same songs in the same order, `corpora` their names.
///
/// The share, in steps of 0.01, is that of the lowest mean over the corpora of their log
/// losses: the third judge is there for music that the largest corpus does not stand for.
/// Temperature and threshold as in [`fit_verdict_rule`].
///
/// # Errors
/// Where there is nothing to fit on.
pub fn fit_tagger_rule(
    truth: &[usize],
    corpora: &[&str],
    [network, ensemble, tagger]: [&[[f64; Mood::COUNT]]; 3],
    two: VerdictRule,
) -> Result<FittedRule> {
    let mut best: Option<(f64, VerdictRule)> = None;
    for step in LEAST_TAGGER_STEP..=WEIGHT_STEPS {
        let mut rule = VerdictRule {
            tagger_weight: step as f32 / WEIGHT_STEPS as f32,
            temperature: 1.0,
            ..two
        };
        let plain = join(network, ensemble, Some(tagger), rule);
        rule.temperature = fit_temperature(truth, &logits(&plain))?.value;
        let loss = mean_loss(truth, corpora, &join(network, ensemble, Some(tagger), rule));
        if best.is_none_or(|(least, _)| loss < least) {
            best = Some((loss, rule));
        }
    }
    let (_, rule) = best.context("no share was tried")?;
    let answers = join(network, ensemble, Some(tagger), rule);
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

/// The library's verdict of two judges, or of three.
pub fn join(
    network: &[[f64; Mood::COUNT]],
    ensemble: &[[f64; Mood::COUNT]],
    tagger: Option<&[[f64; Mood::COUNT]]>,
    rule: VerdictRule,
) -> Vec<[f64; Mood::COUNT]> {
    let probabilities =
        |shares: &[f64; Mood::COUNT]| MoodProbabilities::from_weights(shares.map(|s| s as f32));
    let pairs = network.iter().zip(ensemble).enumerate();
    pairs
        .map(|(i, (a, b))| {
            let third = tagger.map(|tagger| probabilities(&tagger[i]));
            let joined = rule.join(probabilities(a), probabilities(b), third);
            joined.to_array().map(f64::from)
        })
        .collect()
}

/// Threshold, coverage and accuracy of the songs whose top probability reaches it, for
/// 0 and every thousandth above that changes something.
fn coverage_curve(truth: &[usize], answers: &[[f64; Mood::COUNT]]) -> Vec<[f64; 3]> {
    // In single precision, as the library compares.
    let songs: Vec<(f32, bool)> = truth
        .iter()
        .zip(answers)
        .map(|(&mood, shares)| (shares[argmax(shares)] as f32, argmax(shares) == mood))
        .collect();
    let mut curve: Vec<[f64; 3]> = Vec::new();
    for step in 0..=1000_u16 {
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
    let allowed = || curve.iter().filter(|point| point[1] >= MIN_COVERAGE);
    let enough = allowed().find(|point| point[2] >= accuracy + ACCURACY_GAIN);
    let most = || allowed().reduce(|best, next| if next[2] > best[2] { next } else { best });
    enough.or_else(most).copied().unwrap_or_default()
}

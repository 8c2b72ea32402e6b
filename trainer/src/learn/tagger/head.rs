//! The layers that turn what the tagger hears into moods: a multinomial logistic regression
//! that starts from the tagger's own mood classes and is drawn towards the labels. The small
//! tagger ends before it comes to classes, so that a ridge regression stands for them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use anyhow::{Context, Result, ensure};
use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate, s, stack};
use undertone::Mood;

use crate::learn::classic::cholesky::solve;
use crate::learn::teach::{MOODS, SPEAK_FOR, TAUGHT, TOKEN_WIDTH};
use crate::measured::example::Example;

/// Penalty on the layer's distance from what the mood classes alone say, `alpha / 2 * |coef|²`
/// on the sum of the losses.
const ALPHA: f64 = 500.0;
/// How much the standardised mood classes count. The penalty is chosen on folds, this on parts
/// that were left out; see `trainer/reports/experiments.md`.
const PRIOR: f64 = 1.5;
/// Penalty of the ridge regression on standardised tokens, `RIDGE * |coef|²` on the sum of
/// the squares.
const RIDGE: f64 = 100.0;
/// Most steps of the fit; it ends when no gradient is above [`LEAST_GRADIENT`] a song.
const STEPS: usize = 5_000;
const LEAST_GRADIENT: f64 = 1e-7;

/// The layer of a tagger: logits are `heard · weights + intercept`.
#[derive(Debug, Clone)]
pub struct Head {
    /// Which of the numbers of a lesson are looked at.
    pub inputs: Range<usize>,
    /// `[inputs, 4]`.
    pub weights: Array2<f64>,
    /// `[4]`.
    pub intercept: Array1<f64>,
}

impl Head {
    /// The layer behind all others, over tokens and the log-odds of the mood classes.
    ///
    /// Fits on those of these recordings that are no arrangements (with them it is worse), of
    /// each of which `lessons` holds what the tagger hears. The moods of a corpus weigh as the
    /// square root of their number.
    ///
    /// # Errors
    /// Where a lesson is missing or a mood has no recording.
    pub fn large(examples: &[&Example], lessons: &HashMap<String, Array2<f32>>) -> Result<Self> {
        let examples = played(examples);
        let heard = heard(examples.iter().map(|e| e.id.as_str()), lessons)?;
        let odds = heard.slice(s![.., TOKEN_WIDTH..TAUGHT]);
        let (weights, intercept) = fit(&examples, heard.slice(s![.., ..TOKEN_WIDTH]), odds)?;
        Ok(Self {
            inputs: 0..TAUGHT,
            weights,
            intercept,
        })
    }

    /// The layer behind the first ones, over their tokens alone.
    ///
    /// Fits as [`Self::large`], on what the first layers hear and on what the last one's
    /// log-odds are believed to be from that; the belief is learnt from these recordings and
    /// from `others`, which need no labels.
    ///
    /// # Errors
    /// As [`Self::large`], and where the regression can't be solved.
    pub fn small<'a>(
        examples: &[&'a Example],
        others: impl Iterator<Item = &'a str>,
        lessons: &HashMap<String, Array2<f32>>,
    ) -> Result<Self> {
        let known = examples.iter().map(|e| e.id.as_str());
        let all = heard(known.chain(others), lessons)?;
        let odds = all.slice(s![.., TOKEN_WIDTH..TAUGHT]);
        let (coef, believed) = ridge(all.slice(s![.., TAUGHT..]), odds)?;
        let examples = played(examples);
        let heard = heard(examples.iter().map(|e| e.id.as_str()), lessons)?;
        let tokens = heard.slice(s![.., TAUGHT..]);
        let odds = tokens.dot(&coef) + &believed;
        let (weights, intercept) = fit(&examples, tokens, odds.view())?;
        let (labels, moods) = weights.view().split_at(Axis(0), TOKEN_WIDTH);
        Ok(Self {
            inputs: TAUGHT..TAUGHT + TOKEN_WIDTH,
            weights: &labels + &coef.dot(&moods),
            intercept: intercept + believed.dot(&moods),
        })
    }

    /// Logits of a recording.
    ///
    /// # Errors
    /// Where there is no lesson.
    pub fn logits(&self, lesson: Option<&Array2<f32>>, id: &str) -> Result<[f32; Mood::COUNT]> {
        let heard = mean(lesson, id)?;
        let logits = heard.slice(s![self.inputs.clone()]).dot(&self.weights) + &self.intercept;
        Ok(std::array::from_fn(|mood| logits[mood] as f32))
    }
}

/// Weights `[TAUGHT, 4]` and intercept from the tokens `[recordings, TOKEN_WIDTH]` and the
/// log-odds `[recordings, MOODS]` of these recordings.
fn fit(
    examples: &[&Example],
    tokens: ArrayView2<f64>,
    odds: ArrayView2<f64>,
) -> Result<(Array2<f64>, Array1<f64>)> {
    for mood in Mood::ALL {
        let has = examples.iter().any(|example| example.mood == mood);
        ensure!(
            has,
            "no recording to train on is {mood}, expected some of every mood"
        );
    }
    let prior = Prior::of(odds, PRIOR);
    let (centre, scale) = (means(tokens), deviations(tokens));
    let ones = Array2::ones((tokens.nrows(), 1));
    let x = concatenate![Axis(1), (&tokens - &centre) / &scale, ones];
    let truth: Vec<usize> = examples.iter().map(|e| e.mood.index()).collect();
    let coef = descend(&x, &prior.logits(odds), &truth, &weights(examples), ALPHA);
    let labels = &coef.slice(s![..TOKEN_WIDTH, ..]) / &scale.insert_axis(Axis(1));
    let intercept = prior.intercept + coef.row(TOKEN_WIDTH) - centre.dot(&labels);
    Ok((concatenate![Axis(0), labels, prior.coef], intercept))
}

/// Those that are no arrangements.
fn played<'a>(examples: &[&'a Example]) -> Vec<&'a Example> {
    let examples = examples.iter().filter(|example| !example.is_arranged());
    examples.copied().collect()
}

/// What the tagger hears of recordings on average, `[recordings, TAUGHT + TOKEN_WIDTH]`.
fn heard<'a>(
    ids: impl Iterator<Item = &'a str>,
    lessons: &HashMap<String, Array2<f32>>,
) -> Result<Array2<f64>> {
    let means = ids
        .map(|id| mean(lessons.get(id), id))
        .collect::<Result<Vec<_>>>()?;
    let views: Vec<_> = means.iter().map(|mean| mean.view()).collect();
    stack(Axis(0), &views).context("there is no recording to train on")
}

/// What the tagger hears of a recording on average.
fn mean(lesson: Option<&Array2<f32>>, id: &str) -> Result<Array1<f64>> {
    let lesson = lesson.with_context(|| format!("the teacher has not heard {id}"))?;
    let mean = lesson
        .mean_axis(Axis(0))
        .with_context(|| format!("the lesson of {id} is empty"))?;
    ensure!(
        mean.len() == TAUGHT + TOKEN_WIDTH && mean.iter().all(|value| value.is_finite()),
        "the lesson of {id} is damaged: run `trainer teach` again"
    );
    Ok(mean.mapv(f64::from))
}

/// Coefficients `[inputs, targets]` and intercepts of scikit-learn's `Ridge` with the penalty
/// [`RIDGE`] on inputs that were standardised.
fn ridge(x: ArrayView2<f64>, y: ArrayView2<f64>) -> Result<(Array2<f64>, Array1<f64>)> {
    let (centre, scale) = (means(x), deviations(x));
    let middle = means(y);
    let z = (&x - &centre) / &scale;
    let gram = z.t().dot(&z) + Array2::<f64>::eye(x.ncols()) * RIDGE;
    let coef = solve(&gram, &z.t().dot(&(&y - &middle)))?;
    let coef = coef / &scale.insert_axis(Axis(1));
    let intercept = middle - centre.dot(&coef);
    Ok((coef, intercept))
}

/// What the mood classes alone say, as a linear map of their log-odds.
pub struct Prior {
    coef: Array2<f64>,
    intercept: Array1<f64>,
}

impl Prior {
    /// `strength` times the mean of the classes that speak for each mood, standardised over
    /// these songs, `[songs, MOODS]`.
    pub fn of(odds: ArrayView2<f64>, strength: f64) -> Self {
        let (centre, scale) = (means(odds), deviations(odds));
        let mut coef = Array2::zeros((MOODS.len(), Mood::COUNT));
        for (mood, classes) in SPEAK_FOR.iter().enumerate() {
            for &class in *classes {
                coef[[class, mood]] = strength / classes.len() as f64 / scale[class];
            }
        }
        Self {
            intercept: -centre.dot(&coef),
            coef,
        }
    }

    /// `[songs, 4]`.
    pub fn logits(&self, odds: ArrayView2<f64>) -> Array2<f64> {
        odds.dot(&self.coef) + &self.intercept
    }
}

fn means(x: ArrayView2<f64>) -> Array1<f64> {
    x.sum_axis(Axis(0)) / x.nrows().max(1) as f64
}

/// Never 0.
fn deviations(x: ArrayView2<f64>) -> Array1<f64> {
    x.std_axis(Axis(0), 0.0)
        .mapv(|deviation| deviation.max(1e-9))
}

/// One number a recording, 1 on average.
fn weights(examples: &[&Example]) -> Array1<f64> {
    let cell = |example: &Example| (example.corpus.clone(), example.mood);
    let mut counts: BTreeMap<_, f64> = BTreeMap::new();
    for example in examples {
        *counts.entry(cell(example)).or_default() += 1.0;
    }
    let weights: Array1<f64> = examples
        .iter()
        .map(|example| f64::from(example.weight) / counts[&cell(example)].sqrt())
        .collect();
    let mean = weights.sum() / weights.len() as f64;
    weights / mean
}

/// Minimises the weighted cross-entropy of `softmax(offset + x · coef)` with the penalty `alpha`
/// on all rows of `coef` but the last, by Nesterov's accelerated gradient.
fn descend(
    x: &Array2<f64>,
    offset: &Array2<f64>,
    truth: &[usize],
    weight: &Array1<f64>,
    alpha: f64,
) -> Array2<f64> {
    let mut penalty = Array1::from_elem(x.ncols(), alpha);
    penalty[x.ncols() - 1] = 0.0;
    let penalty = penalty.insert_axis(Axis(1));
    let gradient = |coef: &Array2<f64>| {
        let mut error = offset + x.dot(coef);
        for ((mut row, &mood), &weight) in error.outer_iter_mut().zip(truth).zip(weight) {
            let top = row.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
            row.mapv_inplace(|logit| (logit - top).exp());
            let sum = row.sum();
            row /= sum;
            row[mood] -= 1.0;
            row *= weight;
        }
        x.t().dot(&error) + coef * &penalty
    };
    let step = 1.0 / (0.5 * greatest_eigenvalue(x, weight) + alpha);
    let mut coef = Array2::zeros((x.ncols(), Mood::COUNT));
    let mut ahead = coef.clone();
    let mut momentum = 1.0_f64;
    for _ in 0..STEPS {
        let slope = gradient(&ahead);
        let steepest = slope.fold(0.0_f64, |a, b| a.max(b.abs()));
        if steepest < LEAST_GRADIENT * x.nrows() as f64 {
            break;
        }
        let next = &ahead - &(&slope * step);
        let moved = &next - &coef;
        if (&slope * &moved).sum() > 0.0 {
            // Momentum has carried too far: start over from here.
            momentum = 1.0;
        }
        let after = f64::midpoint(1.0, (1.0 + 4.0 * momentum * momentum).sqrt());
        ahead = &next + &(moved * ((momentum - 1.0) / after));
        (coef, momentum) = (next, after);
    }
    coef
}

/// Of `xᵀ diag(weight) x`, by the power method; a little more, to be safe.
fn greatest_eigenvalue(x: &Array2<f64>, weight: &Array1<f64>) -> f64 {
    let mut vector = Array1::<f64>::ones(x.ncols());
    let mut length = 0.0;
    for _ in 0..100 {
        let image = x.t().dot(&(x.dot(&vector) * weight));
        length = image.dot(&image).sqrt().max(f64::MIN_POSITIVE);
        vector = image / length;
    }
    1.05 * length
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// The reference was made by scikit-learn's `LogisticRegression(C=1/1000, tol=1e-12)`
    /// on the same rows.
    #[test]
    fn without_an_offset_the_fit_is_scikit_learns() {
        let n = 400;
        let wave = |i: usize, j: usize| ((i * (j + 3) * 7 + j * 11) % 101) as f64 / 50.0 - 1.0;
        let mut x = Array2::from_shape_fn((n, 4), |(i, j)| if j < 3 { wave(i, j) } else { 1.0 });
        x.slice_mut(s![.., 0]).mapv_inplace(|v| v * 2.0);
        let truth: Vec<usize> = (0..n)
            .map(|i| usize::from(x[[i, 0]] > 0.0) + 2 * usize::from(x[[i, 1]] + x[[i, 2]] > 0.3))
            .collect();
        let offset = Array2::zeros((n, 4));
        let coef = descend(&x, &offset, &truth, &Array1::ones(n), 1000.0);
        let expected = REFERENCE;
        for (got, expected) in coef.t().iter().zip(expected.iter().flatten()) {
            // The intercepts of scikit-learn add up to 0, as ours do.
            assert!(
                (got - expected).abs() < 1e-4,
                "{coef} instead of {expected:?}"
            );
        }
    }

    const REFERENCE: [[f64; 4]; 4] = [
        [-0.10951, -0.04066, -0.02879, 0.30247],
        [0.10816, -0.01694, -0.03126, 0.27905],
        [-0.06727, 0.03554, 0.02848, -0.28356],
        [0.06862, 0.02206, 0.03157, -0.29796],
    ];

    /// The reference was made by scikit-learn's `Ridge(alpha=100)` on standardised inputs.
    #[test]
    fn the_regression_is_scikit_learns() -> Result<()> {
        let wave = |i: usize, j: usize| ((i * (j + 3) * 7 + j * 11) % 101) as f64 / 50.0 - 1.0;
        let x = Array2::from_shape_fn((400, 3), |(i, j)| wave(i, j) * (j + 1) as f64);
        let y = Array2::from_shape_fn((400, 2), |(i, j)| {
            x[[i, j]] - 0.5 * x[[i, 2]] + wave(i, j + 5) + 3.0
        });
        let (coef, intercept) = ridge(x.view(), y.view())?;
        let got = coef.t().to_owned();
        for (got, expected) in got.iter().zip(RIDGE_COEF.iter().flatten()) {
            assert!((got - expected).abs() < 2e-5, "{coef}");
        }
        for (got, expected) in intercept.iter().zip(RIDGE_INTERCEPT) {
            assert!((got - expected).abs() < 2e-5, "{intercept}");
        }
        Ok(())
    }

    const RIDGE_COEF: [[f64; 3]; 2] =
        [[0.81299, -0.04673, -0.39671], [-0.10461, 0.82431, -0.39350]];
    const RIDGE_INTERCEPT: [f64; 2] = [2.99757, 3.00433];

    #[test]
    fn the_mood_classes_speak_for_their_moods() {
        let odds = array![
            [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0]
        ];
        let said = Prior::of(odds.view(), PRIOR).logits(odds.view());
        assert!((said[[0, 0]] - PRIOR).abs() < 1e-9 && (said[[1, 0]] + PRIOR).abs() < 1e-9);
        assert!(said.iter().all(|value| value.is_finite()));
    }
}

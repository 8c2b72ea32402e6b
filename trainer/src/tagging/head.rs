//! The layer that turns what the tagger hears into moods: a multinomial logistic regression
//! that starts from the tagger's own mood classes and is drawn towards the labels.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, ensure};
use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate, s};
use undertone::Mood;

use crate::example::Example;
use crate::teach::{MOODS, SPEAK_FOR, TOKEN_WIDTH};

/// Penalty on the layer's distance from what the mood classes alone say, `alpha / 2 * |coef|²`
/// on the sum of the losses.
const ALPHA: f64 = 300.0;
/// How much the standardised mood classes count. Both chosen on parts that were left out;
/// see `trainer/reports/experiments.md`.
const PRIOR: f64 = 1.5;
/// Most steps of the fit; it ends when no gradient is above [`LEAST_GRADIENT`] a song.
const STEPS: usize = 5_000;
const LEAST_GRADIENT: f64 = 1e-7;

/// Logits are `embedding · labels + log-odds of the mood classes · moods + intercept`.
#[derive(Debug, Clone)]
pub struct Head {
    /// `[TOKEN_WIDTH, 4]`.
    pub labels: Array2<f64>,
    /// `[MOODS, 4]`.
    pub moods: Array2<f64>,
    /// `[4]`.
    pub intercept: Array1<f64>,
}

impl Head {
    /// Fits on these recordings, of each of which `lessons` holds what the tagger hears. The
    /// moods of a corpus weigh as the square root of their number.
    ///
    /// # Errors
    /// Where a lesson is missing or a mood has no recording.
    pub fn fit(examples: &[&Example], lessons: &HashMap<String, Array2<f32>>) -> Result<Self> {
        for mood in Mood::ALL {
            let has = examples.iter().any(|example| example.mood == mood);
            ensure!(
                has,
                "no recording to train on is {mood}, expected some of every mood"
            );
        }
        let heard = examples
            .iter()
            .map(|example| mean(lessons.get(&example.id), &example.id))
            .collect::<Result<Vec<_>>>()?;
        let rows = |at: &[usize]| {
            Array2::from_shape_fn((at.len(), heard[0].len()), |(i, j)| heard[at[i]][j])
        };
        let all = rows(&(0..heard.len()).collect::<Vec<_>>());
        let played: Vec<usize> = (0..heard.len())
            .filter(|&i| !examples[i].is_arranged())
            .collect();
        let prior = Prior::of(rows(&played).slice(s![.., TOKEN_WIDTH..]), PRIOR);
        let tokens = all.slice(s![.., ..TOKEN_WIDTH]).to_owned();
        let (centre, scale) = (means(tokens.view()), deviations(tokens.view()));
        let ones = Array2::ones((all.nrows(), 1));
        let x = concatenate(
            Axis(1),
            &[((tokens - &centre) / &scale).view(), ones.view()],
        )?;
        let offset = prior.logits(all.slice(s![.., TOKEN_WIDTH..]));
        let truth: Vec<usize> = examples
            .iter()
            .map(|example| example.mood.index())
            .collect();
        let coef = descend(&x, &offset, &truth, &weights(examples));
        let labels = &coef.slice(s![..TOKEN_WIDTH, ..]) / &scale.insert_axis(Axis(1));
        Ok(Self {
            intercept: prior.intercept + coef.row(TOKEN_WIDTH) - centre.dot(&labels),
            moods: prior.coef,
            labels,
        })
    }

    /// Logits of a recording.
    ///
    /// # Errors
    /// Where there is no lesson.
    pub fn logits(&self, lesson: Option<&Array2<f32>>, id: &str) -> Result<[f32; Mood::COUNT]> {
        let heard = mean(lesson, id)?;
        let (tokens, odds) = (
            heard.slice(s![..TOKEN_WIDTH]),
            heard.slice(s![TOKEN_WIDTH..]),
        );
        let logits = tokens.dot(&self.labels) + odds.dot(&self.moods) + &self.intercept;
        Ok(std::array::from_fn(|mood| logits[mood] as f32))
    }
}

/// What the tagger hears of a recording on average.
fn mean(lesson: Option<&Array2<f32>>, id: &str) -> Result<Array1<f64>> {
    let lesson = lesson.with_context(|| format!("the teacher has not heard {id}"))?;
    let mean = lesson
        .mean_axis(Axis(0))
        .with_context(|| format!("the lesson of {id} is empty"))?;
    ensure!(
        mean.len() == TOKEN_WIDTH + MOODS.len() && mean.iter().all(|value| value.is_finite()),
        "the lesson of {id} is damaged: run `trainer teach` again"
    );
    Ok(mean.mapv(f64::from))
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

/// Minimises the weighted cross-entropy of `softmax(offset + x · coef)` with the penalty on
/// all rows of `coef` but the last, by Nesterov's accelerated gradient.
fn descend(
    x: &Array2<f64>,
    offset: &Array2<f64>,
    truth: &[usize],
    weight: &Array1<f64>,
) -> Array2<f64> {
    let mut penalty = Array1::from_elem(x.ncols(), ALPHA);
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
    let step = 1.0 / (0.5 * greatest_eigenvalue(x, weight) + ALPHA);
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

    /// The reference was made by scikit-learn's `LogisticRegression(C=1/300, tol=1e-12)`
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
        let coef = descend(&x, &Array2::zeros((n, 4)), &truth, &Array1::ones(n));
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
        [-0.27506, -0.12515, -0.08986, 0.29313],
        [0.27231, -0.05517, -0.09798, 0.27024],
        [-0.18805, 0.11180, 0.08922, -0.27362],
        [0.19080, 0.06852, 0.09862, -0.28975],
    ];

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

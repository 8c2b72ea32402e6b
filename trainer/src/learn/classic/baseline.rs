//! What a model must beat: the majority class and a plain logistic regression.

use anyhow::Result;
use undertone::Mood;
use undertone::ensemble::Shares;

use super::logistic::fit_logistic;
use super::preparation::Preparation;
use super::rows::{Rows, validation};
use crate::evaluate::Predictions;
use crate::measured::example::Example;

/// Penalty of the regression, as scikit-learn's `C=1`.
const ALPHA: f64 = 1.0;

/// What two baselines, fitted on the training split, say of the validation split:
/// `"majority"` answers every song with the shares of the training labels
/// (scikit-learn's `DummyClassifier(strategy="prior")`), `"logistic regression"` looks
/// at the same descriptors as the ensemble, standardised.
///
/// # Errors
/// Where the regression can't be fitted or an example has other descriptors.
pub fn baselines(examples: &[Example]) -> Result<Vec<Predictions>> {
    let rows = Rows::of_training(examples)?;
    let at: Vec<usize> = validation(examples).map(|(at, _)| at).collect();
    let majority = predictions("majority", &at, &majority(&rows, at.len()));
    Ok(vec![majority, regression(examples, ALPHA)?])
}

/// What a logistic regression with that penalty, fitted on the standardised descriptors of
/// the training split, says of the validation split.
///
/// # Errors
/// As [`baselines`].
pub fn regression(examples: &[Example], alpha: f64) -> Result<Predictions> {
    let rows = Rows::of_training(examples)?;
    let (at, asked): (Vec<usize>, Vec<&Example>) = validation(examples).unzip();
    let asked = Rows::of(&asked)?;
    let preparation = Preparation::fit(&rows);
    let (rows, asked) = (preparation.apply(&rows)?, preparation.apply(&asked)?);
    let shares = probabilities(&rows, &asked.x, alpha)?;
    Ok(predictions("logistic regression", &at, &shares))
}

/// The shares of the classes among `rows`, for each of `n` rows that are asked about.
pub fn majority(rows: &Rows, n: usize) -> Vec<Shares> {
    let counts = rows.counts().into_iter();
    let prior: Shares = counts
        .map(|count| count as f64 / rows.len() as f64)
        .collect();
    vec![prior; n]
}

/// What a regression over these standardised rows says of others.
///
/// # Errors
/// Where it can't be fitted.
pub fn logistic_regression(rows: &Rows, x: &[Vec<f64>]) -> Result<Vec<Shares>> {
    probabilities(rows, x, ALPHA)
}

fn probabilities(rows: &Rows, x: &[Vec<f64>], alpha: f64) -> Result<Vec<Shares>> {
    let regression = fit_logistic(rows, alpha)?;
    Ok(x.iter().map(|row| regression.predict_proba(row)).collect())
}

/// The shares of the four moods as the comparison wants them.
fn predictions(name: &str, at: &[usize], shares: &[Shares]) -> Predictions {
    let moods = |shares: &Shares| -> [f64; Mood::COUNT] { std::array::from_fn(|m| shares[m]) };
    let mut system = Predictions::new(name);
    system.rows = at.iter().copied().zip(shares.iter().map(moods)).collect();
    system
}

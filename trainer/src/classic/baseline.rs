//! What a model must beat: the majority class and a plain logistic regression.

use anyhow::{Context, Result};

use super::logistic::fit_logistic;
use super::{training_rows, validation};
use crate::evaluate::Predictions;
use crate::example::Example;

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
    let rows = training_rows(examples)?;
    let scaler = rows.scaler();
    let regression = fit_logistic(&rows.standardised(&scaler)?, ALPHA)?;
    let n = rows.len() as f64;
    let prior = rows.counts().map(|count| count as f64 / n);
    let mut majority = Predictions::new("majority");
    let mut logistic = Predictions::new("logistic regression");
    for (index, example) in validation(examples) {
        let row = scaler
            .transform(&example.descriptors)
            .with_context(|| example.id.clone())?;
        majority.rows.push((index, prior));
        logistic.rows.push((index, regression.predict_proba(&row)));
    }
    Ok(vec![majority, logistic])
}

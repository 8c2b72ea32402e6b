//! Kernel ridge regression: its file and its answers.

use serde::{Deserialize, Serialize};

use super::{Estimate, FeatureEstimator, FeaturesCard, Target};
use crate::card::sha256_hex;
use crate::ensemble::scaler::{StandardScaler, from_grid};
use crate::ensemble::{Defect, unpack};
use crate::error::ModelError;
use crate::features::Descriptors;

/// Version of the file's layout; a file of another one is refused.
const LAYOUT: u32 = 1;

/// Most bytes of `features.bin`: every visitor downloads it, and nothing longer is
/// decoded.
pub const MAX_BYTES: usize = 350_000;

/// Scores are kept this far from 0 and 1 before their log-odds are taken.
const MARGIN: f64 = 0.02;

/// Greatest magnitude of a coefficient in the file; keeps every sum finite.
const MAX_COEF: f32 = 1e6;

/// The fitted parts, as they stand in `features.bin` (postcard, after the layout's
/// version).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegressorModel {
    /// Brings the descriptors to mean 0 and standard deviation 1.
    pub scaler: StandardScaler,
    /// Width of the radial kernel `exp(-gamma * |x - y|²)`, over standardised rows.
    pub gamma: f64,
    /// The fitted rows `[n_rows, n_features]` (scikit-learn's `X_fit_`), row after row,
    /// standardised, in steps of the grid ([`crate::ensemble::scaler::to_grid`]).
    pub rows: Vec<i16>,
    /// One entry a target, in the order of the card's measured targets.
    pub targets: Vec<TargetModel>,
}

/// What is learnt of one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetModel {
    /// Log-odds far from every fitted row: the mean of the fit.
    pub intercept: f64,
    /// Coefficient of each row's kernel, in log-odds (scikit-learn's `dual_coef_`).
    pub dual_coef: Vec<f32>,
}

/// Log-odds of a score, which is first kept [`MARGIN`] from 0 and 1.
#[must_use]
pub fn to_log_odds(score: f64) -> f64 {
    let score = score.clamp(MARGIN, 1.0 - MARGIN);
    (score / (1.0 - score)).ln()
}

/// The score of these log-odds, in [0, 1].
#[must_use]
pub fn from_log_odds(log_odds: f64) -> f64 {
    (1.0 / (1.0 + (-log_odds).exp())).clamp(0.0, 1.0)
}

/// The regressor, checked and ready to answer.
#[derive(Debug)]
pub struct FeatureRegressor {
    model: RegressorModel,
    /// `[n_rows][n_features]`, standardised.
    rows: Vec<Vec<f64>>,
    targets: Vec<Target>,
    file: String,
    id: String,
}

impl FeatureRegressor {
    /// Reads `features.bin`.
    ///
    /// The length is checked first, then the card's stamp, that its inputs are `names`
    /// ([`Descriptors::NAMES`]) in that order, and every length and number of the file.
    /// No bytes can make this panic.
    ///
    /// # Errors
    /// [`ModelError::Size`], [`ModelError::Hash`] or [`ModelError::Invalid`].
    pub fn from_bytes(
        bytes: &[u8],
        card: &FeaturesCard,
        names: &[&str],
    ) -> Result<Self, ModelError> {
        let file = &card.stamp.file;
        let refuse = |detail: String| invalid(file, detail);
        if bytes.len() > MAX_BYTES {
            let got = bytes.len();
            return Err(refuse(format!("{got} bytes, expected at most {MAX_BYTES}")));
        }
        card.stamp.verify(bytes)?;
        if card.inputs != names {
            return Err(refuse(format!(
                "its card names other inputs than the {} that this version of Undertone measures",
                names.len()
            )));
        }
        let model: RegressorModel = unpack(bytes, LAYOUT).map_err(refuse)?;
        if model.scaler.n_features() != names.len() {
            let got = model.scaler.n_features();
            let detail = format!("made for {got} inputs, the card names {}", names.len());
            return Err(refuse(detail));
        }
        let targets = card.measured().collect();
        let id = card.stamp.sha256.clone();
        Self::build(model, targets, file, id)
    }

    /// Makes the regressor of these fitted parts for these targets; `file` is the name
    /// in its errors.
    ///
    /// # Errors
    /// [`ModelError::Invalid`] where the parts do not fit each other.
    pub fn new(
        model: RegressorModel,
        targets: Vec<Target>,
        file: &str,
    ) -> Result<Self, ModelError> {
        let id = sha256_hex(&encode(&model, file)?);
        Self::build(model, targets, file, id)
    }

    fn build(
        model: RegressorModel,
        targets: Vec<Target>,
        file: &str,
        id: String,
    ) -> Result<Self, ModelError> {
        check(&model, &targets).map_err(|detail| invalid(file, detail))?;
        let rows = model
            .rows
            .chunks_exact(model.scaler.n_features())
            .map(|row| row.iter().map(|&steps| from_grid(steps)).collect())
            .collect();
        Ok(Self {
            model,
            rows,
            targets,
            file: file.to_owned(),
            id,
        })
    }

    /// The bytes of `features.bin`, as [`FeatureRegressor::from_bytes`] reads them.
    ///
    /// # Errors
    /// [`ModelError::Invalid`] with what the encoder said.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        encode(&self.model, &self.file)
    }

    /// SHA-256 of the model file, in lower-case hexadecimal.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The targets that it estimates, in the order of its answers.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The fitted parts.
    #[must_use]
    pub const fn model(&self) -> &RegressorModel {
        &self.model
    }

    /// Estimates every target of one song from its descriptors, in natural units and in
    /// the order of the card's `inputs`; finite values in [0, 1].
    ///
    /// # Errors
    /// [`ModelError::Run`] where the number of descriptors is another than the model's,
    /// or one of them is not finite.
    pub fn predict(&self, descriptors: &[f64]) -> Result<Vec<Estimate>, ModelError> {
        let row = self
            .model
            .scaler
            .transform(descriptors)
            .map_err(|defect: Defect| ModelError::Run {
                name: self.file.clone(),
                detail: defect.to_string(),
            })?;
        let kernel: Vec<f64> = self
            .rows
            .iter()
            .map(|fitted| (-self.model.gamma * squared_distance(fitted, &row)).exp())
            .collect();
        let targets = self.targets.iter().zip(&self.model.targets);
        Ok(targets
            .map(|(&target, model)| {
                let terms = model.dual_coef.iter().zip(&kernel);
                let sum: f64 = terms.map(|(&coef, kernel)| f64::from(coef) * kernel).sum();
                Estimate {
                    target,
                    value: from_log_odds(model.intercept + sum),
                }
            })
            .collect())
    }
}

impl FeatureEstimator for FeatureRegressor {
    fn estimate(&self, descriptors: &Descriptors) -> Result<Vec<Estimate>, ModelError> {
        self.predict(&descriptors.values)
    }

    fn targets(&self) -> &[Target] {
        Self::targets(self)
    }

    fn id(&self) -> &str {
        Self::id(self)
    }
}

fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum()
}

/// Says what does not fit.
fn check(model: &RegressorModel, targets: &[Target]) -> Result<(), String> {
    model.scaler.check().map_err(|defect| defect.to_string())?;
    let n_features = model.scaler.n_features();
    if !(model.gamma.is_finite() && model.gamma > 0.0) {
        return Err(format!("gamma is {}, expected more than 0", model.gamma));
    }
    if !model.rows.len().is_multiple_of(n_features) {
        let got = model.rows.len();
        return Err(format!("{got} values, expected rows of {n_features}"));
    }
    let n_rows = model.rows.len() / n_features;
    if model.targets.len() != targets.len() {
        let (got, expected) = (model.targets.len(), targets.len());
        return Err(format!("{got} targets, the card lists {expected} measured"));
    }
    if let Some(at) = (1..targets.len()).find(|&at| targets[..at].contains(&targets[at])) {
        return Err(format!("the card lists {} twice", targets[at].name()));
    }
    for (target, part) in targets.iter().zip(&model.targets) {
        let name = target.name();
        let got = part.dual_coef.len();
        if got != n_rows {
            return Err(format!("{name}: {got} coefficients for {n_rows} rows"));
        }
        let mut coefs = part.dual_coef.iter();
        if !(part.intercept.is_finite() && coefs.all(|coef| coef.abs() <= MAX_COEF)) {
            return Err(format!("{name}: a coefficient is not finite or too large"));
        }
    }
    Ok(())
}

fn encode(model: &RegressorModel, file: &str) -> Result<Vec<u8>, ModelError> {
    postcard::to_stdvec(&(LAYOUT, model)).map_err(|error| invalid(file, error.to_string()))
}

fn invalid(file: &str, detail: String) -> ModelError {
    ModelError::Invalid {
        name: file.to_owned(),
        detail,
    }
}

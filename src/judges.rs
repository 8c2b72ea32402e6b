//! The judges, and the regressor beside them.

use serde::{Deserialize, Serialize};

#[cfg(feature = "inference")]
use crate::card::{self, EnsembleCard, NetworkCard};
#[cfg(feature = "inference")]
use crate::ensemble::Ensemble;
use crate::error::ModelError;
use crate::explain::Factor;
use crate::features::Descriptors;
use crate::mood::{Mood, MoodProbabilities};
#[cfg(feature = "inference")]
use crate::network;
use crate::network::MoodNetwork;
use crate::regressor::FeatureEstimator;
#[cfg(feature = "inference")]
use crate::regressor::{FeatureRegressor, FeaturesCard};

/// A judge that answers from musical features, and says why.
pub trait FeatureJudge: Send + Sync {
    /// Mood probabilities for the descriptors of a whole song.
    ///
    /// # Errors
    /// [`ModelError::Run`] with what went wrong.
    fn judge(&self, descriptors: &Descriptors) -> Result<MoodProbabilities, ModelError>;

    /// Distance of the song from the nearest of the songs that it remembers of its training,
    /// in standard deviations of the descriptors, summed over them as in a plane: 0 for one of
    /// those, 3 for most songs like them.
    ///
    /// # Errors
    /// [`ModelError::Run`] with what went wrong.
    fn distance(&self, descriptors: &Descriptors) -> Result<f32, ModelError>;

    /// Number of songs that it can compare with.
    fn n_background(&self) -> usize;

    /// What each factor adds to the probability of each mood (in the order of
    /// [`Mood::ALL`]) against background song number `song`, less than
    /// [`Self::n_background`]: Shapley values ([`crate::explain::shapley_values`]), the
    /// same factors in the same order for every song.
    ///
    /// # Errors
    /// [`ModelError::Run`] with what went wrong.
    fn compare(
        &self,
        descriptors: &Descriptors,
        song: usize,
    ) -> Result<Vec<(Factor, [f64; Mood::COUNT])>, ModelError>;

    /// SHA-256 of the model file, in hexadecimal.
    fn id(&self) -> &str;
}

#[cfg(feature = "inference")]
impl FeatureJudge for Ensemble {
    fn judge(&self, descriptors: &Descriptors) -> Result<MoodProbabilities, ModelError> {
        Ok(self.predict_proba(&descriptors.values)?.moods)
    }

    fn distance(&self, descriptors: &Descriptors) -> Result<f32, ModelError> {
        Ok(Self::distance(self, &descriptors.values)? as f32)
    }

    fn n_background(&self) -> usize {
        Self::n_background(self)
    }

    fn compare(
        &self,
        descriptors: &Descriptors,
        song: usize,
    ) -> Result<Vec<(Factor, [f64; Mood::COUNT])>, ModelError> {
        let grouped = Factor::players(&Descriptors::NAMES);
        let (factors, players) = grouped.ok_or_else(|| ModelError::Run {
            name: "ensemble".to_owned(),
            detail: "an input belongs to no factor".to_owned(),
        })?;
        let values = Self::compare(self, &descriptors.values, &players, song)?;
        Ok(factors.into_iter().zip(values).collect())
    }

    fn id(&self) -> &str {
        Self::id(self)
    }
}

/// SHA-256 of the model files that gave the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModelIds {
    /// Of the network.
    pub network: String,
    /// Of the ensemble.
    pub ensemble: String,
    /// Of the regressor that estimates track features.
    #[serde(default)]
    pub features: String,
}

impl ModelIds {
    /// Those that came with this program when it was built: known before any is loaded.
    #[must_use]
    pub fn bundled() -> Self {
        Self {
            network: env!("NETWORK_SHA256").to_owned(),
            ensemble: env!("ENSEMBLE_SHA256").to_owned(),
            features: env!("FEATURES_SHA256").to_owned(),
        }
    }
}

/// The judges, and the regressor beside them.
pub struct Judges {
    /// Answers from spectrograms, and knows the rule that joins both judges.
    pub network: Box<dyn MoodNetwork>,
    /// Answers from musical features.
    pub ensemble: Box<dyn FeatureJudge>,
    /// Estimates the track features that no formula gives.
    pub regressor: Box<dyn FeatureEstimator>,
}

impl Judges {
    /// Names of their files: the card, then the model, of network, ensemble and regressor.
    pub const FILES: [&str; 6] = [
        "mood.json",
        "mood.onnx",
        "ensemble.json",
        "ensemble.bin",
        "features.json",
        "features.bin",
    ];

    /// Which models these are, as a report names them.
    #[must_use]
    pub fn ids(&self) -> ModelIds {
        ModelIds {
            network: self.network.card().stamp.sha256.clone(),
            ensemble: self.ensemble.id().to_owned(),
            features: self.regressor.id().to_owned(),
        }
    }
}

#[cfg(feature = "inference")]
impl Judges {
    /// Reads the three cards (JSON) and the three model files, in the order of [`Self::FILES`],
    /// and checks all of them.
    ///
    /// # Errors
    /// [`ModelError`] with the name of the file at fault.
    pub fn from_files(files: [&[u8]; 6]) -> Result<Self, ModelError> {
        let [
            network_card,
            network,
            ensemble_card,
            ensemble,
            features_card,
            features,
        ] = files;
        let network_card: NetworkCard = card::parse(Self::FILES[0], network_card)?;
        let ensemble_card: EnsembleCard = card::parse(Self::FILES[2], ensemble_card)?;
        let features_card: FeaturesCard = card::parse(Self::FILES[4], features_card)?;
        let names = &Descriptors::NAMES;
        Ok(Self {
            network: Box::new(network::OnnxNetwork::load(network_card, network)?),
            ensemble: Box::new(Ensemble::from_bytes(ensemble, &ensemble_card, names)?),
            regressor: Box::new(FeatureRegressor::from_bytes(
                features,
                &features_card,
                names,
            )?),
        })
    }
}

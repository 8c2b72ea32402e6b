//! The judges, the rule that joins them, and the regressor beside them.

use serde::{Deserialize, Serialize};

use crate::card::VerdictRule;
#[cfg(feature = "inference")]
use crate::card::{self, EnsembleCard, NetworkCard, TaggerCard};
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
use crate::tagger::MoodTagger;
#[cfg(feature = "inference")]
use crate::tagger::OnnxTagger;

/// A judge that answers from musical features, and says why.
pub trait FeatureJudge {
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
    /// Of the tagger, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tagger: Option<String>,
    /// A tagger in whose place that one stands, and whose verdicts are as good.
    #[serde(skip)]
    pub larger: Option<String>,
}

impl ModelIds {
    /// Whether a verdict of these models is as good as one of `others`: the same models
    /// gave it, or one more, or a larger one.
    #[must_use]
    pub fn cover(&self, others: &Self) -> bool {
        let small = |ids: &Self| [&ids.network, &ids.ensemble, &ids.features].map(Clone::clone);
        let tagger = self.tagger.is_some() && self.tagger == others.larger
            || others.tagger.is_none()
            || self.tagger == others.tagger;
        tagger && small(self) == small(others)
    }
}

/// The judges, the rule that joins them, and the regressor beside them.
pub struct Judges {
    /// Answers from the spectrogram.
    pub network: Box<dyn MoodNetwork>,
    /// Answers from musical features.
    pub ensemble: Box<dyn FeatureJudge>,
    /// Joins the two.
    pub rule: VerdictRule,
    /// The third judge, where it is wanted: the large one, or the small one.
    pub tagger: Option<Tagger>,
    /// Estimates the track features that no formula gives.
    pub regressor: Box<dyn FeatureEstimator>,
}

/// The third judge.
pub struct Tagger {
    /// Answers from windows of 10 s.
    pub judge: Box<dyn MoodTagger>,
    /// Joins it with the two others, in place of [`Judges::rule`].
    pub rule: VerdictRule,
}

#[cfg(feature = "inference")]
impl Tagger {
    /// Reads the card (JSON, of that name) and the model file, and checks both.
    ///
    /// # Errors
    /// [`ModelError`] with the name of the file at fault.
    pub fn from_files(name: &str, card: &[u8], model: &[u8]) -> Result<Self, ModelError> {
        let card: TaggerCard = card::parse(name, card)?;
        let rule = card.verdict;
        Ok(Self {
            judge: Box::new(OnnxTagger::load(card, model)?),
            rule,
        })
    }
}

impl Judges {
    /// How the judges that are there are joined.
    #[must_use]
    pub fn rule(&self) -> VerdictRule {
        self.tagger.as_ref().map_or(self.rule, |tagger| tagger.rule)
    }

    /// Which models these are, as a report names them.
    #[must_use]
    pub fn ids(&self) -> ModelIds {
        ModelIds {
            network: self.network.id().to_owned(),
            ensemble: self.ensemble.id().to_owned(),
            features: self.regressor.id().to_owned(),
            tagger: self
                .tagger
                .as_ref()
                .map(|tagger| tagger.judge.id().to_owned()),
            larger: None,
        }
    }
}

#[cfg(feature = "inference")]
impl Judges {
    /// Reads the three cards (JSON) and the three model files, and checks all of them; there
    /// is no third judge yet.
    ///
    /// # Errors
    /// [`ModelError`] with the name of the file at fault.
    pub fn from_files(
        network_card: &[u8],
        network: &[u8],
        ensemble_card: &[u8],
        ensemble: &[u8],
        features_card: &[u8],
        features: &[u8],
    ) -> Result<Self, ModelError> {
        let network_card: NetworkCard = card::parse("mood.json", network_card)?;
        let ensemble_card: EnsembleCard = card::parse("ensemble.json", ensemble_card)?;
        let features_card: FeaturesCard = card::parse("features.json", features_card)?;
        let rule = ensemble_card.verdict;
        let names = &Descriptors::NAMES;
        Ok(Self {
            network: Box::new(network::OnnxNetwork::load(network_card, network)?),
            ensemble: Box::new(Ensemble::from_bytes(ensemble, &ensemble_card, names)?),
            rule,
            tagger: None,
            regressor: Box::new(FeatureRegressor::from_bytes(
                features,
                &features_card,
                names,
            )?),
        })
    }
}

//! Estimates of the track features that no formula gives (energy, acousticness, …),
//! learnt from another model's scores of open music.
//!
//! All targets share one kernel ridge regression over the standardised descriptors
//! (scikit-learn's `KernelRidge(kernel="rbf")` with several targets, on the log-odds of
//! the scores). It was chosen over ridge, support vector regression and a random forest:
//! the best fit on held-out groups and, unlike a forest, no jumps where the input moves
//! a little.

mod card;
#[cfg(feature = "inference")]
mod kernel_ridge;
mod target;

use crate::error::ModelError;
use crate::features::{Descriptors, TrackFeatures};

pub use card::{FeaturesCard, Fit, Rival, TargetCard};
#[cfg(feature = "inference")]
pub use kernel_ridge::{
    FeatureRegressor, MAX_BYTES, RegressorModel, TargetModel, from_log_odds, to_log_odds,
};
pub use target::Target;

/// One estimated track feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Which feature.
    pub target: Target,
    /// Its value, in [0, 1].
    pub value: f64,
}

/// Estimates track features from a song's descriptors.
pub trait FeatureEstimator: Send + Sync {
    /// One estimate for each measured target, in the order of the model's card.
    ///
    /// # Errors
    /// [`ModelError::Run`] with what went wrong.
    fn estimate(&self, descriptors: &Descriptors) -> Result<Vec<Estimate>, ModelError>;

    /// The targets that it estimates, in the order of its answers.
    fn targets(&self) -> &[Target];

    /// SHA-256 of the model file, in hexadecimal.
    fn id(&self) -> &str;
}

/// Puts the estimates into `features`, in place of what a formula gave: a target that a
/// formula gives as well is only learnt where the estimate is the better one.
pub fn fill(features: &mut TrackFeatures, estimates: &[Estimate]) {
    for estimate in estimates {
        *estimate.target.slot(features) = Some(estimate.value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_take_the_place_of_formulas() {
        let mut features = TrackFeatures {
            danceability: Some(0.25),
            ..TrackFeatures::default()
        };
        let energy = Estimate {
            target: Target::Energy,
            value: 0.75,
        };
        fill(&mut features, &[energy]);
        assert_eq!(features.danceability, Some(0.25));
        assert_eq!(features.energy, Some(0.75));
        assert_eq!(features.valence, None);
        let danceability = Estimate {
            target: Target::Danceability,
            value: 0.5,
        };
        fill(&mut features, &[danceability]);
        assert_eq!(features.danceability, Some(0.5));
    }
}

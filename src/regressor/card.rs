//! `features.json`, the card of `features.bin`.

use serde::{Deserialize, Serialize};

use super::Target;
use crate::card::{About, FileStamp};

/// What is known of the regressor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeaturesCard {
    /// What must match before the file is run.
    #[serde(flatten)]
    pub stamp: FileStamp,
    /// Names of the inputs, in order; see [`crate::features::Descriptors::NAMES`].
    pub inputs: Vec<String>,
    /// Every target that there were scores of; the file holds the measured ones, in
    /// this order.
    pub targets: Vec<TargetCard>,
    /// What a reader should know.
    pub about: About,
}

impl FeaturesCard {
    /// The targets that are estimated, in the order of the file.
    pub fn measured(&self) -> impl Iterator<Item = Target> {
        let measured = self.targets.iter().filter(|target| target.measured);
        measured.map(|target| target.name)
    }

    /// Mean absolute error of that feature's estimates, on held-out songs where there
    /// were any; `None` where it is not estimated.
    #[must_use]
    pub fn error_of(&self, name: &str) -> Option<f64> {
        let mut measured = self.targets.iter().filter(|target| target.measured);
        let target = measured.find(|target| target.name.name() == name)?;
        Some(target.held_out.unwrap_or(target.fit).mae)
    }
}

/// How well one target is estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetCard {
    /// Which feature.
    pub name: Target,
    /// Whether it is estimated at all: only where the lower end of `fit`'s interval of
    /// R² is above 0 and no `rival` does better.
    pub measured: bool,
    /// On the songs it was fitted on, each estimated by a fit without its group.
    pub fit: Fit,
    /// On songs of groups that had no part in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_out: Option<Fit>,
    /// What a single descriptor reaches on the same folds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rival: Option<Rival>,
}

/// Agreement with the scores.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Fit {
    /// Number of songs.
    pub n: usize,
    /// Number of groups (artists or pieces) that they come from.
    pub groups: usize,
    /// Coefficient of determination; 0 is what the mean score reaches.
    pub r2: f64,
    /// 95 % interval of `r2`, by bootstrap over groups.
    pub r2_interval: [f64; 2],
    /// Spearman's rank correlation, in [-1, 1].
    pub spearman: f64,
    /// Mean absolute error, in [0, 1].
    pub mae: f64,
}

/// One descriptor, brought to the scores by a straight line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// Name of the descriptor.
    pub descriptor: String,
    /// Its coefficient of determination over the same folds.
    pub r2: f64,
}

//! The regressor's card.

use std::fs;
use std::path::Path;

use undertone::card::{self, About, FileStamp, LabelSpace};
use undertone::ensemble::scaler::StandardScaler;
use undertone::features::Descriptors;
use undertone::regressor::{FeatureRegressor, FeaturesCard, RegressorModel};

use super::store::{Summary, Trained};
use collections::models::{FEATURES, FEATURES_CARD};

/// Licence of the weights, that of the other files beside them.
const LICENCE: &str = "CC BY-NC-SA 4.0 (as all weights of Undertone)";

/// What the figures do not show.
const LIMITS: [&str; 2] = [
    "The scores are another program's estimates, not listeners' ratings: its errors are \
     learnt with them, and agreement with it is all that the figures measure.",
    "Each figure is of songs of other groups than those fitted on, but kernel and penalty \
     were chosen on the same folds; held-out figures are of songs without any part in it.",
];

/// The card of a fitted regressor.
pub fn features_card(trained: &Trained) -> FeaturesCard {
    let mut summary = trained.summary.clone();
    let general = LIMITS.map(str::to_owned);
    summary.limits.splice(0..0, general);
    let title = "Kernel ridge regression of track features over musical features";
    card(&trained.bytes, title, summary)
}

/// The card of a regressor that estimates nothing.
pub fn empty_card(bytes: &[u8]) -> FeaturesCard {
    let summary = Summary {
        made_by: "trainer export".to_owned(),
        inputs: Descriptors::NAMES.map(str::to_owned).to_vec(),
        targets: Vec::new(),
        data: Vec::new(),
        limits: Vec::new(),
    };
    card(bytes, "No regressor of track features was fitted", summary)
}

fn card(bytes: &[u8], title: &str, summary: Summary) -> FeaturesCard {
    FeaturesCard {
        stamp: FileStamp::of(FEATURES, bytes),
        inputs: summary.inputs,
        targets: summary.targets,
        about: About {
            title: title.to_owned(),
            licence: LICENCE.to_owned(),
            label_space: LabelSpace::TeacherScores,
            data: summary.data,
            metrics: Vec::new(),
            limits: summary.limits,
            made_by: summary.made_by,
        },
    }
}

/// Whether the folder holds a regressor that this version can read.
pub fn can_stay(models: &Path) -> bool {
    let read = |name: &str| fs::read(models.join(name)).ok();
    let (Some(json), Some(bytes)) = (read(FEATURES_CARD), read(FEATURES)) else {
        return false;
    };
    let card = card::parse::<FeaturesCard>(FEATURES_CARD, &json);
    card.is_ok_and(|card| FeatureRegressor::from_bytes(&bytes, &card, &Descriptors::NAMES).is_ok())
}

/// A regressor without targets.
pub fn empty_model() -> RegressorModel {
    RegressorModel {
        scaler: StandardScaler {
            mean: vec![0.0; Descriptors::NAMES.len()],
            scale: vec![1.0; Descriptors::NAMES.len()],
        },
        gamma: 1.0,
        rows: Vec::new(),
        targets: Vec::new(),
    }
}

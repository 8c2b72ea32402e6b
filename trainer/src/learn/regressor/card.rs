//! The regressor's card.

use std::fs;
use std::path::Path;

use undertone::card::{self, About, FileStamp, LabelSpace};
use undertone::ensemble::scaler::StandardScaler;
use undertone::features::Descriptors;
use undertone::regressor::{FeatureRegressor, FeaturesCard, RegressorModel};

use super::store::Trained;
use super::{CARD, FILE};

/// Licence of the weights, that of the other files beside them.
const LICENCE: &str = "CC BY-NC-SA 4.0 (as all weights of Undertone)";

/// The card of a fitted regressor.
pub fn features_card(trained: &Trained) -> FeaturesCard {
    let summary = &trained.summary;
    FeaturesCard {
        stamp: FileStamp::of(FILE, &trained.bytes),
        inputs: summary.inputs.clone(),
        targets: summary.targets.clone(),
        about: About {
            title: "Kernel ridge regression of track features over musical features".to_owned(),
            licence: LICENCE.to_owned(),
            label_space: LabelSpace::TeacherScores,
            data: summary.data.clone(),
            metrics: Vec::new(),
            limits: limits(&summary.limits),
            made_by: summary.made_by.clone(),
        },
    }
}

/// The card of a regressor that estimates nothing.
pub fn empty_card(bytes: &[u8]) -> FeaturesCard {
    FeaturesCard {
        stamp: FileStamp::of(FILE, bytes),
        inputs: Descriptors::NAMES.map(str::to_owned).to_vec(),
        targets: Vec::new(),
        about: About {
            title: "No regressor of track features was fitted".to_owned(),
            licence: LICENCE.to_owned(),
            label_space: LabelSpace::TeacherScores,
            data: Vec::new(),
            metrics: Vec::new(),
            limits: Vec::new(),
            made_by: "trainer export".to_owned(),
        },
    }
}

/// Whether the folder holds a regressor that this version can read.
pub fn can_stay(models: &Path) -> bool {
    let read = |name: &str| fs::read(models.join(name)).ok();
    let (Some(json), Some(bytes)) = (read(CARD), read(FILE)) else {
        return false;
    };
    let card = card::parse::<FeaturesCard>(CARD, &json);
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

/// What the figures do not show, and what is known of the music.
fn limits(of_the_music: &[String]) -> Vec<String> {
    let general = [
        "The scores are another program's estimates, not listeners' ratings: its errors are \
         learnt with them, and agreement with it is all that the figures measure.",
        "Each figure is of songs of other groups than those fitted on, but kernel and penalty \
         were chosen on the same folds; held-out figures are of songs without any part in it.",
    ];
    let general = general.into_iter().map(str::to_owned);
    general.chain(of_the_music.iter().cloned()).collect()
}

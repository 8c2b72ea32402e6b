//! Writes the trained judges and their cards where the page finds them.

use std::path::Path;

use anyhow::{Result, anyhow};
use serde::Serialize;
use undertone::card::{About, EnsembleCard, FileStamp, FrontEnd, LabelSpace, NetworkCard};
use undertone::features::Descriptors;
use undertone::regressor::{FeatureRegressor, FeaturesCard};

use super::judged::{JOINED, Judged};
use super::train;
use crate::learn::classic;
use crate::learn::regressor;
use crate::learn::trained::Trained;
use crate::songs::song::Song;
use crate::songs::table::with_moods;
use collections::console::Hint;
use collections::files;
use collections::models::{ENSEMBLE_CARD, FEATURES, FEATURES_CARD, NETWORK, NETWORK_CARD};

/// Licence of weights that were trained on EMOPIA, which asks for the same.
const LICENCE: &str = "CC BY-NC-SA 4.0 (from the EMOPIA labels); for use that is not commercial";
/// Most windows of one song that the network is asked about: they take the time that a visitor
/// waits for a song of 4 minutes.
const MOST_WINDOWS: u32 = 8;
/// What the network is.
const NETWORK_TITLE: &str = "Convolution and transformer layers of CED-tiny, bidirectional LSTM \
    and dense layer";
/// Licence of the network, most of which is CED-tiny.
const NETWORK_LICENCE: &str = "CED-tiny: Apache-2.0; the last layers: CC BY-NC-SA 4.0 (from the \
    EMOPIA labels); for use that is not commercial";

/// Writes `mood.onnx`, `ensemble.bin`, `features.bin` and their cards into `models`.
///
/// # Errors
/// Where a judge is not trained yet, was not cross-validated, or the folder can't be written.
pub fn run(work: &Path, songs: &[Song], judged: &Judged, models: &Path) -> Result<()> {
    let features = features(work, models)?;
    let moods = with_moods(songs)?;
    let label_space = moods
        .first()
        .map_or_else(LabelSpace::default, |song| song.label_space);
    let about = |system: &str, title: &str, licence: &str, trained: &Trained| About {
        title: title.to_owned(),
        licence: licence.to_owned(),
        label_space,
        data: trained.summary.data.clone(),
        metrics: metrics(judged, system),
        limits: limits(&judged.known_failures),
        made_by: trained.summary.made_by.clone(),
    };
    let trained = train::trained_network(work)?;
    let card = NetworkCard {
        stamp: FileStamp::of(NETWORK, &trained.bytes),
        front_end: FrontEnd::current(),
        most_windows: Some(MOST_WINDOWS),
        temperature: judged.temperature.value,
        verdict: judged.rule.rule,
        parameters: trained.summary.parameters,
        about: about(JOINED, NETWORK_TITLE, NETWORK_LICENCE, &trained),
    };
    files::write(&models.join(NETWORK), &trained.bytes)?;
    write_card(&models.join(NETWORK_CARD), &card)?;
    let trained = train::trained_ensemble(work)?;
    let title =
        "Stack of support vector machine, decision tree and random forest over musical features";
    let card = EnsembleCard {
        stamp: FileStamp::of(classic::FILE, &trained.bytes),
        inputs: Descriptors::NAMES.map(str::to_owned).to_vec(),
        about: about("ensemble", title, LICENCE, &trained),
    };
    files::write(&models.join(classic::FILE), &trained.bytes)?;
    write_card(&models.join(ENSEMBLE_CARD), &card)?;
    if let Some(features) = features {
        write_features(models, &features)?;
    }
    note!("written to {}", models.display());
    Ok(())
}

/// Writes `features.bin` and its card alone into `models`.
///
/// # Errors
/// Where no regressor was fitted, or the folder can't be written.
pub fn regressor(work: &Path, models: &Path) -> Result<()> {
    let trained = regressor::load(work)?
        .ok_or_else(|| anyhow!("there is no regressor in {}", work.display()))
        .hint("fit it with `trainer train features`")?;
    let card = regressor::features_card(&trained);
    write_features(models, &(trained.bytes, card))?;
    note!("written to {}", models.display());
    Ok(())
}

fn write_features(models: &Path, (bytes, card): &(Vec<u8>, FeaturesCard)) -> Result<()> {
    files::write(&models.join(FEATURES), bytes)?;
    write_card(&models.join(FEATURES_CARD), card)
}

/// The regressor to write: the fitted one; none where there is none and the folder has
/// one that can stay; else one that estimates nothing.
fn features(work: &Path, models: &Path) -> Result<Option<(Vec<u8>, FeaturesCard)>> {
    if let Some(trained) = regressor::load(work)? {
        let card = regressor::features_card(&trained);
        return Ok(Some((trained.bytes, card)));
    }
    if regressor::can_stay(models) {
        note!("no regressor of track features was fitted: the bundled one stays");
        return Ok(None);
    }
    note!("no regressor of track features was fitted: none will be estimated");
    let bytes =
        FeatureRegressor::new(regressor::empty_model(), Vec::new(), FEATURES)?.to_bytes()?;
    let card = regressor::empty_card(&bytes);
    Ok(Some((bytes, card)))
}

/// The system's figures on every slice of the songs, each asked by judges that were fitted
/// without it.
fn metrics(judged: &Judged, system: &str) -> Vec<undertone::card::Metric> {
    let slices = &judged.comparison.slices;
    slices
        .iter()
        .flat_map(|slice| slice.systems.iter().map(move |s| (&slice.name, s)))
        .filter(|(_, (name, _))| name == system)
        .map(|(slice, (_, scores))| {
            let mut metric = scores.to_metric();
            metric.split = format!("folds/{slice}");
            metric
        })
        .collect()
}

/// What the figures do not show.
fn limits(known_failures: &str) -> Vec<String> {
    let failures =
        format!("Known failures, the songs that the page was most wrong about: {known_failures}.");
    let limits = [
        "Measured over folds that keep artists together, by judges that were fitted without the \
         song; the temperature, the blend and the threshold of \"unsure\" were fitted on the same \
         answers. Expect less on music unlike the training songs.",
        "The moods were learnt from 30-second clips of commercial songs, synthesised pop piano, \
         and full mixes that are mostly one composer's catalogue and game music. Classical \
         orchestras, folk music of the world and children's songs were hardly heard.",
        "Labels of game music say when a game plays a track, not how listeners hear it.",
        "The four moods are quadrants of perceived emotion: angry, tense and driving music \
         are all \"energetic\".",
    ];
    let limits = limits.map(str::to_owned).into_iter();
    limits.chain([failures]).collect()
}

fn write_card(path: &Path, card: &impl Serialize) -> Result<()> {
    let mut json = serde_json::to_vec_pretty(card)?;
    json.push(b'\n');
    files::write(path, &json)
}

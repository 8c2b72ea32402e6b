//! Writes the trained judges and their cards where the page finds them.

use std::path::Path;

use anyhow::{Result, anyhow};
use serde::Serialize;
use undertone::card::{About, LabelSpace, sha256_hex};
use undertone::regressor::{FeatureRegressor, FeaturesCard};

use crate::console::{self, Hint};
use crate::files;
use crate::judges::judged::{Judged, ensemble_card, network_card};
use crate::learn::classic;
use crate::learn::models::{ENSEMBLE_CARD, FEATURES, FEATURES_CARD, NETWORK, NETWORK_CARD};
use crate::learn::regressor;
use crate::learn::tagger::{self, Size};
use crate::learn::trained::Trained;
use crate::measured::cache;
use crate::songs::song::Song;
use crate::songs::table::with_moods;

/// Licence of weights that were trained on EMOPIA, which asks for the same.
const LICENCE: &str = "CC BY-NC-SA 4.0 (from the EMOPIA labels); for use that is not commercial";

/// Licence of the tagger, most of which is CED-tiny.
const TAGGER_LICENCE: &str =
    "CED-tiny: Apache-2.0; the last layer: CC BY-NC-SA 4.0 (from the EMOPIA labels)";

/// Writes `mood.onnx`, `ensemble.bin`, `features.bin`, the two taggers where they were trained,
/// and their cards into `models`.
///
/// # Errors
/// Where a judge is not trained yet, or the folder can't be written.
pub fn run(work: &Path, songs: &[Song], models: &Path) -> Result<()> {
    let examples = cache::load(work, songs)?;
    let judged = Judged::run(work, &examples)?;
    let features = features(work, models)?;
    let moods = with_moods(songs)?;
    let label_space = moods
        .first()
        .map_or_else(LabelSpace::default, |song| song.label_space);
    let about = |system: &str, title: &str, trained: &Trained| About {
        title: title.to_owned(),
        licence: LICENCE.to_owned(),
        label_space,
        data: trained.summary.data.clone(),
        metrics: metrics(&judged, system),
        limits: limits(&judged.known_failures),
        made_by: trained.summary.made_by.clone(),
    };
    let network = network_card(
        &judged.network,
        judged.temperature.value,
        about(
            "network",
            "Convolution + bidirectional LSTM network over the log-mel spectrogram",
            &judged.network,
        ),
    );
    let ensemble = ensemble_card(
        &judged.ensemble,
        judged.rule.rule,
        about(
            "ensemble",
            "Stack of support vector machine, decision tree and random forest over musical features",
            &judged.ensemble,
        ),
    );
    files::write(&models.join(NETWORK), &judged.network.bytes)?;
    write_card(&models.join(NETWORK_CARD), &network)?;
    files::write(&models.join(classic::FILE), &judged.ensemble.bytes)?;
    write_card(&models.join(ENSEMBLE_CARD), &ensemble)?;
    for (size, tagger) in judged.taggers() {
        let Some(tagger) = tagger else {
            console::note(&format!(
                "no {} was trained: where there is one it stays, with a rule that was fitted \
                 for other judges",
                size.name()
            ));
            continue;
        };
        let bytes = &tagger.trained.bytes;
        let about = About {
            licence: TAGGER_LICENCE.to_owned(),
            ..about(size.name(), size.title(), &tagger.trained)
        };
        let rule = tagger.rule.rule;
        let mut card = tagger::card(size, bytes, tagger.temperature.value, rule, about);
        if size == Size::Small {
            let large = judged.large.as_ref();
            card.larger = large.map(|large| sha256_hex(&large.trained.bytes));
        }
        files::write(&models.join(size.file()), bytes)?;
        write_card(&models.join(size.card_file()), &card)?;
    }
    if let Some(features) = features {
        write_features(models, &features)?;
    }
    console::note(&format!("written to {}", models.display()));
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
    console::note(&format!("written to {}", models.display()));
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
        console::note("no regressor of track features was fitted: the bundled one stays");
        return Ok(None);
    }
    console::note("no regressor of track features was fitted: none will be estimated");
    let bytes =
        FeatureRegressor::new(regressor::empty_model(), Vec::new(), FEATURES)?.to_bytes()?;
    let card = regressor::empty_card(&bytes);
    Ok(Some((bytes, card)))
}

/// The system's figures on every slice of the validation songs.
fn metrics(judged: &Judged, system: &str) -> Vec<undertone::card::Metric> {
    let slices = &judged.comparison.slices;
    slices
        .iter()
        .flat_map(|slice| slice.systems.iter().map(move |s| (&slice.name, s)))
        .filter(|(_, (name, _))| name == system)
        .map(|(slice, (_, scores))| {
            let mut metric = scores.to_metric();
            metric.split = format!("validation/{slice}");
            metric
        })
        .collect()
}

/// What the figures do not show.
fn limits(known_failures: &str) -> Vec<String> {
    let failures = format!(
        "Known failures, the validation songs that the judges together were most wrong about: \
         {known_failures}. Quick game music that is meant to be peaceful, and slow, sparse piano \
         that listeners call angry, are the styles behind most of them."
    );
    let limits = [
        "Measured on the validation songs that the temperature, the blend and the threshold of \
         \"unsure\" were chosen on (and, for the network, the epoch): expect less on other music.",
        "The network heard synthesised pop piano, and full mixes that are mostly one composer's \
         catalogue and game music; the other judges learnt from 30-second clips of commercial \
         songs, too. Classical orchestras, folk music of the world and children's songs were \
         hardly heard in training.",
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

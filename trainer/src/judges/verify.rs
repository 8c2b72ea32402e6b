//! `trainer verify`: are the exported models what their cards say, and do they still
//! answer as they did?

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use itertools::Itertools;
use serde::{Deserialize, Serialize};
use undertone::card::{EnsembleCard, NetworkCard, parse};
use undertone::features::TrackFeatures;
use undertone::regressor::{FeaturesCard, Target};
use undertone::report::ModelIds;
use undertone::{Judges, MoodProbabilities};

use collections::console::{self, Hint};
use collections::files;
use collections::models::{ENSEMBLE_CARD, FEATURES_CARD, ModelFiles, NETWORK_CARD};
use collections::predict;
use collections::results::Shard;

/// Greatest accepted difference of a probability. Other processors order the sums of
/// a convolution in another way; that moves a probability by about 1e-6, and decoders
/// of lossy files by about 1e-4.
const TOLERANCE: f32 = 1e-3;

/// Stored answers of the judges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Golden {
    /// The models that gave them.
    models: ModelIds,
    /// One entry a sample song, by name.
    songs: Vec<GoldenSong>,
}

/// Stored answers to one song.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct GoldenSong {
    /// File name in the folder of samples.
    file: String,
    network: MoodProbabilities,
    ensemble: MoodProbabilities,
    /// The estimated track features.
    estimates: BTreeMap<Target, f64>,
}

/// Checks cards, sizes, hashes and front end of the models, runs them on the sample
/// songs, and compares with (or, with `update`, writes) the golden answers.
///
/// # Errors
/// When anything differs; the message names the file.
pub fn run(models: &Path, golden: &Path, samples: &Path, update: bool) -> Result<()> {
    let files = ModelFiles::read(models)?;
    check_cards(&files).hint("write the models again with `trainer export`")?;
    let judges = files.judges()?;
    let answers = answer_all(samples, &judges)?;
    if update {
        files::write_whole(golden, |out| {
            serde_json::to_writer_pretty(&mut *out, &answers)?;
            Ok(out.write_all(b"\n")?)
        })?;
        note!("wrote {}", golden.display());
        return Ok(());
    }
    let text = std::fs::read(golden)
        .with_context(|| format!("the golden file {} can't be read", golden.display()))
        .hint("write it with --update")?;
    let expected: Golden = serde_json::from_slice(&text)
        .with_context(|| format!("the golden file {} is damaged", golden.display()))?;
    let worst = compare(&answers, &expected)
        .with_context(|| format!("the models do not answer as in {}", golden.display()))
        .hint("if the change is meant, write the answers again with --update")?;
    console::data(&format!(
        "golden        ok  {} songs, greatest difference {worst:.1e} (at most {TOLERANCE:.0e})\n",
        answers.songs.len()
    ))
}

/// Compares all model files and the front end with the cards.
fn check_cards(files: &ModelFiles) -> Result<()> {
    let [
        network_card,
        network_bytes,
        ensemble_card,
        ensemble_bytes,
        features_card,
        features_bytes,
    ] = &files.0;
    let network: NetworkCard = parse(NETWORK_CARD, network_card)?;
    network.stamp.verify(network_bytes)?;
    network.front_end.check(&network.stamp.file)?;
    let ensemble: EnsembleCard = parse(ENSEMBLE_CARD, ensemble_card)?;
    ensemble.stamp.verify(ensemble_bytes)?;
    let features: FeaturesCard = parse(FEATURES_CARD, features_card)?;
    features.stamp.verify(features_bytes)?;
    for stamp in [&network.stamp, &ensemble.stamp, &features.stamp] {
        console::data(&format!(
            "{:<13} ok  {} bytes, sha256 {}\n",
            stamp.file, stamp.bytes, stamp.sha256
        ))?;
    }
    console::data("front end     ok\n")
}

/// What judges and regressor say of every sample song.
fn answer_all(samples: &Path, judges: &Judges) -> Result<Golden> {
    let songs = predict::find(&[samples.to_owned()], Shard::ALL)?
        .into_iter()
        .map(|path| {
            let path = &path.map_err(|bad| anyhow!("{} can't be read", bad.entry.file))?;
            let targets = judges.regressor.targets();
            let report = predict::judge_file(path, judges)
                .with_context(|| format!("the sample {} can't be judged", path.display()))?;
            let name = path.strip_prefix(samples).unwrap_or(path);
            Ok(GoldenSong {
                file: name.to_string_lossy().replace('\\', "/"),
                network: report.judges.network.moods,
                ensemble: report.judges.ensemble.moods,
                estimates: estimates(&report.features, targets),
            })
        })
        .collect::<Result<_>>()?;
    Ok(Golden {
        models: judges.ids(),
        songs,
    })
}

/// The greatest difference, which must be within [`TOLERANCE`].
fn compare(answers: &Golden, expected: &Golden) -> Result<f32> {
    if answers.models != expected.models {
        bail!("the stored answers are of other models");
    }
    let [got, stored] = [answers, expected].map(|of| of.songs.iter().map(|s| &s.file).join(", "));
    if got != stored {
        bail!("the samples are {got}, the stored answers are of {stored}");
    }
    let mut worst = 0.0_f32;
    for (answer, stored) in answers.songs.iter().zip(&expected.songs) {
        let judges = [
            ("network", answer.network, stored.network),
            ("ensemble", answer.ensemble, stored.ensemble),
        ];
        for (judge, got, stored) in judges {
            let difference = greatest_difference(got, stored);
            if difference.is_nan() || difference > TOLERANCE {
                let [got, stored] = [got, stored].map(MoodProbabilities::to_array);
                bail!(
                    "{}: the {judge} says {got:?}, stored is {stored:?}",
                    answer.file
                );
            }
            worst = worst.max(difference);
        }
        let change = greatest_change(&answer.estimates, &stored.estimates);
        if change > TOLERANCE {
            let (file, got, stored) = (&answer.file, &answer.estimates, &stored.estimates);
            bail!("{file}: the estimates are {got:?}, stored is {stored:?}");
        }
        worst = worst.max(change);
    }
    Ok(worst)
}

/// The features that the regressor estimates.
fn estimates(features: &TrackFeatures, targets: &[Target]) -> BTreeMap<Target, f64> {
    let values = TrackFeatures::NAMES.into_iter().zip(features.to_array());
    values
        .filter_map(|(name, value)| Some((Target::from_name(name)?, value?)))
        .filter(|(target, _)| targets.contains(target))
        .collect()
}

/// The greatest difference of two songs' estimates; infinite where they are of other
/// targets.
fn greatest_change(a: &BTreeMap<Target, f64>, b: &BTreeMap<Target, f64>) -> f32 {
    if !a.keys().eq(b.keys()) {
        return f32::INFINITY;
    }
    let differences = a.values().zip(b.values()).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, f64::max) as f32
}

/// NaN if any difference is, which `f32::max` would hide.
fn greatest_difference(a: MoodProbabilities, b: MoodProbabilities) -> f32 {
    let mut differences = a.to_array().into_iter().zip(b.to_array());
    differences
        .try_fold(0.0_f32, |worst, (a, b)| {
            let difference = (a - b).abs();
            (!difference.is_nan()).then(|| worst.max(difference))
        })
        .unwrap_or(f32::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden(sad: f32) -> Golden {
        let network = MoodProbabilities {
            sad,
            ..MoodProbabilities::UNIFORM
        };
        Golden {
            models: ModelIds::default(),
            songs: vec![GoldenSong {
                file: "a.ogg".to_owned(),
                network,
                ensemble: MoodProbabilities::UNIFORM,
                estimates: BTreeMap::new(),
            }],
        }
    }

    #[test]
    fn small_differences_pass_and_large_ones_name_the_song() {
        assert!(compare(&golden(0.2505), &golden(0.25)).unwrap() > 0.0);
        let error = compare(&golden(0.26), &golden(0.25)).unwrap_err();
        assert!(error.to_string().contains("a.ogg: the network"), "{error}");
        assert!(compare(&golden(f32::NAN), &golden(0.25)).is_err());
    }

    #[test]
    fn answers_of_other_models_or_songs_are_refused() {
        let mut other = golden(0.25);
        other.models.network = "abc".to_owned();
        assert!(compare(&golden(0.25), &other).is_err());
        let mut fewer = golden(0.25);
        fewer.songs.clear();
        assert!(compare(&golden(0.25), &fewer).is_err());
    }
}

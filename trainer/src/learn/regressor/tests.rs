//! The regressor against scikit-learn's figures (`trainer/tests/data/make_references.py`
//! makes them), and that no estimate comes from a fit that knew the song.

use std::path::PathBuf;

use anyhow::Result;
use serde::Deserialize;
use undertone::card::DataSource;
use undertone::features::Descriptors;
use undertone::regressor::{FeatureRegressor, Target};

use super::estimates::Estimator;
use super::fit::fit;
use super::kernel_ridge::KernelRidge;
use super::rivals::Against;
use super::songs::{Song, Songs};
use super::store::Trained;
use super::train::{Options, fit_songs};
use crate::measured::cache;
use crate::measured::example::Split;

#[test]
fn coefficients_are_those_of_scikit_learn() -> Result<()> {
    #[derive(Deserialize)]
    struct Reference {
        alpha: f64,
        width: f64,
        x: Vec<Vec<f64>>,
        scores: Vec<Vec<f64>>,
        mean: Vec<f64>,
        gamma: f64,
        rows: Vec<i16>,
        intercept: Vec<f64>,
        dual_coef: Vec<Vec<f64>>,
        probe: Vec<Vec<f64>>,
        predict: Vec<Vec<f64>>,
    }
    let text = include_str!("../../../../tests/data/regressor/kernel_ridge.json");
    let expected: Reference = serde_json::from_str(text)?;
    let settings = KernelRidge {
        alpha: expected.alpha,
        gamma: expected.width,
    };
    let model = settings.fit(&expected.x, &expected.scores)?;
    let near = |a: f64, b: f64, bound: f64| assert!((a - b).abs() <= bound, "{a} {b}");
    near(model.gamma, expected.gamma, 1e-15);
    assert_eq!(model.rows, expected.rows);
    for (mean, expected) in model.scaler.mean.iter().zip(&expected.mean) {
        near(*mean, *expected, 1e-9);
    }
    for (at, target) in model.targets.iter().enumerate() {
        near(target.intercept, expected.intercept[at], 1e-12);
        for (coef, expected) in target.dual_coef.iter().zip(&expected.dual_coef[at]) {
            // Stored as f32.
            near(f64::from(*coef), *expected, 2e-6);
        }
    }
    let regressor = FeatureRegressor::new(model, vec![Target::Energy, Target::Valence], "f")?;
    for (row, expected) in expected.probe.iter().zip(&expected.predict) {
        for (estimate, expected) in regressor.predict(row)?.iter().zip(expected) {
            near(estimate.value, *expected, 1e-5);
        }
    }
    Ok(())
}

#[test]
fn figures_are_those_of_scikit_learn_and_scipy() -> Result<()> {
    #[derive(Deserialize)]
    struct Reference {
        scores: Vec<f64>,
        estimates: Vec<f64>,
        r2: f64,
        spearman: f64,
        mae: f64,
    }
    let text = include_str!("../../../tests/data/agreement.json");
    let expected: Reference = serde_json::from_str(text)?;
    let groups: Vec<usize> = (0..expected.scores.len()).map(|song| song / 4).collect();
    let got = fit(&expected.scores, &expected.estimates, &groups);
    assert_eq!((got.n, got.groups), (40, 10));
    let pairs = [
        (got.r2, expected.r2),
        (got.spearman, expected.spearman),
        (got.mae, expected.mae),
    ];
    for (got, expected) in pairs {
        assert!((got - expected).abs() < 1e-12, "{got} {expected}");
    }
    assert!(got.r2_interval[0] < got.r2 && got.r2 < got.r2_interval[1]);
    Ok(())
}

/// Numbers from 0 to 1 that look random.
fn draw(seed: usize) -> f64 {
    let bits = collections::files::sha256_of_parts(&[&seed.to_string()]);
    let head = u32::from_str_radix(&bits[..8], 16).unwrap_or_default();
    f64::from(head) / f64::from(u32::MAX)
}

/// 60 songs of 20 groups, of which the last 5 are held out; the first descriptor says
/// the energy, nothing says the valence.
fn songs() -> Songs {
    let song = |at: usize| {
        let descriptors: Vec<f64> = (0..Descriptors::COUNT)
            .map(|input| draw(1_000 * at + input))
            .collect();
        let scores = vec![descriptors[0].clamp(0.1, 0.9), draw(1_000_000 + at)];
        Song {
            content: format!("content {at}"),
            group: format!("group {}", at / 3),
            split: if at < 45 {
                Split::Train
            } else {
                Split::Validation
            },
            descriptors,
            scores,
        }
    };
    Songs {
        targets: vec![Target::Energy, Target::Valence],
        songs: (0..60).map(song).collect(),
    }
}

/// Fits by one setting: the choice among several looks at all songs.
fn train(songs: &Songs, against: Vec<Against>) -> Result<Trained> {
    let setting = KernelRidge {
        alpha: 0.3,
        gamma: 0.25,
    };
    let options = Options {
        scores: PathBuf::from("scores.csv"),
        measuring: cache::Options {
            soundfont: PathBuf::new(),
            jobs: None,
        },
        against,
        limits: Vec::new(),
        seed: 1,
    };
    let data = DataSource {
        name: "music".to_owned(),
        train: 45,
        validation: 15,
        licence: "CC0-1.0".to_owned(),
        labels: "scores".to_owned(),
    };
    fit_songs(songs, &[setting], &options, data)
}

/// Estimates for a song as an example of the ensemble.
fn estimate(trained: &Trained, song: &Song, content: bool, group: &str) -> Result<Vec<f64>> {
    let content = content.then_some(song.content.as_str());
    let estimates = Estimator::of(trained)?.estimate(group, content, &song.descriptors)?;
    Ok(estimates.iter().map(|estimate| estimate.value).collect())
}

#[test]
fn what_does_not_beat_its_mean_is_not_in_the_file() -> Result<()> {
    let trained = train(&songs(), Vec::new())?;
    assert_eq!(trained.measured(), vec![Target::Energy]);
    assert!(!trained.summary.targets[1].measured);
    let card = super::features_card(&trained);
    let regressor = FeatureRegressor::from_bytes(&trained.bytes, &card, &Descriptors::NAMES)?;
    assert_eq!(regressor.targets(), [Target::Energy]);
    assert_eq!(regressor.model().targets.len(), 1);
    assert!(trained.summary.made_by.contains("--scores scores.csv"));
    assert_eq!(trained, train(&songs(), Vec::new())?, "not deterministic");
    Ok(())
}

#[test]
fn a_better_descriptor_takes_the_target_away() -> Result<()> {
    let against = |input: usize| {
        vec![Against {
            target: Target::Energy,
            at: input,
        }]
    };
    let lost = train(&songs(), against(0))?;
    assert_eq!(lost.measured(), []);
    let rival = lost.summary.targets[0].rival.as_ref();
    assert!(rival.is_some_and(|rival| rival.r2 > 0.9), "{rival:?}");
    let won = train(&songs(), against(1))?;
    assert_eq!(won.measured(), vec![Target::Energy]);
    Ok(())
}

#[test]
fn no_score_of_a_song_or_its_group_reaches_its_estimate() -> Result<()> {
    let clean = songs();
    let trained = train(&clean, Vec::new())?;
    for asked in [0, 20, 44] {
        let mut spoilt = clean.clone();
        let group = clean.songs[asked].group.clone();
        for song in spoilt.songs.iter_mut().filter(|song| song.group == group) {
            song.scores[0] = 1.0 - song.scores[0];
        }
        let other = train(&spoilt, Vec::new())?;
        let song = &clean.songs[asked];
        // By its content, whatever the group is called; by its group alone; not at all.
        for (content, group) in [(true, "elsewhere"), (false, song.group.as_str())] {
            assert_eq!(
                estimate(&trained, song, content, group)?,
                estimate(&other, song, content, group)?,
            );
        }
        assert_ne!(
            estimate(&trained, song, false, "elsewhere")?,
            estimate(&other, song, false, "elsewhere")?,
        );
    }
    Ok(())
}

#[test]
fn held_out_songs_have_no_part_in_the_file() -> Result<()> {
    let clean = songs();
    let mut spoilt = clean.clone();
    for song in &mut spoilt.songs[45..] {
        song.scores[0] = 0.5;
        song.descriptors[0] = 100.0;
    }
    let (trained, other) = (train(&clean, Vec::new())?, train(&spoilt, Vec::new())?);
    assert_eq!(trained.bytes, other.bytes);
    assert_eq!(trained.folds, other.folds);
    let held_out = trained.summary.targets[0].held_out;
    assert!(held_out.is_some_and(|fit| fit.n == 15 && fit.groups == 5));
    Ok(())
}

#[test]
fn few_songs_are_refused() {
    let mut few = songs();
    few.songs.drain(..20);
    let text = train(&few, Vec::new()).map_or_else(|e| format!("{e:#}"), |_| String::new());
    assert!(text.contains("25 songs of 9 groups"), "{text}");
    let mut alike = songs();
    for song in &mut alike.songs {
        song.group = format!("group {}", song.group.len());
    }
    let text = train(&alike, Vec::new()).map_or_else(|e| format!("{e:#}"), |_| String::new());
    assert!(text.contains("45 songs of 2 groups"), "{text}");
}

#[test]
fn what_was_saved_is_read_back() -> Result<()> {
    let work = tempfile::tempdir()?;
    assert_eq!(super::load(work.path())?, None);
    let trained = train(&songs(), Vec::new())?;
    trained.save(work.path())?;
    assert_eq!(super::load(work.path())?, Some(trained));
    let folds = work.path().join("features/folds.bin");
    std::fs::write(&folds, "x")?;
    let text = super::load(work.path()).map_or_else(|e| format!("{e:#}"), |_| String::new());
    assert!(text.contains("folds.bin is damaged"), "{text}");
    Ok(())
}

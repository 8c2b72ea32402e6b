//! The ensemble's way from examples to bytes, by property.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use undertone::Mood;

use super::*;
use crate::measured::example::Split;

fn example(id: usize, group: String, split: Split, mood: Mood, descriptors: Vec<f64>) -> Example {
    Example {
        id: id.to_string(),
        corpus: "test".to_owned(),
        label_kind: "listeners".to_owned(),
        group,
        split,
        mood,
        weight: 1.0,
        descriptors,
    }
}

/// Six made-up descriptors of 40 groups of 5 rows, whose moods overlap; the last
/// quarter of the groups is for validation.
fn synthetic(weight: f32) -> Vec<Example> {
    let mut rng = StdRng::seed_from_u64(7);
    let mut examples = Vec::new();
    for id in 0..200 {
        let mood = Mood::ALL[[0, 0, 0, 1, 1, 2, 2, 3][id / 5 % 8]];
        let corner = mood.affect();
        let mut noise = || 1.6 * rng.random::<f64>() - 0.8;
        let values = vec![
            120.0 + 30.0 * (f64::from(corner.arousal) + noise()),
            f64::from(corner.valence) + noise(),
            1e-3 * (f64::from(corner.arousal * corner.valence) + noise()),
            noise(),
            f64::from(corner.arousal) - noise().powi(2),
            1.0,
        ];
        let split = if id < 160 {
            Split::Train
        } else {
            Split::Validation
        };
        let mut example = example(id, format!("group {}", id / 5), split, mood, values);
        example.weight = if id % 2 == 0 { weight } else { 1.0 };
        examples.push(example);
    }
    examples
}

/// A grid that is searched in a second.
fn small() -> EnsembleOptions {
    EnsembleOptions {
        svm: [1.0, 3.0]
            .map(|c| Learner {
                method: Method::Svm { c, gamma: 0.5 },
                oversample: true,
            })
            .to_vec(),
        tree: vec![Learner {
            method: Method::Tree(Limits {
                max_depth: Some(4),
                min_samples_leaf: 3,
            }),
            oversample: false,
        }],
        forest: vec![Learner {
            method: Method::Forest {
                n_estimators: 12,
                limits: Limits {
                    max_depth: Some(5),
                    min_samples_leaf: 2,
                },
            },
            oversample: true,
        }],
        ..EnsembleOptions::default()
    }
}

#[test]
fn folds_keep_groups_together_and_moods_in_proportion() -> Result<()> {
    let rows = Rows::of_training(&synthetic(1.0))?;
    let folds = folds::stratified_group_folds(rows.classes(), &rows.group, 4, 3)?;
    let mut fold_of_group = BTreeMap::new();
    let mut counts = vec![[0; 4]; 4];
    for (i, &fold) in folds.iter().enumerate() {
        assert_eq!(*fold_of_group.entry(rows.group[i]).or_insert(fold), fold);
        counts[fold][rows.y[i]] += 1;
    }
    // 32 groups of 5 in 4 folds: 12, 8, 8 and 4 groups of the four moods.
    assert_eq!(counts, vec![[15, 10, 10, 5]; 4]);
    assert!(folds::stratified_group_folds(rows.classes(), &rows.group, 33, 3).is_err());
    Ok(())
}

#[test]
fn synthetic_rows_even_out_the_moods_and_lie_among_their_own() -> Result<()> {
    let rows = Rows::of_training(&synthetic(0.5))?;
    let all = smote::smote(&rows, 1);
    assert_eq!(all.counts(), vec![60; 4]);
    assert_eq!(all.select(&(0..rows.len()).collect::<Vec<_>>()).x, rows.x);
    for i in rows.len()..all.len() {
        let own = || (0..rows.len()).filter(|&j| rows.y[j] == all.y[i]);
        for input in 0..all.x[i].len() {
            let values = || own().map(|j| rows.x[j][input]);
            let (low, high) = (
                values().fold(f64::INFINITY, f64::min),
                values().fold(f64::NEG_INFINITY, f64::max),
            );
            assert!((low..=high).contains(&all.x[i][input]));
        }
        assert!((0.5..=1.0).contains(&all.weight[i]));
    }
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_a_useful_model() -> Result<()> {
    let examples = synthetic(0.5);
    let trained = fit_ensemble(&examples, &small())?;
    assert_eq!(trained.bytes, fit_ensemble(&examples, &small())?.bytes);
    let other = EnsembleOptions { seed: 1, ..small() };
    assert_ne!(trained.bytes, fit_ensemble(&examples, &other)?.bytes);
    assert_eq!((trained.chosen.len(), trained.search.len()), (3, 4));
    for system in predictions(&trained.ensemble, &examples)? {
        let right = system.rows.iter().filter(|(i, shares)| {
            crate::evaluate::metrics::argmax(shares) == examples[*i].mood.index()
        });
        // Guessing is right for 10 to 15 of 40.
        assert!(right.count() >= 28, "{}", system.system);
    }
    assert_eq!(baselines(&examples)?.len(), 2);
    Ok(())
}

#[test]
fn bad_examples_are_named() {
    let mut examples = synthetic(1.0);
    examples[3].descriptors[1] = f64::NAN;
    let text =
        fit_ensemble(&examples, &small()).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(text.contains("3: descriptor"), "{text}");
    assert!(fit_ensemble(&[], &small()).is_err());
    let one_mood: Vec<Example> = synthetic(1.0).drain(..15).collect();
    assert!(fit_ensemble(&one_mood, &small()).is_err());
}

/// Writes the library's fixture anew: `cargo test -p trainer -- --ignored
/// writes_the_synthetic_ensemble`.
#[test]
#[ignore = "writes into tests/data"]
fn writes_the_synthetic_ensemble() -> Result<()> {
    let examples = synthetic(1.0);
    let trained = fit_ensemble(&examples, &small())?;
    let every_fifth = examples.iter().step_by(5);
    let rows: Vec<&[f64]> = every_fifth.map(|e| e.descriptors.as_slice()).collect();
    let outputs = rows.iter().map(|row| trained.ensemble.predict_proba(row));
    let outputs = outputs.collect::<Result<Vec<_>, _>>()?;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/ensemble");
    std::fs::write(folder.join("synthetic.bin"), &trained.bytes)?;
    let answers = serde_json::json!({ "rows": rows, "outputs": outputs });
    std::fs::write(folder.join("synthetic.json"), format!("{answers}\n"))?;
    Ok(())
}

use std::path::{Path, PathBuf};

use anyhow::Result;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::{SIZE, small};
use crate::learn::neural::classify::{Songs, predict_proba, train};
use crate::learn::neural::train::{Options, Schedule, Trained};
use crate::learn::neural::{Spec, to_onnx, zoo};

/// Songs of two or more classes: the class is the band that is loud.
fn songs(count: usize, classes: usize, seed: u64) -> (Vec<Vec<f64>>, Vec<String>, Vec<usize>) {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut rows = Vec::new();
    let mut labels = Vec::new();
    for song in 0..count {
        let class = song % classes;
        let mut row: Vec<f64> = (0..SIZE[0] * SIZE[1])
            .map(|_| rng.random_range(-1.0..1.0))
            .collect();
        for value in &mut row[class * 2 * SIZE[1]..(class * 2 + 1) * SIZE[1]] {
            *value += 1.5;
        }
        rows.push(row);
        labels.push(class);
    }
    let ids = (0..count).map(|song| format!("song {song}")).collect();
    (rows, ids, labels)
}

fn options(folder: &Path, epochs: usize) -> Options {
    Options {
        work_dir: folder.to_owned(),
        epochs,
        patience: 4,
        learning_rate: 5e-3,
        schedule: Schedule::Plateau(2),
        weight_decay: 0.0,
        gradient_norm: None,
        seed: 3,
    }
}

fn trained(spec: &Spec, classes: usize, options: &Options) -> Result<(Trained, f64)> {
    let (rows, ids, labels) = songs(72, classes, 1);
    let order: Vec<usize> = (0..72).collect();
    let songs = Songs {
        inputs: &rows,
        ids: &ids,
        classes: &labels,
        train: &order[..40],
        validation: &order[40..56],
    };
    let trained = train(&spec.clone().with_classes(classes), songs, options)?;
    let answers = predict_proba(&trained.net, &rows, &order[56..])?;
    let right = answers.iter().zip(&labels[56..]);
    let right = right
        .filter(|(answer, class)| answer[**class] > 0.5)
        .count();
    Ok((trained, right as f64 / 16.0))
}

#[test]
fn a_network_learns_two_and_four_classes() -> Result<()> {
    for classes in [2, 4] {
        let folder = tempfile::tempdir()?;
        let (trained, accuracy) = trained(&small(true), classes, &options(folder.path(), 40))?;
        assert!(accuracy > 0.8, "{classes} classes: {accuracy}");
        assert_eq!(trained.epochs[0].number, 1);
        let first = &trained.epochs[0];
        let best = &trained.epochs[trained.best_epoch - 1];
        assert!(best.val_loss < first.val_loss);
    }
    Ok(())
}

#[test]
fn a_killed_run_goes_on_to_the_same_result() -> Result<()> {
    let (once, twice) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (whole, _) = trained(&small(false), 4, &options(once.path(), 5))?;
    trained(&small(false), 4, &options(twice.path(), 2))?;
    let (resumed, _) = trained(&small(false), 4, &options(twice.path(), 5))?;
    assert_eq!(to_onnx(&whole.net)?, to_onnx(&resumed.net)?);
    let losses = |trained: &Trained| -> Vec<f64> {
        trained.epochs.iter().map(|epoch| epoch.val_loss).collect()
    };
    assert_eq!(losses(&whole), losses(&resumed));
    let other = Options {
        seed: 4,
        ..options(twice.path(), 6)
    };
    let error = trained(&small(false), 4, &other).unwrap_err();
    assert!(error.to_string().contains("another"), "{error:#}");
    Ok(())
}

#[test]
fn a_loss_that_is_no_number_ends_the_run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let wild = Options {
        learning_rate: f64::MAX,
        ..options(folder.path(), 3)
    };
    let error = trained(&small(true), 2, &wild).unwrap_err();
    assert!(format!("{error:#}").contains("not a number"));
    Ok(())
}

/// Four clips of which two are loud in the bass, two in the treble.
fn clips() -> Vec<Vec<f64>> {
    let [bands, frames] = zoo::SPECTROGRAM;
    let mut rng = StdRng::seed_from_u64(5);
    let mut clip = |class: usize| -> Vec<f64> {
        let level = |band: usize| {
            if band * 2 / bands == class {
                -20.0
            } else {
                -50.0
            }
        };
        (0..bands * frames)
            .map(|place| level(place / frames) + rng.random_range(-10.0..10.0))
            .collect()
    };
    [0, 1, 0, 1].map(&mut clip).into()
}

#[test]
fn a_step_lowers_the_loss_of_every_network() -> Result<()> {
    let clips = clips();
    let ids = ["a", "b", "c", "d"].map(str::to_owned);
    for spec in zoo::spectrogram_nets() {
        if spec.layers == zoo::conv_fc().layers && spec.early_stopping {
            // The same network once more.
            continue;
        }
        let folder = tempfile::tempdir()?;
        let songs = Songs {
            inputs: &clips,
            ids: &ids,
            classes: &[0, 1, 0, 1],
            train: &[0, 1, 2, 3],
            validation: &[0],
        };
        let options = Options {
            learning_rate: 1e-4,
            ..options(folder.path(), 2)
        };
        let trained = train(&spec.with_classes(2), songs, &options)?;
        let [before, after] = [0, 1].map(|epoch| trained.epochs[epoch].train_loss);
        let name = trained.net.spec.name;
        assert!(after < before, "{name}: {before} before, {after} after");
    }
    Ok(())
}

/// Trains every network for two epochs on the spectrograms in the folder
/// `UNDERTONE_CLIPS` (all of them, or only the network `UNDERTONE_NET`) and prints the
/// seconds of the second; `benches/keras_nets.py` does the same in Keras.
#[test]
#[ignore = "a measurement: run it alone, with --nocapture"]
fn seconds_of_an_epoch() -> Result<()> {
    let folder = std::env::var("UNDERTONE_CLIPS")?;
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "npy"))
        .collect();
    paths.truncate(1_000);
    let ids: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let classes: Vec<usize> = (0..paths.len()).map(|song| song % 2).collect();
    let all: Vec<usize> = (0..paths.len()).collect();
    let wanted = std::env::var("UNDERTONE_NET").ok();
    for spec in zoo::spectrogram_nets() {
        if wanted.as_ref().is_some_and(|name| name != spec.name) {
            continue;
        }
        let folder = tempfile::tempdir()?;
        let songs = Songs {
            inputs: &paths,
            ids: &ids,
            classes: &classes,
            train: &all,
            validation: &all[..1],
        };
        let spec = spec.with_classes(2);
        let trained = train(&spec, songs, &options(folder.path(), 2))?;
        println!(
            "{}: {:.1} s an epoch of {} clips",
            spec.name,
            trained.epochs[1].seconds,
            paths.len()
        );
    }
    Ok(())
}

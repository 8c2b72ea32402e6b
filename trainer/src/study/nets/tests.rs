use std::path::Path;

use anyhow::Result;
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::batch::Scale;
use super::layer::{Input, Layer};
use super::net::Net;
use super::*;

const SIZE: [usize; 2] = [8, 24];

/// A small network with every kind of layer.
fn small(early_stopping: bool) -> Spec {
    let conv = |kernel, same, pool| Layer::Conv {
        filters: 4,
        kernel,
        same,
        pool,
    };
    Spec {
        name: "small",
        input: Input::Spectrogram(SIZE),
        layers: vec![
            conv([3, 3], true, [2, 2]),
            Layer::BatchNormalization,
            Layer::LeakyRelu,
            conv([2, 3], false, [1, 1]),
            Layer::Relu,
            Layer::Steps,
            Layer::Lstm {
                units: 5,
                bidirectional: true,
            },
            Layer::Dropout(0.25),
            Layer::Lstm {
                units: 3,
                bidirectional: false,
            },
            Layer::Last,
            Layer::Dense(6),
            Layer::Relu,
        ],
        batch_size: 8,
        early_stopping,
    }
}

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

fn options(folder: &Path, epochs: usize) -> TrainOptions {
    TrainOptions {
        work_dir: folder.to_owned(),
        epochs,
        patience: 4,
        plateau: 2,
        learning_rate: 5e-3,
        seed: 3,
    }
}

fn trained(spec: &Spec, classes: usize, options: &TrainOptions) -> Result<(Trained, f64)> {
    let (rows, ids, labels) = songs(72, classes, 1);
    let order: Vec<usize> = (0..72).collect();
    let songs = Songs {
        inputs: &rows,
        ids: &ids,
        classes: &labels,
        n_classes: classes,
        train: &order[..40],
        validation: &order[40..56],
    };
    let trained = train(&spec.clone().with_outputs(classes), songs, options)?;
    let answers = trained.predict_proba(&rows, &order[56..])?;
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
    assert_eq!(to_onnx(&whole)?, to_onnx(&resumed)?);
    let losses = |trained: &Trained| -> Vec<f64> {
        trained.epochs.iter().map(|epoch| epoch.val_loss).collect()
    };
    assert_eq!(losses(&whole), losses(&resumed));
    let other = TrainOptions {
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
    let wild = TrainOptions {
        learning_rate: f64::MAX,
        ..options(folder.path(), 3)
    };
    let error = trained(&small(true), 2, &wild).unwrap_err();
    assert!(format!("{error:#}").contains("lower the learning rate"));
    Ok(())
}

/// Probabilities as tract gives them.
fn by_tract(bytes: &[u8], input: &[f32], shape: &[usize]) -> Result<Vec<f32>> {
    use tract_onnx::prelude::{Framework, InferenceModelExt, IntoRunnable, IntoTensor, tvec};
    use tract_onnx::tract_core::ndarray::ArrayD;
    let model = tract_onnx::onnx()
        .model_for_read(&mut &*bytes)?
        .into_optimized()?
        .into_runnable()?;
    let input = ArrayD::from_shape_vec(shape, input.to_vec())?.into_tensor();
    let output = model.run(tvec!(input.into()))?;
    Ok(output[0]
        .to_plain_array_view::<f32>()?
        .iter()
        .copied()
        .collect())
}

/// A network whose normalisations have seen data and whose biases are not zero.
fn seeded(spec: Spec, classes: usize) -> Result<Trained> {
    let spec = spec.with_outputs(classes);
    let device = Device::default().autodiff();
    let net = Net::new(&spec, 9, &device)?;
    let mut rng = StdRng::seed_from_u64(10);
    let batch: Vec<f32> = (0..2 * spec.input.len())
        .map(|_| rng.random_range(-1.0..1.0))
        .collect();
    let shape = [2, spec.input.len()];
    let batch = Tensor::from_data(TensorData::new(batch, shape), &device);
    net.forward(&spec, batch, Some(&mut rng))?;
    let columns = match spec.input {
        Input::Features(count) => count,
        Input::Spectrogram(_) => 1,
    };
    Ok(Trained {
        net: burn::module::Module::valid(&net),
        scale: Scale {
            mean: vec![-40.0; columns],
            inverse: vec![0.05; columns],
        },
        spec,
        epochs: Vec::new(),
        best_epoch: 0,
        stopped: None,
    })
}

/// A song in dB, the same in every run.
fn song(len: usize) -> Vec<f64> {
    (0..len)
        .map(|i| -40.0 + 30.0 * (i as f64 * 0.37).sin() * (i as f64 * 0.0011).cos())
        .collect()
}

fn agrees(spec: Spec, classes: usize) -> Result<()> {
    let trained = seeded(spec, classes)?;
    let input = song(trained.spec.input.len());
    let mut shape = vec![1];
    match trained.spec.input {
        Input::Features(count) => shape.push(count),
        Input::Spectrogram(size) => shape.extend(size),
    }
    let single: Vec<f32> = input.iter().map(|&value| value as f32).collect();
    let tract = by_tract(&to_onnx(&trained)?, &single, &shape)?;
    let burn = trained.predict_proba(&vec![input], &[0])?.remove(0);
    let burn = if classes == 2 { vec![burn[1]] } else { burn };
    for (a, b) in tract.iter().zip(&burn) {
        assert!(
            (f64::from(*a) - b).abs() < 1e-4,
            "{}: {tract:?} {burn:?}",
            trained.spec.name
        );
    }
    assert_eq!(tract.len(), burn.len());
    Ok(())
}

#[test]
fn tract_answers_as_the_trained_networks() -> Result<()> {
    agrees(small(true), 3)?;
    agrees(zoo::eight_nodes(13), 4)?;
    for spec in zoo::spectrogram_nets() {
        agrees(spec, 2)?;
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
    let mut paths: Vec<std::path::PathBuf> = walkdir::WalkDir::new(folder)
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
    let train: Vec<usize> = (0..paths.len()).collect();
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
            n_classes: 2,
            train: &train,
            validation: &train[..1],
        };
        let spec = spec.with_outputs(2);
        let trained = super::train(&spec, songs, &options(folder.path(), 2))?;
        println!(
            "{}: {:.1} s an epoch of {} clips",
            spec.name,
            trained.epochs[1].seconds,
            paths.len()
        );
    }
    Ok(())
}

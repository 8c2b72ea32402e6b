use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::ArrayD;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::batch::Scale;
use super::layer::Layer;
use super::net::Net;
use super::*;
use crate::learn::neural::values;
use crate::study::store::slug;

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
            n_classes: 2,
            train: &[0, 1, 2, 3],
            validation: &[0],
        };
        let options = TrainOptions {
            learning_rate: 1e-4,
            ..options(folder.path(), 2)
        };
        let trained = train(&spec.with_outputs(2), songs, &options)?;
        let [before, after] = [0, 1].map(|epoch| trained.epochs[epoch].train_loss);
        let name = trained.spec.name;
        assert!(after < before, "{name}: {before} before, {after} after");
    }
    Ok(())
}

/// Probabilities as tract gives them.
fn by_tract(bytes: &[u8], input: &[f32], shape: &[usize]) -> Result<Vec<f32>> {
    use tract_onnx::prelude::{Framework, InferenceModelExt, IntoRunnable, IntoTensor, tvec};
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

/// Mean of the songs in dB, and one over their deviation.
const MEAN: f32 = -40.0;
const INVERSE: f32 = 0.05;

/// Numbers about `centre`, for weights that start as all the same.
fn drawn(centre: f32, weights: &Param<Tensor<1>>, rng: &mut StdRng) -> Param<Tensor<1>> {
    let dims = weights.dims();
    let values: Vec<f32> = (0..dims[0])
        .map(|_| centre + rng.random_range(-0.2..0.2))
        .collect();
    Param::from_data(TensorData::new(values, dims), &weights.val().device())
}

/// A network whose normalisations have seen data, whose biases are not zero and whose
/// answer to [`song`] is far from even, so that a wrong layer shows.
fn seeded(spec: Spec, classes: usize) -> Result<Trained> {
    let spec = spec.with_outputs(classes);
    let device = Device::default().autodiff();
    let mut net = Net::new(&spec, 9, &device)?;
    let mut rng = StdRng::seed_from_u64(10);
    for conv in &mut net.convs {
        conv.bias = drawn(0.0, &conv.bias, &mut rng);
    }
    for dense in &mut net.denses {
        dense.bias = drawn(0.0, &dense.bias, &mut rng);
    }
    for norm in &mut net.norms {
        norm.gamma = drawn(1.0, &norm.gamma, &mut rng);
        norm.beta = drawn(0.0, &norm.beta, &mut rng);
        // The moments of one batch are those of all.
        norm.momentum = 1.0;
    }
    let batch: Vec<f32> = (0..2 * spec.input.len())
        .map(|_| rng.random_range(-1.0..1.0))
        .collect();
    let shape = [2, spec.input.len()];
    let batch = Tensor::from_data(TensorData::new(batch, shape), &device);
    net.forward(&spec, batch, Some(&mut rng))?;
    let mut net = net.valid();
    let scaled: Vec<f32> = song(spec.input.len())
        .iter()
        .map(|value| (*value as f32 - MEAN) * INVERSE)
        .collect();
    let shape = [1, spec.input.len()];
    let scaled = Tensor::from_data(TensorData::new(scaled, shape), &Device::default());
    let logits = values(net.forward(&spec, scaled, None)?)?;
    let largest = logits
        .iter()
        .fold(0.0_f32, |most, logit| most.max(logit.abs()));
    if let Some(head) = net.denses.last_mut() {
        head.weight = head.weight.clone().map(|weight| weight * (2.0 / largest));
        head.bias = head.bias.clone().map(|bias| bias * (2.0 / largest));
    }
    let columns = match spec.input {
        Input::Features(count) => count,
        Input::Spectrogram(_) => 1,
    };
    Ok(Trained {
        net,
        scale: Scale {
            mean: vec![MEAN; columns],
            inverse: vec![INVERSE; columns],
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

/// A song as a network's file takes it, and the shape of it.
fn input(spec: &Spec) -> (Vec<f32>, Vec<usize>) {
    let song = song(spec.input.len());
    let mut shape = vec![1];
    match spec.input {
        Input::Features(count) => shape.push(count),
        Input::Spectrogram(size) => shape.extend(size),
    }
    (song.iter().map(|&value| value as f32).collect(), shape)
}

/// Every network with seeded weights and one and four outputs, by names as of files.
fn everyone() -> impl Iterator<Item = Result<(String, Trained)>> {
    let specs = [small(true), zoo::eight_nodes(13)].into_iter();
    specs
        .chain(zoo::spectrogram_nets())
        .flat_map(|spec| [(spec.clone(), 2), (spec, 4)])
        .map(|(spec, classes)| {
            let name = format!("{}-{classes}", slug(spec.name));
            Ok((name, seeded(spec, classes)?))
        })
}

/// What onnxruntime answered, by the names of [`everyone`]; `make_onnx_references.py`
/// writes it.
#[derive(serde::Deserialize)]
struct Stored {
    outputs: BTreeMap<String, Vec<f32>>,
}

/// Largest difference of two probabilities. Measured: 1.5e-5 (`Conv, rectangular`), in
/// single precision.
const TOLERANCE: f64 = 1e-4;

fn assert_close(name: &str, tract: &[f32], other: &[f64]) {
    assert_eq!(tract.len(), other.len(), "{name}");
    for (a, b) in tract.iter().zip(other) {
        let difference = (f64::from(*a) - b).abs();
        assert!(difference < TOLERANCE, "{name}: {tract:?} {other:?}");
    }
}

#[test]
fn tract_answers_as_the_trained_networks_and_onnxruntime() -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/onnx_outputs.json");
    let stored: Stored = serde_json::from_slice(&std::fs::read(path)?)?;
    let mut names = Vec::new();
    for network in everyone() {
        let (name, trained) = network?;
        let (single, shape) = input(&trained.spec);
        let tract = by_tract(&to_onnx(&trained)?, &single, &shape)?;
        let double: Vec<f64> = single.iter().copied().map(f64::from).collect();
        let burn = trained.predict_proba(&vec![double], &[0])?.remove(0);
        let burn = if burn.len() == 2 { vec![burn[1]] } else { burn };
        assert_close(&name, &tract, &burn);
        let runtime = stored.outputs.get(&name);
        let runtime = runtime.with_context(|| format!("no output of {name} is stored"))?;
        let runtime: Vec<f64> = runtime.iter().copied().map(f64::from).collect();
        assert_close(&name, &tract, &runtime);
        names.push(name);
    }
    names.sort_unstable();
    assert!(stored.outputs.keys().eq(&names), "{names:?}");
    Ok(())
}

/// Writes every network as `NAME.onnx` with its input as `NAME.npy` into the folder
/// `UNDERTONE_ONNX`.
#[test]
#[ignore = "writes the files for make_onnx_references.py"]
fn files_for_onnxruntime() -> Result<()> {
    let folder = std::path::PathBuf::from(std::env::var("UNDERTONE_ONNX")?);
    std::fs::create_dir_all(&folder)?;
    for network in everyone() {
        let (name, trained) = network?;
        std::fs::write(folder.join(format!("{name}.onnx")), to_onnx(&trained)?)?;
        let (values, shape) = input(&trained.spec);
        let values = ArrayD::from_shape_vec(shape, values)?;
        ndarray_npy::write_npy(folder.join(format!("{name}.npy")), &values)?;
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

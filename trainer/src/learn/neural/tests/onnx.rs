//! ONNX files answer as the networks that they were written from.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::ArrayD;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::small;
use crate::learn::neural::classify::predict_proba;
use crate::learn::neural::experts;
use crate::learn::neural::net::{Net, Weights, values};
use crate::learn::neural::scale::Scale;
use crate::learn::neural::{Input, Spec, to_onnx, zoo};

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
fn seeded(spec: Spec) -> Result<Net> {
    let device = Device::default().autodiff();
    let columns = spec.input.columns();
    let plain = Scale {
        mean: vec![0.0; columns],
        inverse: vec![1.0; columns],
    };
    let mut net = Net::new(spec, &plain, &mut StdRng::seed_from_u64(9), &device)?;
    let mut rng = StdRng::seed_from_u64(10);
    let redrawn = |bias: &mut Param<Tensor<1>>, rng: &mut StdRng| {
        *bias = drawn(0.0, bias, rng);
    };
    for weights in net.layers.iter_mut().flatten() {
        if let Weights::Conv(conv) = weights {
            redrawn(&mut conv.bias, &mut rng);
        }
    }
    for weights in net.layers.iter_mut().flatten() {
        if let Weights::Dense(dense) = weights {
            redrawn(&mut dense.bias, &mut rng);
        }
    }
    for head in &mut net.heads {
        redrawn(&mut head.bias, &mut rng);
    }
    for weights in net.layers.iter_mut().flatten() {
        if let Weights::Norm(norm) = weights {
            norm.gamma = drawn(1.0, &norm.gamma, &mut rng);
            norm.beta = drawn(0.0, &norm.beta, &mut rng);
            // The moments of one batch are those of all.
            norm.momentum = 1.0;
        }
    }
    let len = net.spec.input.len();
    let batch: Vec<f32> = (0..2 * len).map(|_| rng.random_range(-1.0..1.0)).collect();
    let batch = Tensor::from_data(TensorData::new(batch, [2, len]), &device);
    net.forward(batch, Some(&mut rng))?;
    let mut net = net.valid();
    let device = net.device();
    let constant =
        |value| Param::from_data(TensorData::new(vec![value; columns], [columns]), &device);
    (net.mean, net.inverse) = (constant(MEAN), constant(INVERSE));
    let song: Vec<f32> = song(len).iter().map(|&value| value as f32).collect();
    let song = Tensor::from_data(TensorData::new(song, [1, len]), &device);
    let logits = values(net.forward(song, None)?.remove(0))?;
    let largest = logits
        .iter()
        .fold(0.0_f32, |most, logit| most.max(logit.abs()));
    for head in &mut net.heads {
        head.weight = head.weight.clone().map(|weight| weight * (2.0 / largest));
        head.bias = head.bias.clone().map(|bias| bias * (2.0 / largest));
    }
    Ok(net)
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
        Input::Spectrogram(size) | Input::Sequence(size) => shape.extend(size),
    }
    (song.iter().map(|&value| value as f32).collect(), shape)
}

/// Every network with seeded weights and one and four outputs, by names as of files.
fn everyone() -> impl Iterator<Item = Result<(String, Net)>> {
    let words = |name: &str| {
        let words = name.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join("-").to_ascii_lowercase()
    };
    let specs = [small(true), zoo::eight_nodes(13)].into_iter();
    specs
        .chain(zoo::spectrogram_nets())
        .flat_map(|spec| [(spec.clone(), 2), (spec, 4)])
        .map(move |(spec, classes)| {
            let name = format!("{}-{classes}", words(spec.name));
            Ok((name, seeded(spec.with_classes(classes))?))
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
        let (name, net) = network?;
        let (single, shape) = input(&net.spec);
        let tract = by_tract(&to_onnx(&net)?, &single, &shape)?;
        let double: Vec<f64> = single.iter().copied().map(f64::from).collect();
        let burn = predict_proba(&net, &vec![double], &[0])?.remove(0);
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

#[test]
fn the_bundled_layers_answer_every_step_in_tract_as_in_burn() -> Result<()> {
    let mut spec = zoo::mood();
    spec.heads = vec![zoo::answers(3)];
    let net = seeded(spec)?;
    let (values_in, shape) = input(&net.spec);
    let tract = by_tract(&to_onnx(&net)?, &values_in, &shape)?;
    let batch = TensorData::new(values_in, [1, net.spec.input.len()]);
    let heads = net.forward(Tensor::from_data(batch, &net.device()), None)?;
    let raw: Tensor<2> = heads.into_iter().next().context("no head")?.flatten(0, 1);
    let burn = values(experts::answers(&raw, 3))?;
    let burn: Vec<f64> = burn.into_iter().map(f64::from).collect();
    assert_close("mood", &tract, &burn);
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
        let (name, net) = network?;
        let bytes = to_onnx(&net)?;
        std::fs::write(folder.join(format!("{name}.onnx")), bytes)?;
        let (values, shape) = input(&net.spec);
        let values = ArrayD::from_shape_vec(shape, values)?;
        ndarray_npy::write_npy(folder.join(format!("{name}.npy")), &values)?;
    }
    Ok(())
}

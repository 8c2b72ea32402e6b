//! The bundled network's ONNX file answers as the network, also in the page's library.

use anyhow::Result;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::ArrayView2;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use undertone::card::{About, FileStamp, FrontEnd, LabelSpace, NetworkCard};
use undertone::network::{MoodNetwork, OUTPUTS, OnnxNetwork};

use crate::learn::neural::mood::tests::tiny;
use crate::learn::neural::net::{Net, Weights, values};
use crate::learn::neural::scale::Scale;
use crate::learn::neural::{ExportOptions, Spec, to_onnx, zoo};

fn log_mel(frames: usize, rng: &mut StdRng) -> Vec<f32> {
    (0..frames * 96)
        .map(|_| rng.random_range(0.0..5.0))
        .collect()
}

/// A network that has seen data, so that no normalisation is the identity.
fn network(spec: Spec) -> Result<Net> {
    let mut rng = StdRng::seed_from_u64(11);
    let device = Device::default().autodiff();
    let scale = Scale {
        mean: (0..96).map(|band| 2.0 + band as f32 / 96.0).collect(),
        inverse: vec![1.3_f32.recip()],
    };
    let mut net = Net::new(spec, &scale, &mut rng, &device)?;
    for weights in net.layers.iter_mut().flatten() {
        if let Weights::Norm(norm) = weights {
            // Signs of both kinds: a negative factor turns the order of values round.
            let channels = norm.gamma.dims()[0];
            let gamma: Vec<f32> = (0..channels).map(|c| 1.0 - (c % 3) as f32 * 0.9).collect();
            norm.gamma = Param::from_data(TensorData::new(gamma, [channels]), &device);
        }
    }
    for _ in 0..3 {
        let data = TensorData::new(log_mel(4 * 128, &mut rng), [4, 128 * 96]);
        net.forward(Tensor::from_data(data, &device), None)?;
    }
    Ok(net.valid())
}

/// As the page runs it.
fn by_tract(bytes: &[u8], input: &[f32]) -> Result<Vec<f32>> {
    let card = NetworkCard {
        stamp: FileStamp::of("mood.onnx", bytes),
        front_end: FrontEnd::current(),
        temperature: 1.0,
        parameters: 0,
        about: About {
            title: String::new(),
            licence: String::new(),
            label_space: LabelSpace::PerceivedQuadrant,
            data: vec![],
            metrics: vec![],
            limits: vec![],
            made_by: String::new(),
        },
    };
    let input = ArrayView2::from_shape((input.len() / 96, 96), input)?;
    let output = OnnxNetwork::load(card, bytes)?.run(input)?;
    Ok(output.iter().copied().collect())
}

fn by_burn(net: &Net, input: &[f32]) -> Result<Vec<f32>> {
    let data = TensorData::new(input.to_vec(), [1, input.len()]);
    values(
        net.forward(Tensor::from_data(data, &net.device()), None)?
            .remove(0),
    )
}

fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

#[test]
fn tract_answers_as_the_trained_network() -> Result<()> {
    let mut rng = StdRng::seed_from_u64(2);
    for spec in [tiny(), zoo::mood()] {
        let network = network(spec)?;
        let bytes = to_onnx(&network, ExportOptions::default())?;
        for frames in [64, 128, 640] {
            let input = log_mel(frames, &mut rng);
            let (a, b) = (by_burn(&network, &input)?, by_tract(&bytes, &input)?);
            // Single precision through some thousand sums.
            assert!(
                difference(&a, &b) < 1e-4,
                "{frames}: {}",
                difference(&a, &b)
            );
        }
    }
    Ok(())
}

#[test]
fn half_precision_changes_little() -> Result<()> {
    let mut rng = StdRng::seed_from_u64(2);
    let network = network(zoo::mood())?;
    let single = to_onnx(&network, ExportOptions::default())?;
    let half = to_onnx(
        &network,
        ExportOptions {
            half_precision: true,
        },
    )?;
    assert!(single.len() < 1_050_000, "{}", single.len());
    assert_eq!(half.len(), single.len());
    let input = log_mel(640, &mut rng);
    let (a, b) = (by_tract(&single, &input)?, by_tract(&half, &input)?);
    // 11 bits of mantissa in weights of about 0.1.
    assert!(difference(&a, &b) < 5e-3, "{}", difference(&a, &b));
    Ok(())
}

#[test]
fn the_same_weights_give_the_same_bytes() -> Result<()> {
    let network = network(tiny())?;
    let options = ExportOptions::default();
    assert_eq!(to_onnx(&network, options)?, to_onnx(&network, options)?);
    // Two convolutions with their normalisation, the LSTM over 4 channels of 3 bands,
    // the dense layer.
    let convolutions = (3 * 25 + 2 * 3) + (4 * 3 * 9 + 2 * 4);
    let lstm = 2 * 4 * 5 * (4 * 3 + 5 + 1);
    assert_eq!(
        network.spec.trainable_parameters()?,
        convolutions + lstm + 2 * 5 * OUTPUTS + OUTPUTS
    );
    Ok(())
}

//! A trained network as an ONNX file.
//!
//! Opset 17, IR version 8: what tract and onnxruntime both read. The number of frames
//! stays open (`T`), the batch is one window.

mod graph;

use crate::earlier::OUTPUTS;
use anyhow::Result;
use burn::nn::BatchNorm;
use undertone::Mood;

pub use self::graph::{Graph, signed};
use super::kernels::lstm::GATES;
use super::lstm::Lstm;
use super::network::{Convolution, LEAK, Network, values};

/// How to write the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExportOptions {
    /// Round weight matrices to 16-bit floats, still stored in 32 bits: the zeros
    /// compress away (half the download) and no cast slows the network down. Changes
    /// the outputs by about 0.001.
    pub half_precision: bool,
}

/// Writes a network as ONNX; the same weights give the same bytes.
///
/// Input `log_mel`: `[1, T, bands]`, raw log-mel values, `T` a multiple of 64. Output
/// `steps`: `[1, T / 64, OUTPUTS]`, four mood logits in the order of [`Mood::ALL`],
/// arousal, valence.
///
/// # Errors
/// Where a weight can't be read.
pub fn to_onnx(network: &Network, options: ExportOptions) -> Result<Vec<u8>> {
    let mut graph = Graph::new(options.half_precision);
    let mean = values(network.mean.val())?;
    let bands = mean.len();
    graph.input("log_mel", &["1", "T", &bands.to_string()]);
    graph.output("steps", &["1", "T_steps", &OUTPUTS.to_string()]);

    let mean = graph.exact("mean", &[bands], &mean);
    let scale = graph.exact("scale", &[1], &values(network.scale.val())?);
    let centred = graph.node("Sub", &["log_mel", &mean], "centred").done();
    let normal = graph.node("Mul", &[&centred, &scale], "normal").done();
    let axis = graph.integers("channel_axis", &[1]);
    let mut maps = graph.node("Unsqueeze", &[&normal, &axis], "maps").done();
    for (index, block) in network.blocks.iter().enumerate() {
        maps = convolution(&mut graph, index, block, &maps)?;
    }
    let sequence = graph
        .node("Transpose", &[&maps], "time_first")
        .integers("perm", &[2, 0, 1, 3])
        .done();
    let flat = graph.integers("flat", &[0, 0, -1]);
    let sequence = graph
        .node("Reshape", &[&sequence, &flat], "sequence")
        .done();
    let states = lstm(&mut graph, "states", &network.lstm, &sequence)?;

    // [T, 2, 1, hidden] to [1, 2, hidden, T], where pooling knows no symbols to divide.
    let states = graph
        .node("Transpose", &[&states], "time_last")
        .integers("perm", &[2, 1, 3, 0])
        .done();
    let pool = [1, signed(network.pooled_steps)];
    let pooled = graph
        .node("AveragePool", &[&states], "pooled")
        .integers("kernel_shape", &pool)
        .integers("strides", &pool)
        .done();
    let pooled = graph
        .node("Transpose", &[&pooled], "steps_first")
        .integers("perm", &[0, 3, 1, 2])
        .done();
    let features = graph.node("Reshape", &[&pooled, &flat], "features").done();
    head(&mut graph, network, &features)?;
    Ok(graph.encode())
}

/// Convolution, pooling, normalisation, leaky rectifier. The normalisation stays an
/// operator of its own: it follows the pooling, and a negative factor does not commute
/// with a maximum.
fn convolution(
    graph: &mut Graph,
    index: usize,
    block: &Convolution,
    input: &str,
) -> Result<String> {
    let name = |part: &str| format!("block{index}_{part}");
    let pair = |pair: [usize; 2]| pair.map(signed);
    let [time, band] = pair(block.padding);
    let shape = block.weight.dims();
    let weight = graph.weight(&name("weight"), &shape, &values(block.weight.val())?);
    let mut maps = graph
        .node("Conv", &[input, &weight], &name("conv"))
        .integers("kernel_shape", &pair([shape[2], shape[3]]))
        .integers("strides", &pair(block.stride))
        .integers("pads", &[time, band, time, band])
        .done();
    if block.pool != [1, 1] {
        maps = graph
            .node("MaxPool", &[&maps], &name("pool"))
            .integers("kernel_shape", &pair(block.pool))
            .integers("strides", &pair(block.pool))
            .done();
    }
    let maps = batch_norm(graph, &name("norm"), &block.norm, &maps)?;
    Ok(graph
        .node("LeakyRelu", &[&maps], &name("out"))
        .float("alpha", LEAK as f32)
        .done())
}

/// Normalisation of channels by the running statistics.
pub fn batch_norm(graph: &mut Graph, name: &str, norm: &BatchNorm, input: &str) -> Result<String> {
    let parts = [
        ("gamma", norm.gamma.val()),
        ("beta", norm.beta.val()),
        ("mean", norm.running_mean.value()),
        ("variance", norm.running_var.value()),
    ];
    let mut inputs = vec![input.to_owned()];
    for (part, tensor) in parts {
        let values = values(tensor)?;
        inputs.push(graph.exact(&format!("{name}_{part}"), &[values.len()], &values));
    }
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let node = graph.node("BatchNormalization", &inputs, name);
    Ok(node.float("epsilon", norm.epsilon as f32).done())
}

/// ONNX wants the gates as rows and the input's weights apart from the hidden state's;
/// their order (i, o, f, c) is that of [`Lstm`].
pub fn lstm(graph: &mut Graph, name: &str, layer: &Lstm, input: &str) -> Result<String> {
    let [directions, rows, width] = layer.weight.dims();
    let direction = match directions {
        1 => "forward",
        _ => "bidirectional",
    };
    let hidden = layer.hidden();
    let packed = values(layer.weight.val())?;
    let transposed = |from: usize, to: usize| -> Vec<f32> {
        let packed = &packed;
        (0..directions)
            .flat_map(|direction| {
                (0..width).flat_map(move |column| {
                    (from..to).map(move |row| packed[(direction * rows + row) * width + column])
                })
            })
            .collect()
    };
    let inputs = rows - hidden;
    let weight = graph.weight(
        &format!("{name}_w"),
        &[directions, width, inputs],
        &transposed(0, inputs),
    );
    let recurrent = graph.weight(
        &format!("{name}_r"),
        &[directions, width, hidden],
        &transposed(inputs, rows),
    );
    // Each direction: the bias of the input, then that of the hidden state, all zero.
    let bias: Vec<f32> = values(layer.bias.val())?
        .chunks_exact(GATES * hidden)
        .flat_map(|bias| {
            bias.iter()
                .copied()
                .chain(std::iter::repeat_n(0.0, bias.len()))
        })
        .collect();
    let bias = graph.exact(&format!("{name}_b"), &[directions, 2 * width], &bias);
    Ok(graph
        .node("LSTM", &[input, &weight, &recurrent, &bias], name)
        .integer("hidden_size", signed(hidden))
        .text("direction", direction)
        .done())
}

/// The dense layer; arousal and valence go through tanh.
fn head(graph: &mut Graph, network: &Network, features: &str) -> Result<()> {
    let shape = network.dense_weight.dims();
    let weight = graph.weight("dense_w", &shape, &values(network.dense_weight.val())?);
    let bias = graph.exact("dense_b", &[OUTPUTS], &values(network.dense_bias.val())?);
    let product = graph.node("MatMul", &[features, &weight], "product").done();
    let outputs = graph.node("Add", &[&product, &bias], "outputs").done();
    let zero = graph.integers("zero", &[0]);
    let moods = graph.integers("moods", &[signed(Mood::COUNT)]);
    let end = graph.integers("end", &[signed(OUTPUTS)]);
    let last = graph.integers("last_axis", &[2]);
    let logits = graph
        .node("Slice", &[&outputs, &zero, &moods, &last], "logits")
        .done();
    let affect = graph
        .node("Slice", &[&outputs, &moods, &end, &last], "affect")
        .done();
    let affect = graph.node("Tanh", &[&affect], "bounded_affect").done();
    graph
        .node("Concat", &[&logits, &affect], "steps")
        .integer("axis", 2)
        .done();
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::earlier::{FrontEnd, NetworkCard};
    use crate::earlier::{MoodNetwork, OnnxNetwork};
    use burn::module::{Module, Param};
    use burn::tensor::{Device, Tensor, TensorData};
    use ndarray::ArrayView2;
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};
    use undertone::card::{About, FileStamp, LabelSpace};

    use super::super::architecture::Architecture;
    use super::super::network::Normalisation;
    use super::*;

    fn log_mel(frames: usize, rng: &mut StdRng) -> Vec<f32> {
        (0..frames * 96)
            .map(|_| rng.random_range(0.0..5.0))
            .collect()
    }

    /// A network that has seen data, so that no normalisation is the identity.
    fn network(architecture: &Architecture) -> Result<Network> {
        let mut rng = StdRng::seed_from_u64(11);
        let device = Device::default().autodiff();
        let normalisation = Normalisation {
            mean: (0..96).map(|band| 2.0 + band as f32 / 96.0).collect(),
            deviation: 1.3,
        };
        let mut network = Network::new(architecture, &normalisation, 3, &mut rng, &device)?;
        for block in &mut network.blocks {
            // Signs of both kinds: a negative factor turns the order of values round.
            let channels = block.norm.gamma.dims()[0];
            let gamma: Vec<f32> = (0..channels).map(|c| 1.0 - (c % 3) as f32 * 0.9).collect();
            block.norm.gamma = Param::from_data(TensorData::new(gamma, [channels]), &device);
        }
        for _ in 0..3 {
            let data = TensorData::new(log_mel(4 * 128, &mut rng), [4, 128, 96]);
            network.forward(Tensor::from_data(data, &device), None);
        }
        Ok(network.valid())
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

    fn by_burn(network: &Network, input: &[f32]) -> Result<Vec<f32>> {
        let data = TensorData::new(input.to_vec(), [1, input.len() / 96, 96]);
        values(network.forward(Tensor::from_data(data, &Device::default()), None))
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
        for architecture in [Architecture::tiny(), Architecture::default()] {
            let network = network(&architecture)?;
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
        let network = network(&Architecture::default())?;
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
        let network = network(&Architecture::tiny())?;
        let options = ExportOptions::default();
        assert_eq!(to_onnx(&network, options)?, to_onnx(&network, options)?);
        // Two convolutions with their normalisation, the LSTM over 4 channels of 3 bands,
        // the dense layer.
        let convolutions = (3 * 25 + 2 * 3) + (4 * 3 * 9 + 2 * 4);
        let lstm = 2 * 4 * 5 * (4 * 3 + 5 + 1);
        assert_eq!(
            network.parameters(),
            convolutions + lstm + 2 * 5 * OUTPUTS + OUTPUTS
        );
        Ok(())
    }
}

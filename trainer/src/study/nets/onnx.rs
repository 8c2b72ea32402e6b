//! A network of the study as an ONNX file.

use anyhow::{Context, Result, bail};
use burn::nn::BatchNorm;

use super::layer::{Input, Layer};
use super::net::{Conv, Dense, LEAK};
use super::train::Trained;
use crate::learn::neural::onnx::{Graph, batch_norm, lstm, signed};
use crate::learn::neural::{Lstm, values};

/// Writes a trained network as ONNX; the same weights give the same bytes.
///
/// Input `input`: one song, `[1, features]` or `[1, bands, frames]`, as measured: the
/// scaling is part of the file. Output `probabilities`: `[1, classes]`, or `[1, 1]` with
/// the probability of the second of two classes.
///
/// # Errors
/// Where a weight can't be read or the layers do not fit together.
pub fn to_onnx(trained: &Trained) -> Result<Vec<u8>> {
    let mut writer = Writer {
        graph: Graph::new(false),
        nodes: 0,
    };
    let mut value = writer.input(trained)?;
    let net = &trained.net;
    let (mut convs, mut norms) = (net.convs.iter(), net.norms.iter());
    let (mut lstms, mut denses) = (net.lstms.iter(), net.denses.iter());
    let lacking = "the network has weights for fewer layers";
    for &layer in &trained.spec.layers {
        value = match layer {
            Layer::Conv {
                kernel, same, pool, ..
            } => {
                let padding = if same { kernel.map(|k| k / 2) } else { [0, 0] };
                writer.conv(convs.next().context(lacking)?, padding, pool, &value)?
            }
            Layer::BatchNormalization => writer.norm(norms.next().context(lacking)?, &value)?,
            Layer::Lstm { .. } => writer.lstm(lstms.next().context(lacking)?, &value)?,
            Layer::Dense(_) => writer.dense(denses.next().context(lacking)?, &value)?,
            Layer::Dropout(_) => value,
            layer => writer.plain(layer, &value),
        };
    }
    writer.output(trained, &value)
}

/// A graph that names its own values.
struct Writer {
    graph: Graph,
    nodes: usize,
}

impl Writer {
    /// A new name.
    fn name(&mut self, part: &str) -> String {
        self.nodes += 1;
        format!("{part}_{}", self.nodes)
    }

    /// The input, scaled and in the shape that the first layer wants.
    fn input(&mut self, trained: &Trained) -> Result<String> {
        let shape: Vec<usize> = match trained.spec.input {
            Input::Features(count) => vec![1, count],
            Input::Spectrogram([bands, frames]) => vec![1, bands, frames],
        };
        let dims: Vec<String> = shape.iter().map(ToString::to_string).collect();
        let dims: Vec<&str> = dims.iter().map(String::as_str).collect();
        self.graph.input("input", &dims);
        let scale = &trained.scale;
        let mean = self.graph.exact("mean", &[scale.mean.len()], &scale.mean);
        let inverse = self
            .graph
            .exact("inverse", &[scale.inverse.len()], &scale.inverse);
        let centred = self.graph.node("Sub", &["input", &mean], "centred").done();
        let scaled = self
            .graph
            .node("Mul", &[&centred, &inverse], "scaled")
            .done();
        Ok(match shape.len() {
            2 => scaled,
            3 => {
                let axis = self.graph.integers("channel_axis", &[1]);
                self.graph
                    .node("Unsqueeze", &[&scaled, &axis], "maps")
                    .done()
            }
            more => bail!("an input of {more} dimensions"),
        })
    }

    fn conv(
        &mut self,
        layer: &Conv,
        padding: [usize; 2],
        pool: [usize; 2],
        input: &str,
    ) -> Result<String> {
        let name = self.name("conv");
        let shape = layer.weight.dims();
        let weight = values(layer.weight.val())?;
        let weight = self.graph.weight(&format!("{name}_w"), &shape, &weight);
        let bias = values(layer.bias.val())?;
        let bias = self.graph.exact(&format!("{name}_b"), &[shape[0]], &bias);
        let [height, width] = padding.map(signed);
        let maps = self
            .graph
            .node("Conv", &[input, &weight, &bias], &name)
            .integers("kernel_shape", &[signed(shape[2]), signed(shape[3])])
            .integers("pads", &[height, width, height, width])
            .done();
        if pool == [1, 1] {
            return Ok(maps);
        }
        let pool = pool.map(signed);
        let name = self.name("pool");
        Ok(self
            .graph
            .node("MaxPool", &[&maps], &name)
            .integers("kernel_shape", &pool)
            .integers("strides", &pool)
            .done())
    }

    fn norm(&mut self, layer: &BatchNorm, input: &str) -> Result<String> {
        let name = self.name("norm");
        batch_norm(&mut self.graph, &name, layer, input)
    }

    fn lstm(&mut self, layer: &Lstm, input: &str) -> Result<String> {
        let name = self.name("lstm");
        let states = lstm(&mut self.graph, &name, layer, input)?;
        // [steps, directions, 1, hidden] to [steps, 1, directions·hidden].
        let side_by_side = self.name("transposed");
        let states = self
            .graph
            .node("Transpose", &[&states], &side_by_side)
            .integers("perm", &[0, 2, 1, 3])
            .done();
        Ok(self.reshape(&states, &[0, 0, -1]))
    }

    fn dense(&mut self, layer: &Dense, input: &str) -> Result<String> {
        let name = self.name("dense");
        let shape = layer.weight.dims();
        let weight = values(layer.weight.val())?;
        let weight = self.graph.weight(&format!("{name}_w"), &shape, &weight);
        let bias = values(layer.bias.val())?;
        let bias = self.graph.exact(&format!("{name}_b"), &[shape[1]], &bias);
        Ok(self
            .graph
            .node("Gemm", &[input, &weight, &bias], &name)
            .done())
    }

    /// A layer without weights; all that is not in the list passes.
    fn plain(&mut self, layer: Layer, input: &str) -> String {
        match layer {
            Layer::Relu => {
                let name = self.name("relu");
                self.graph.node("Relu", &[input], &name).done()
            }
            Layer::LeakyRelu => {
                let name = self.name("leaky_relu");
                let node = self.graph.node("LeakyRelu", &[input], &name);
                node.float("alpha", LEAK as f32).done()
            }
            Layer::Steps => {
                let name = self.name("frames_first");
                let node = self.graph.node("Transpose", &[input], &name);
                let steps = node.integers("perm", &[3, 0, 1, 2]).done();
                self.reshape(&steps, &[0, 0, -1])
            }
            Layer::Last => {
                let at = self.name("last_step");
                let at = self.graph.integers(&at, &[-1]);
                let name = self.name("last");
                let node = self.graph.node("Gather", &[input, &at], &name);
                let last = node.integer("axis", 0).done();
                self.reshape(&last, &[1, -1])
            }
            Layer::Flatten => self.reshape(input, &[1, -1]),
            _ => input.to_owned(),
        }
    }

    fn reshape(&mut self, input: &str, shape: &[i64]) -> String {
        let wanted = self.name("shape");
        let wanted = self.graph.integers(&wanted, shape);
        let name = self.name("reshaped");
        self.graph.node("Reshape", &[input, &wanted], &name).done()
    }

    fn output(mut self, trained: &Trained, logits: &str) -> Result<Vec<u8>> {
        let outputs = match trained.spec.layers.last() {
            Some(Layer::Dense(units)) => *units,
            _ => bail!("{} does not end in a dense layer", trained.spec.name),
        };
        let operator = if outputs == 1 { "Sigmoid" } else { "Softmax" };
        let node = self.graph.node(operator, &[logits], "probabilities");
        if outputs > 1 {
            node.integer("axis", 1).done();
        } else {
            node.done();
        }
        self.graph
            .output("probabilities", &["1", &outputs.to_string()]);
        Ok(self.graph.encode())
    }
}

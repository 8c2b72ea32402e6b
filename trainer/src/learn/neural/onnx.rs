//! A trained network as an ONNX file.
//!
//! Opset 17, IR version 8: what tract and onnxruntime both read. The file takes one item at
//! a time, as it was measured: the scaling is part of it.

mod graph;

use anyhow::Result;
use burn::nn::BatchNorm;
use undertone::Mood;
use undertone::network::OUTPUTS;

#[cfg(test)]
pub use self::graph::Attribute;
use self::graph::Attribute::{Float, Int, Ints, Text};
pub use self::graph::{Graph, signed};
use super::experts::{SHRINKAGE, units};
use super::layer::{Conv2D, Layer};
use super::lstm::Lstm;
use super::net::{Conv, Dense, LEAK, Net, Weights, values};
use super::spec::{Activation, Head, Input};
use kernels::lstm::GATES;

/// Writes a network as ONNX; the same weights give the same bytes.
///
/// Input: `input`, `[1, features]`, `[1, bands, frames]` or `[1, steps, columns]`.
///
/// Output: one of the name of each head that is not auxiliary, `[1, units]`; or, of a
/// network that looks at a sequence, `[1, steps, units]`. Of two classes there is one unit,
/// the probability of the second.
///
/// # Errors
/// Where a weight can't be read or the layers do not fit together.
pub fn to_onnx(net: &Net) -> Result<Vec<u8>> {
    let mut graph = Graph::new(net.spec.name);
    let input = graph.scaled(net)?;
    let mut value = input.clone();
    for (&layer, weights) in net.spec.layers.iter().zip(&net.layers) {
        value = match (layer, weights) {
            (Layer::Conv2D(conv), Some(Weights::Conv(weights))) => {
                graph.conv(&conv, weights, &value)?
            }
            (_, Some(Weights::Norm(norm))) => graph.norm(norm, &value)?,
            (_, Some(Weights::Lstm(lstm))) => graph.lstm(lstm, &value)?,
            (_, Some(Weights::Dense(dense))) => graph.dense(dense, &value)?,
            (Layer::ConcatenateInput, _) => {
                graph.node("Concat", &[&input, &value], &[("axis", Int(-1))])
            }
            (layer, _) => graph.plain(layer, value),
        };
    }
    for (head, weights) in net.spec.heads.iter().zip(&net.heads) {
        if !head.auxiliary {
            graph.head(head, weights, net, &value)?;
        }
    }
    Ok(graph.encode())
}

/// The parts of a network.
impl Graph {
    /// The input, scaled and in the shape that the first layer wants.
    fn scaled(&mut self, net: &Net) -> Result<String> {
        let input = match net.spec.input {
            Input::Features(count) => self.input("input", &["1", &count.to_string()]),
            Input::Spectrogram([rows, columns]) | Input::Sequence([rows, columns]) => {
                self.input("input", &["1", &rows.to_string(), &columns.to_string()])
            }
        };
        let mean = self.exact(&net.mean.dims(), &values(net.mean.val())?);
        let inverse = self.exact(&net.inverse.dims(), &values(net.inverse.val())?);
        let centred = self.node("Sub", &[&input, &mean], &[]);
        let scaled = self.node("Mul", &[&centred, &inverse], &[]);
        Ok(match net.spec.input {
            Input::Features(_) => scaled,
            Input::Spectrogram(_) => {
                let channel = self.integers(&[1]);
                self.node("Unsqueeze", &[&scaled, &channel], &[])
            }
            Input::Sequence(_) => self.transpose(&scaled, &[1, 0, 2]),
        })
    }

    /// The normalisation behind it stays an operator of its own: it follows the pooling, and
    /// a negative factor does not commute with a maximum.
    fn conv(&mut self, conv: &Conv2D, weights: &Conv, input: &str) -> Result<String> {
        let weight = self.exact(&weights.weight.dims(), &values(weights.weight.val())?);
        let bias = self.exact(&[conv.filters], &values(weights.bias.val())?);
        let [height, width] = conv.padding().map(signed);
        let maps = self.node(
            "Conv",
            &[input, &weight, &bias],
            &[
                ("kernel_shape", Ints(&conv.kernel.map(signed))),
                ("pads", Ints(&[height, width, height, width])),
            ],
        );
        let pool = conv.pool.map(signed);
        Ok(if pool == [1, 1] {
            maps
        } else {
            self.pool("MaxPool", &maps, &pool)
        })
    }

    fn pool(&mut self, operator: &str, input: &str, window: &[i64]) -> String {
        let attributes = [("kernel_shape", Ints(window)), ("strides", Ints(window))];
        self.node(operator, &[input], &attributes)
    }

    /// Normalisation of channels by the running statistics.
    fn norm(&mut self, norm: &BatchNorm, input: &str) -> Result<String> {
        let mut inputs = vec![input.to_owned()];
        for tensor in [
            norm.gamma.val(),
            norm.beta.val(),
            norm.running_mean.value(),
            norm.running_var.value(),
        ] {
            let values = values(tensor)?;
            inputs.push(self.exact(&[values.len()], &values));
        }
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let epsilon = Float(norm.epsilon as f32);
        Ok(self.node("BatchNormalization", &inputs, &[("epsilon", epsilon)]))
    }

    /// `[steps, 1, directions·hidden]`. ONNX wants the gates as rows and the input's weights
    /// apart from the hidden state's; their order (i, o, f, c) is that of [`Lstm`].
    fn lstm(&mut self, layer: &Lstm, input: &str) -> Result<String> {
        let [directions, rows, width] = layer.weight.dims();
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
        let weight = self.exact(&[directions, width, inputs], &transposed(0, inputs));
        let recurrent = self.exact(&[directions, width, hidden], &transposed(inputs, rows));
        // Each direction: the bias of the input, then that of the hidden state, all zero.
        let bias: Vec<f32> = values(layer.bias.val())?
            .chunks_exact(GATES * hidden)
            .flat_map(|bias| [bias, &vec![0.0; bias.len()]].concat())
            .collect();
        let bias = self.exact(&[directions, 2 * width], &bias);
        let direction = match directions {
            1 => "forward",
            _ => "bidirectional",
        };
        let states = self.node(
            "LSTM",
            &[input, &weight, &recurrent, &bias],
            &[
                ("hidden_size", Int(signed(hidden))),
                ("direction", Text(direction)),
            ],
        );
        // From [steps, directions, 1, hidden].
        let states = self.transpose(&states, &[0, 2, 1, 3]);
        Ok(self.reshape(&states, &[0, 0, -1]))
    }

    fn dense(&mut self, layer: &Dense, input: &str) -> Result<String> {
        let weight = self.exact(&layer.weight.dims(), &values(layer.weight.val())?);
        let product = self.node("MatMul", &[input, &weight], &[]);
        let bias = self.exact(&layer.bias.dims(), &values(layer.bias.val())?);
        Ok(self.node("Add", &[&product, &bias], &[]))
    }

    /// A layer without weights.
    fn plain(&mut self, layer: Layer, value: String) -> String {
        match layer {
            Layer::Relu => self.node("Relu", &[&value], &[]),
            Layer::LeakyRelu => self.node("LeakyRelu", &[&value], &[("alpha", Float(LEAK as f32))]),
            Layer::Steps => {
                let steps = self.transpose(&value, &[3, 0, 1, 2]);
                self.reshape(&steps, &[0, 0, -1])
            }
            Layer::Last => {
                let last = self.integers(&[-1]);
                let last = self.node("Gather", &[&value, &last], &[("axis", Int(0))]);
                self.reshape(&last, &[1, -1])
            }
            Layer::Flatten => self.reshape(&value, &[1, -1]),
            // Dropout; all that has weights is written elsewhere.
            _ => value,
        }
    }

    /// See [`super::experts`]; of raw answers `[steps, 1, units]`.
    fn experts(&mut self, experts: usize, raw: &str) -> String {
        let axis = self.integers(&[-1]);
        let ends = [0, Mood::COUNT, OUTPUTS, OUTPUTS + experts, units(experts)];
        let [zero, moods, rest, gate, end] = ends.map(|at| self.integers(&[signed(at)]));
        let mut slice = |from: &str, to: &str| self.node("Slice", &[raw, from, to, &axis], &[]);
        let [shared, rest, gate, corrections] = [
            slice(&zero, &moods),
            slice(&moods, &rest),
            slice(&rest, &gate),
            slice(&gate, &end),
        ];
        let shrinkage = self.exact(&[1], &[SHRINKAGE]);
        let weights = self.node("Softmax", &[&gate], &[("axis", Int(-1))]);
        let weights = self.node("Mul", &[&weights, &shrinkage], &[]);
        let shape = [0, experts, Mood::COUNT].map(signed);
        let corrections = self.reshape(&corrections, &shape);
        let sum = self.node("MatMul", &[&weights, &corrections], &[]);
        let logits = self.node("Add", &[&shared, &sum], &[]);
        self.node("Concat", &[&logits, &rest], &[("axis", Int(-1))])
    }

    fn head(&mut self, head: &Head, weights: &Dense, net: &Net, features: &str) -> Result<()> {
        let answer = self.dense(weights, features)?;
        let answer = match head.activation {
            Activation::Linear | Activation::Experts(0) => answer,
            Activation::Sigmoid => self.node("Sigmoid", &[&answer], &[]),
            Activation::Softmax => self.node("Softmax", &[&answer], &[("axis", Int(-1))]),
            Activation::Experts(experts) => self.experts(experts, &answer),
        };
        let units = match head.activation {
            Activation::Experts(_) => OUTPUTS.to_string(),
            _ => head.units.to_string(),
        };
        if let Input::Sequence([steps, _]) = net.spec.input {
            let answer = self.transpose(&answer, &[1, 0, 2]);
            self.output(&answer, head.name, &["1", &steps.to_string(), &units]);
        } else {
            self.output(&answer, head.name, &["1", &units]);
        }
        Ok(())
    }
}

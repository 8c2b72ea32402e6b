//! Writes the taggers' ONNX files: the teacher without its 527 classes, or its first layers
//! alone, with the layer of moods in their place, and with weights of 8 bits wherever that
//! loses nothing.

use std::collections::HashSet;

use anyhow::{Context, Result, bail, ensure};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use prost::Message;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto,
};
use undertone::Mood;

use super::head::Head;
use crate::learn::neural::signed;
use crate::learn::teach::{FIRST_LAYERS, LEAST_SHARE, LEVEL_DB, MOODS, TOKEN_WIDTH, after_layers};

/// The teacher's outputs that stay inside.
const PROBABILITIES: &str = "probs";
const EMBEDDING: &str = "embedding";
/// The teacher's input.
const INPUT: &str = "mel_db";
/// The tagger's output, `[1, 4]`.
const LOGITS: &str = "logits";
/// Tensors of fewer numbers stay as they are.
const LEAST_QUANTIZED: usize = 256;
/// Greatest 8-bit number.
const GREATEST: f32 = 127.0;
/// How far from a whole number of steps a weight may lie, in steps: rounding of 32 bits.
const OFF_GRID: f32 = 1e-3;

/// The tagger's file.
///
/// # Errors
/// Where the teacher has another shape than CED-tiny's.
pub fn write(teacher: &[u8], head: &Head) -> Result<Vec<u8>> {
    let mut model = ModelProto::decode(teacher)?;
    let graph = model.graph.as_mut().context("the file has no graph")?;
    let Classes {
        input,
        weights,
        bias,
    } = cut_classes(graph)?;
    let (labels, moods) = head.weights.view().split_at(Axis(0), TOKEN_WIDTH);
    let zero = Array1::zeros(Mood::COUNT);
    add_gemm(graph, EMBEDDING, "by_labels", labels.t(), &zero);
    add_gemm(graph, &input, "classes", weights.view(), &bias);
    add_odds(graph);
    add_gemm(graph, "odds", "by_moods", moods.t(), &head.intercept);
    let sum = node("Add", &["by_labels", "by_moods"], LOGITS);
    graph.node.push(sum);
    finish(graph)?;
    Ok(model.encode_to_vec())
}

/// The small tagger's file.
///
/// # Errors
/// Where the teacher has another shape than CED-tiny's.
pub fn write_small(teacher: &[u8], head: &Head) -> Result<Vec<u8>> {
    let mut model = ModelProto::decode(teacher)?;
    let graph = model.graph.as_mut().context("the file has no graph")?;
    let first = after_layers(graph, FIRST_LAYERS)?;
    let mut mean = take(graph, EMBEDDING, "ReduceMean")?;
    mean.input[0] = first;
    graph.node.push(mean);
    add_gemm(graph, EMBEDDING, LOGITS, head.weights.t(), &head.intercept);
    finish(graph)?;
    Ok(model.encode_to_vec())
}

/// Makes the logits the only output, the input louder by [`LEVEL_DB`], and the file small.
fn finish(graph: &mut GraphProto) -> Result<()> {
    const RAISED: &str = "raised";
    graph.output = vec![ValueInfoProto {
        name: LOGITS.to_owned(),
        ..ValueInfoProto::default()
    }];
    // The input is made louder.
    let inputs = graph.node.iter_mut().flat_map(|node| &mut node.input);
    inputs
        .filter(|input| *input == INPUT)
        .for_each(|input| RAISED.clone_into(input));
    let level = float_tensor("level", &[], &[LEVEL_DB]);
    graph.initializer.push(level);
    graph.node.insert(0, node("Add", &[INPUT, "level"], RAISED));
    prune(graph);
    quantize(graph)
}

/// Takes out what the output does not need; the nodes stand in order.
fn prune(graph: &mut GraphProto) {
    let mut needed: HashSet<String> = HashSet::from([LOGITS.to_owned()]);
    let mut nodes = std::mem::take(&mut graph.node);
    nodes.reverse();
    for node in nodes {
        if node.output.iter().any(|name| needed.contains(name)) {
            needed.extend(node.input.iter().cloned());
            graph.node.push(node);
        }
    }
    graph.node.reverse();
    let constants = &mut graph.initializer;
    constants.retain(|tensor| needed.contains(&tensor.name));
    graph.value_info.clear();
}

/// The teacher's last layer, its mood classes alone.
struct Classes {
    /// Name of what it looks at.
    input: String,
    /// `[MOODS, TOKEN_WIDTH]`.
    weights: Array2<f64>,
    /// `[MOODS]`.
    bias: Array1<f64>,
}

/// Takes the layer of classes and its sigmoid out of the graph.
fn cut_classes(graph: &mut GraphProto) -> Result<Classes> {
    let sigmoid = take(graph, PROBABILITIES, "Sigmoid")?;
    let layer = take(graph, &sigmoid.input[0], "Gemm")?;
    let [input, weights, bias] = layer.input.as_slice() else {
        bail!(
            "the layer of classes has {} inputs, expected 3",
            layer.input.len()
        );
    };
    let mut numbers = |name: &str| -> Result<Vec<f32>> {
        let tensors = &mut graph.initializer;
        let at = tensors.iter().position(|tensor| tensor.name == name);
        floats(&tensors.remove(at.with_context(|| format!("no tensor {name}"))?))
    };
    let (all, biases) = (numbers(weights)?, numbers(bias)?);
    let all = Array2::from_shape_vec((biases.len(), TOKEN_WIDTH), all)?;
    let last = MOODS.iter().max().copied().unwrap_or_default();
    let n_classes = biases.len();
    ensure!(last < n_classes, "the teacher has {n_classes} classes");
    Ok(Classes {
        input: input.clone(),
        weights: all.select(Axis(0), &MOODS).mapv(f64::from),
        bias: MOODS
            .iter()
            .map(|&class| f64::from(biases[class]))
            .collect(),
    })
}

/// Removes the node with that output.
fn take(graph: &mut GraphProto, output: &str, op_type: &str) -> Result<NodeProto> {
    let made = |node: &NodeProto| node.output.iter().any(|name| name == output);
    let at = graph.node.iter().position(made);
    let node = graph
        .node
        .remove(at.with_context(|| format!("the graph has no {output}"))?);
    ensure!(
        node.op_type == op_type && !node.input.is_empty(),
        "{output} comes from {}, expected {op_type}",
        node.op_type
    );
    Ok(node)
}

/// The log-odds of the classes as the lessons hold them: of shares that are never quite 0.
fn add_odds(graph: &mut GraphProto) {
    let constants = [("least", LEAST_SHARE), ("most", 1.0 + LEAST_SHARE)];
    let constants = constants.map(|(name, value)| float_tensor(name, &[], &[value]));
    graph.initializer.extend(constants);
    graph.node.extend([
        node("Sigmoid", &["classes"], "shares"),
        node("Add", &["shares", "least"], "for"),
        node("Sub", &["most", "shares"], "against"),
        node("Div", &["for", "against"], "ratio"),
        node("Log", &["ratio"], "odds"),
    ]);
}

fn node(op_type: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: op_type.to_owned(),
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

/// `input · weightsᵀ + bias`.
fn add_gemm(
    graph: &mut GraphProto,
    input: &str,
    output: &str,
    weights: ArrayView2<f64>,
    bias: &Array1<f64>,
) {
    let (weights_name, bias_name) = (format!("{output}.weight"), format!("{output}.bias"));
    let dims = [weights.nrows(), weights.ncols()];
    let weights: Vec<f32> = weights.iter().map(|&v| v as f32).collect();
    let bias: Vec<f32> = bias.iter().map(|&v| v as f32).collect();
    graph.initializer.extend([
        float_tensor(&weights_name, &dims, &weights),
        float_tensor(&bias_name, &dims[..1], &bias),
    ]);
    graph.node.push(NodeProto {
        attribute: vec![AttributeProto {
            name: "transB".to_owned(),
            r#type: AttributeType::Int as i32,
            i: 1,
            ..AttributeProto::default()
        }],
        ..node("Gemm", &[input, &weights_name, &bias_name], output)
    });
}

/// Stores every large tensor whose numbers are whole multiples of one step, at most 127 of
/// them, as 8-bit numbers with a `DequantizeLinear` behind it.
fn quantize(graph: &mut GraphProto) -> Result<()> {
    let mut nodes = Vec::new();
    let mut scales = Vec::new();
    for tensor in &mut graph.initializer {
        if tensor.data_type != DataType::Float as i32 {
            continue;
        }
        let values = floats(tensor)?;
        let Some((step, steps)) = on_grid(&values) else {
            continue;
        };
        let name = std::mem::take(&mut tensor.name);
        tensor.name = format!("{name}.int8");
        tensor.data_type = DataType::Int8 as i32;
        tensor.float_data.clear();
        tensor.raw_data = steps.into_iter().map(i8::cast_unsigned).collect();
        let scale = format!("{name}.scale");
        scales.push(float_tensor(&scale, &[], &[step]));
        nodes.push(node("DequantizeLinear", &[&tensor.name, &scale], &name));
    }
    graph.initializer.extend(scales);
    nodes.append(&mut graph.node);
    graph.node = nodes;
    Ok(())
}

/// The step and the number of steps of each value; `None` where there is no such grid.
fn on_grid(values: &[f32]) -> Option<(f32, Vec<i8>)> {
    let greatest = values.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
    if values.len() < LEAST_QUANTIZED || greatest == 0.0 {
        return None;
    }
    let step = greatest / GREATEST;
    let steps = values.iter().map(|value| {
        let steps = value / step;
        ((steps - steps.round()).abs() < OFF_GRID).then_some(steps.round() as i8)
    });
    Some((step, steps.collect::<Option<Vec<i8>>>()?))
}

fn float_tensor(name: &str, shape: &[usize], values: &[f32]) -> TensorProto {
    TensorProto {
        name: name.to_owned(),
        dims: shape.iter().copied().map(signed).collect(),
        data_type: DataType::Float as i32,
        raw_data: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        ..TensorProto::default()
    }
}

fn floats(tensor: &TensorProto) -> Result<Vec<f32>> {
    ensure!(
        tensor.data_type == DataType::Float as i32,
        "the tensor {} is not of floats",
        tensor.name
    );
    if tensor.raw_data.is_empty() {
        return Ok(tensor.float_data.clone());
    }
    let (chunks, rest) = tensor.raw_data.as_chunks();
    ensure!(rest.is_empty(), "the tensor {} is cut off", tensor.name);
    Ok(chunks.iter().copied().map(f32::from_le_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::teach::TAUGHT;

    #[test]
    fn only_what_lies_on_a_grid_is_stored_in_8_bits() {
        let grid: Vec<f32> = (0..LEAST_QUANTIZED)
            .map(|i| (i % 255) as f32 * 0.3 - 38.1)
            .collect();
        let (step, steps) = on_grid(&grid).unwrap();
        for (value, steps) in grid.iter().zip(&steps) {
            assert!((value - f32::from(*steps) * step).abs() < 1e-4);
        }
        let mut off = grid.clone();
        off[7] += 0.1;
        assert!(on_grid(&off).is_none());
        assert!(on_grid(&grid[..10]).is_none(), "small tensors stay");
    }

    #[test]
    fn another_graph_is_refused() {
        let head = Head {
            inputs: 0..TAUGHT,
            weights: Array2::zeros((TAUGHT, Mood::COUNT)),
            intercept: Array1::zeros(Mood::COUNT),
        };
        assert!(write(b"no model", &head).is_err());
        let error = write(&ModelProto::default().encode_to_vec(), &head).unwrap_err();
        assert!(error.to_string().contains("graph"), "{error}");
    }
}

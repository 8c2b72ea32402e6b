//! Writes the network's ONNX file: the body without its 527 classes, or its first layers
//! alone, with the trained layers behind them, and with weights of 8 bits wherever that loses
//! nothing.

use std::collections::HashSet;

use anyhow::{Context, Result, ensure};
use prost::Message;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto};

use super::ced::{LEVEL_DB, pooling, tokens_after};
use super::size::Size;
use crate::learn::neural::signed;

/// The body's input.
const INPUT: &str = "mel_db";
/// The network's output, `[1, WINDOW_STEPS, OUTPUTS]`.
const ANSWERS: &str = "answers";
/// Tensors of fewer numbers stay as they are.
const LEAST_QUANTIZED: usize = 256;
/// Greatest 8-bit number.
const GREATEST: f32 = 127.0;
/// How far from a whole number of steps a weight may lie, in steps: rounding of 32 bits.
const OFF_GRID: f32 = 1e-3;

/// The network's file: the layers of the body of that size, and behind them the layers of
/// `head`, a file of one input `[1, WINDOW_STEPS, WIDTH]` and the output `answers`.
///
/// # Errors
/// Where the body has another shape than CED-tiny's, or the head another output.
pub fn write(body: &[u8], size: Size, head: &[u8]) -> Result<Vec<u8>> {
    let mut model = ModelProto::decode(body)?;
    let graph = model.graph.as_mut().context("the file has no graph")?;
    let tokens = tokens_after(graph, size.layers())?;
    add_level(graph);
    let steps = add_pooling(graph, &tokens);
    add_head(graph, &steps, head)?;
    prune(graph);
    quantize(graph)?;
    Ok(model.encode_to_vec())
}

/// Makes the input louder by [`LEVEL_DB`].
fn add_level(graph: &mut GraphProto) {
    const RAISED: &str = "raised";
    let inputs = graph.node.iter_mut().flat_map(|node| &mut node.input);
    inputs
        .filter(|input| *input == INPUT)
        .for_each(|input| RAISED.clone_into(input));
    graph.initializer.push(floats("level", &[], &[LEVEL_DB]));
    graph.node.insert(0, node("Add", &[INPUT, "level"], RAISED));
}

/// The mean token of every second, `[1, WINDOW_STEPS, WIDTH]`; its name.
fn add_pooling(graph: &mut GraphProto, tokens: &str) -> String {
    const STEPS: &str = "seconds";
    let pooling = pooling();
    let shares: Vec<f32> = pooling.iter().copied().collect();
    let dims = [pooling.nrows(), pooling.ncols()].map(signed);
    graph.initializer.push(floats("shares", &dims, &shares));
    graph.node.push(node("MatMul", &["shares", tokens], STEPS));
    STEPS.to_owned()
}

/// Puts the nodes of another graph behind the value `input`, and makes its output the only one.
fn add_head(graph: &mut GraphProto, input: &str, head: &[u8]) -> Result<()> {
    let head = ModelProto::decode(head)?;
    let head = head.graph.context("the trained layers have no graph")?;
    let ([from], [to]) = (head.input.as_slice(), head.output.as_slice()) else {
        anyhow::bail!("the trained layers have more than one input or output");
    };
    ensure!(
        to.name == ANSWERS,
        "the trained layers answer with {}, expected {ANSWERS}",
        to.name
    );
    let renamed = |name: &str| match name {
        "" | ANSWERS => name.to_owned(),
        name if name == from.name => input.to_owned(),
        name => format!("head.{name}"),
    };
    for mut tensor in head.initializer {
        tensor.name = renamed(&tensor.name);
        graph.initializer.push(tensor);
    }
    for mut node in head.node {
        for name in node.input.iter_mut().chain(&mut node.output) {
            *name = renamed(name);
        }
        node.name = renamed(&node.name);
        graph.node.push(node);
    }
    graph.output = vec![ValueInfoProto {
        name: ANSWERS.to_owned(),
        ..ValueInfoProto::default()
    }];
    Ok(())
}

/// Takes out what the output does not need; the nodes stand in order.
fn prune(graph: &mut GraphProto) {
    let mut needed: HashSet<String> = HashSet::from([ANSWERS.to_owned()]);
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

/// Stores every large tensor whose numbers are whole multiples of one step, at most 127 of
/// them, as 8-bit numbers with a `DequantizeLinear` behind it.
fn quantize(graph: &mut GraphProto) -> Result<()> {
    let mut nodes = Vec::new();
    let mut scales = Vec::new();
    for tensor in &mut graph.initializer {
        if tensor.data_type != DataType::Float as i32 {
            continue;
        }
        let values = values(tensor)?;
        let Some((step, steps)) = on_grid(&values) else {
            continue;
        };
        let name = std::mem::take(&mut tensor.name);
        tensor.name = format!("{name}.int8");
        tensor.data_type = DataType::Int8 as i32;
        tensor.float_data.clear();
        tensor.raw_data = steps.into_iter().map(i8::cast_unsigned).collect();
        let scale = format!("{name}.scale");
        scales.push(floats(&scale, &[], &[step]));
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

fn node(op_type: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: op_type.to_owned(),
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

fn floats(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
    let raw = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    tensor(name, dims, DataType::Float, raw)
}

fn tensor(name: &str, dims: &[i64], data_type: DataType, raw_data: Vec<u8>) -> TensorProto {
    TensorProto {
        name: name.to_owned(),
        dims: dims.to_vec(),
        data_type: data_type as i32,
        raw_data,
        ..TensorProto::default()
    }
}

fn values(tensor: &TensorProto) -> Result<Vec<f32>> {
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
        assert!(write(b"no model", Size::Small, &[]).is_err());
        let empty = ModelProto::default().encode_to_vec();
        let error = write(&empty, Size::Small, &[]).unwrap_err();
        assert!(error.to_string().contains("graph"), "{error}");
    }
}

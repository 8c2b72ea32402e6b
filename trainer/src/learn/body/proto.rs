//! Parts of an ONNX file.

use std::collections::HashSet;

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto};

/// The body's input.
pub(super) const INPUT: &str = "mel_db";
/// The input, made louder.
pub(super) const RAISED: &str = "raised";
/// The mean tokens of every second.
pub(super) const SECONDS: &str = "seconds";

/// A whole number that a node is told.
pub(super) fn whole(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type: AttributeType::Int as i32,
        i: value,
        ..AttributeProto::default()
    }
}

/// A node of one output.
pub(super) fn node(op_type: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: op_type.to_owned(),
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

/// Numbers of that shape, row by row.
pub(super) fn floats(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
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

/// Takes from a network that [`super::write`] has written what stands before its body, and tells the
/// names of the body's tokens; `None` of another graph.
pub(super) fn uncover(graph: &mut GraphProto) -> Option<Vec<String>> {
    let tokens = (0..).map_while(|layer| {
        let mean = format!("{SECONDS}.{layer}");
        let mut nodes = graph.node.iter();
        let pooling = nodes.find(|node| node.output.first() == Some(&mean))?;
        pooling.input.get(1).cloned()
    });
    let tokens: Vec<String> = tokens.collect();
    if tokens.is_empty() {
        return None;
    }
    let raises = |node: &NodeProto| node.output.iter().any(|name| name == RAISED);
    graph.node.retain(|node| !raises(node));
    let inputs = graph.node.iter_mut().flat_map(|node| &mut node.input);
    inputs
        .filter(|input| *input == RAISED)
        .for_each(|input| INPUT.clone_into(input));
    Some(tokens)
}

/// Makes these the only outputs, and takes out what they do not need; the nodes stand in order.
pub(super) fn keep_only(graph: &mut GraphProto, outputs: &[String]) {
    let mut needed: HashSet<String> = outputs.iter().cloned().collect();
    let outputs = outputs.iter().map(|name| ValueInfoProto {
        name: name.clone(),
        ..ValueInfoProto::default()
    });
    graph.output = outputs.collect();
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

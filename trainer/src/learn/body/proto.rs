//! Parts of an ONNX file.

use std::collections::HashSet;

use tract_onnx::pb::{GraphProto, NodeProto, ValueInfoProto};

/// The body's input.
pub(super) const INPUT: &str = "mel_db";
/// The input, made louder.
pub(super) const RAISED: &str = "raised";
/// The mean tokens of every second.
pub(super) const SECONDS: &str = "seconds";

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

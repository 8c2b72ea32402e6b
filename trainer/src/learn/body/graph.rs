//! Writes the network's ONNX file: the body without its 527 classes, with the trained layers
//! behind it.

use anyhow::{Context, Result, ensure};
use prost::Message;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto};

use super::ced::{Body, LEVEL_DB, pooling};
use super::grid;
use undertone::network::proto::{floats, node, whole};

use super::proto::{INPUT, RAISED, SECONDS, keep_only};
use crate::learn::neural::signed;

/// The network's output, `[1, WINDOW_STEPS, OUTPUTS]`.
const ANSWERS: &str = "answers";

/// The network's file: the body, and behind it the layers of `head`, a file of one input
/// `[1, WINDOW_STEPS, WIDTH]` and the output `answers`.
///
/// # Errors
/// Where the head has another output.
pub fn write(body: &Body, head: &[u8]) -> Result<Vec<u8>> {
    let mut model = body.model.clone();
    model.metadata_props.clear();
    let graph = model.graph.as_mut().context("the file has no graph")?;
    add_level(graph);
    let seconds = add_pooling(graph, &body.tokens);
    add_head(graph, &seconds, head)?;
    keep_only(graph, &[ANSWERS.to_owned()]);
    grid::round_to_nearest(graph, |_| true)?;
    Ok(model.encode_to_vec())
}

/// Makes the input louder by [`LEVEL_DB`].
fn add_level(graph: &mut GraphProto) {
    let inputs = graph.node.iter_mut().flat_map(|node| &mut node.input);
    inputs
        .filter(|input| *input == INPUT)
        .for_each(|input| RAISED.clone_into(input));
    graph.initializer.push(floats("level", &[], &[LEVEL_DB]));
    graph.node.insert(0, node("Add", &[INPUT, "level"], RAISED));
}

/// The mean tokens of every second, `[1, WINDOW_STEPS, WIDTH]`; their name.
fn add_pooling(graph: &mut GraphProto, tokens: &[String]) -> String {
    let pooling = pooling();
    let shares: Vec<f32> = pooling.iter().copied().collect();
    let dims = [pooling.nrows(), pooling.ncols()].map(signed);
    graph.initializer.push(floats("shares", &dims, &shares));
    let mut means = Vec::new();
    for (layer, tokens) in tokens.iter().enumerate() {
        let mean = format!("{SECONDS}.{layer}");
        graph.node.push(node("MatMul", &["shares", tokens], &mean));
        means.push(mean);
    }
    let means: Vec<&str> = means.iter().map(String::as_str).collect();
    graph.node.push(NodeProto {
        attribute: vec![whole("axis", 2)],
        ..node("Concat", &means, SECONDS)
    });
    SECONDS.to_owned()
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
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_graph_is_refused() {
        let of = |bytes: &[u8]| Body::of(bytes, || Ok(Vec::new())).map(|_| ());
        assert!(of(b"no model").is_err());
        let empty = ModelProto::default().encode_to_vec();
        let error = of(&empty).unwrap_err();
        assert!(error.to_string().contains("graph"), "{error}");
    }
}

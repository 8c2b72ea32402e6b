//! An ONNX graph in parts.

use std::collections::{HashMap, HashSet};

use tract_onnx::pb::{GraphProto, NodeProto, TensorProto, ValueInfoProto};

use super::proto::value;

/// Fewest nodes of a part: about a layer of a transformer. Fewer would take nodes apart that the
/// engine joins.
const FEWEST: usize = 24;

/// Cuts a graph wherever all that follows needs one value only, so that each part's output is the
/// next one's input. The engine looks through all nodes for every change that it makes to one:
/// many small graphs take less time than a large one. Nodes stand in the order in which they run,
/// as ONNX asks.
pub(super) fn cut(graph: GraphProto) -> Vec<GraphProto> {
    let cuts = cuts(&graph);
    let GraphProto {
        node: mut nodes,
        initializer,
        mut input,
        output,
        ..
    } = graph;
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for (end, name) in cuts {
        let rest = nodes.split_off(end - from);
        let outputs = vec![value(&name)];
        parts.push(part(nodes, input, outputs.clone()));
        (nodes, input, from) = (rest, outputs, end);
    }
    parts.push(part(nodes, input, output));
    hand_out(initializer, &mut parts);
    parts
}

/// How many nodes stand before each cut, and what goes over it.
fn cuts(graph: &GraphProto) -> Vec<(usize, String)> {
    let mut last_use: HashMap<&str, usize> = HashMap::new();
    for (at, node) in graph.node.iter().enumerate() {
        last_use.extend(node.input.iter().map(|name| (name.as_str(), at)));
    }
    let outputs = graph.output.iter();
    last_use.extend(outputs.map(|output| (output.name.as_str(), graph.node.len())));
    let is_needed = |name: &str, at: usize| last_use.get(name).is_some_and(|&last| last > at);
    let inputs = graph.input.iter();
    let mut open: Vec<&str> = inputs.map(|input| input.name.as_str()).collect();
    let mut cuts: Vec<(usize, String)> = Vec::new();
    for (at, node) in graph.node.iter().enumerate() {
        open.extend(node.output.iter().map(String::as_str));
        open.retain(|name| is_needed(name, at));
        let (end, before) = (at + 1, cuts.last().map_or(0, |(end, _)| *end));
        let is_long = end - before >= FEWEST && graph.node.len() - end >= FEWEST;
        if let ([value], true) = (open.as_slice(), is_long) {
            cuts.push((end, (*value).to_owned()));
        }
    }
    cuts
}

fn part(
    node: Vec<NodeProto>,
    input: Vec<ValueInfoProto>,
    output: Vec<ValueInfoProto>,
) -> GraphProto {
    GraphProto {
        node,
        input,
        output,
        ..GraphProto::default()
    }
}

/// Gives each part the constants that it names.
fn hand_out(constants: Vec<TensorProto>, parts: &mut [GraphProto]) {
    let named = |part: &GraphProto| -> HashSet<String> {
        part.node
            .iter()
            .flat_map(|node| node.input.clone())
            .collect()
    };
    let named: Vec<_> = parts.iter().map(named).collect();
    for tensor in constants {
        let mut users =
            (parts.iter_mut().zip(&named)).filter(|(_, named)| named.contains(&tensor.name));
        let Some((first, _)) = users.next() else {
            continue;
        };
        for (other, _) in users {
            other.initializer.push(tensor.clone());
        }
        first.initializer.push(tensor);
    }
}

#[cfg(test)]
mod tests {
    use tract_onnx::pb::{ModelProto, OperatorSetIdProto};
    use tract_onnx::prelude::*;

    use super::super::proto::{floats, node};
    use super::*;

    /// Layers that add and multiply in turn; what goes into the one in the middle goes around the
    /// three behind it, too. All multiply by one number, each adds its own.
    fn graph(layers: usize) -> GraphProto {
        let value = |layer: usize| format!("value {layer}");
        let mut nodes = Vec::new();
        let mut initializer = vec![floats("factor", &[], &[0.7])];
        for layer in 0..layers {
            let own = format!("own {layer}");
            initializer.push(floats(&own, &[2], &[layer as f32, 0.3]));
            let (from, to) = (value(layer), value(layer + 1));
            nodes.push(match layer {
                _ if layer == layers / 2 + 3 => node("Add", &[&from, &value(layers / 2)], &to),
                _ if layer % 2 == 0 => node("Mul", &[&from, "factor"], &to),
                _ => node("Add", &[&from, &own], &to),
            });
        }
        GraphProto {
            input: vec![super::value(&value(0))],
            output: vec![super::value(&value(layers))],
            initializer,
            node: nodes,
            ..GraphProto::default()
        }
    }

    fn answer(graph: GraphProto, heard: Tensor) -> Tensor {
        let file = ModelProto {
            opset_import: vec![OperatorSetIdProto {
                version: 17,
                ..OperatorSetIdProto::default()
            }],
            graph: Some(graph),
            ..ModelProto::default()
        };
        let model = tract_onnx::onnx().model_for_proto_model(&file).unwrap();
        let plan = model.with_input_fact(0, f32::fact([2]).into()).unwrap();
        let plan = plan.into_optimized().unwrap().into_runnable().unwrap();
        plan.run(tvec!(heard.into())).unwrap()[0]
            .clone()
            .into_tensor()
    }

    #[test]
    fn each_part_hears_what_the_one_before_it_answers() {
        for layers in [1, FEWEST, 2 * FEWEST - 1, 2 * FEWEST, 5 * FEWEST, 200] {
            let whole = graph(layers);
            let parts = cut(whole.clone());
            assert_eq!(parts.len(), (layers / FEWEST).max(1), "{layers}");
            let nodes = parts.iter().flat_map(|part| part.node.clone());
            assert!(nodes.eq(whole.node.clone()), "all of them, in their order");
            for pair in parts.windows(2) {
                assert_eq!(pair[0].output, pair[1].input);
            }
            let heard = tensor1(&[0.1_f32, -2.0]);
            let heard_in_parts = parts
                .into_iter()
                .fold(heard.clone(), |heard, part| answer(part, heard));
            assert_eq!(heard_in_parts, answer(whole, heard), "{layers}");
        }
    }

    #[test]
    fn nothing_is_cut_where_two_values_go_over() {
        let whole = graph(4 * FEWEST);
        for (end, _) in cuts(&whole) {
            let around = 2 * FEWEST + 1..2 * FEWEST + 4;
            assert!(!around.contains(&end), "{end}");
        }
        let mut two = whole.clone();
        two.output.push(super::value("value 1"));
        assert!(
            cuts(&two).is_empty(),
            "what the graph answers is needed to the end"
        );
    }
}

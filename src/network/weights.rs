//! The weights of an ONNX file as numbers.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, NodeProto, TensorProto};

use super::proto::tensor;

/// Replaces whole numbers of steps and the `DequantizeLinear` behind them by what they stand for,
/// as that operator of ONNX is defined, without a zero point. The engine would do the same at
/// three times the memory and a third of the time that loading takes.
pub(super) fn dequantize(graph: &mut GraphProto) {
    let constants = std::mem::take(&mut graph.initializer);
    let of = |name: &str| constants.iter().find(|tensor| tensor.name == name);
    let numbers = |node: &NodeProto| {
        let [steps, step] = node.input.as_slice() else {
            return None;
        };
        let weights = product(node, of(steps)?, of(step)?)?;
        (node.op_type == "DequantizeLinear").then_some((weights, [steps.clone(), step.clone()]))
    };
    let mut weights = Vec::new();
    let mut used = Vec::new();
    graph.node.retain(|node| match numbers(node) {
        Some((tensor, inputs)) => {
            weights.push(tensor);
            used.extend(inputs);
            false
        }
        None => true,
    });
    graph.initializer = constants;
    graph
        .initializer
        .retain(|tensor| !used.contains(&tensor.name));
    graph.initializer.append(&mut weights);
}

/// Steps, each times the one step, or the step of its place along the node's axis; `None` where
/// they are of another form.
fn product(node: &NodeProto, steps: &TensorProto, step: &TensorProto) -> Option<TensorProto> {
    let is = |tensor: &TensorProto, kind: DataType| tensor.data_type == kind as i32;
    if !is(steps, DataType::Int8) || !is(step, DataType::Float) {
        return None;
    }
    let axis = node.attribute.iter().find(|given| given.name == "axis");
    let axis = usize::try_from(axis.map_or(1, |given| given.i)).ok()?;
    let sizes: Option<Vec<usize>> = (steps.dims.iter())
        .map(|&size| usize::try_from(size).ok())
        .collect();
    let sizes = sizes?;
    let (columns, stride) = (
        *sizes.get(axis)?,
        sizes[axis + 1..].iter().product::<usize>(),
    );
    let expected = if step.dims.is_empty() { 1 } else { columns };
    let (step, rest) = step.raw_data.as_chunks();
    let step: Vec<f32> = step.iter().copied().map(f32::from_le_bytes).collect();
    let fits = rest.is_empty() && step.len() == expected;
    if !fits || steps.raw_data.len() != sizes.iter().product::<usize>() {
        return None;
    }
    // One step holds for all: a single row. Loops over slices take a tenth of an iterator's time.
    let stride = if step.len() == 1 {
        steps.raw_data.len()
    } else {
        stride
    };
    let mut raw_data = vec![0; 4 * steps.raw_data.len()];
    let rows = steps.raw_data.chunks(stride.max(1));
    let places = raw_data.chunks_mut(4 * stride.max(1));
    for ((row, place), step) in rows.zip(places).zip(step.iter().cycle()) {
        for (&steps, place) in row.iter().zip(place.as_chunks_mut().0) {
            *place = (f32::from(steps.cast_signed()) * step).to_le_bytes();
        }
    }
    let name = node.output.first()?;
    Some(tensor(name, &steps.dims, DataType::Float, raw_data))
}

#[cfg(test)]
mod tests {
    use tract_onnx::pb::{ModelProto, OperatorSetIdProto, ValueInfoProto};
    use tract_onnx::prelude::*;

    use super::super::proto::{node, whole};
    use super::*;

    /// Steps of that shape with so many different ones along the axis, and their numbers.
    fn graph(dims: &[i64], axis: i64, columns: i64) -> GraphProto {
        let count = dims.iter().product::<i64>();
        let steps = (0..count).map(|at| (at * 37 % 31 - 15) as i8);
        let step = (0..columns).flat_map(|at| (0.013 * (at + 1) as f32).to_le_bytes());
        GraphProto {
            initializer: vec![
                tensor(
                    "steps",
                    dims,
                    DataType::Int8,
                    steps.map(i8::cast_unsigned).collect(),
                ),
                tensor("step", &[columns], DataType::Float, step.collect()),
            ],
            node: vec![NodeProto {
                attribute: vec![whole("axis", axis)],
                ..node("DequantizeLinear", &["steps", "step"], "weights")
            }],
            output: vec![ValueInfoProto {
                name: "weights".to_owned(),
                ..ValueInfoProto::default()
            }],
            ..GraphProto::default()
        }
    }

    /// What the engine makes of it.
    fn values(graph: GraphProto) -> Vec<f32> {
        let model = ModelProto {
            ir_version: 8,
            opset_import: vec![OperatorSetIdProto {
                version: 18,
                ..OperatorSetIdProto::default()
            }],
            graph: Some(graph),
            ..ModelProto::default()
        };
        let model = tract_onnx::onnx().model_for_proto_model(&model).unwrap();
        let plan = model.into_optimized().unwrap().into_runnable().unwrap();
        let output = plan.run(tvec!()).unwrap();
        let values = output[0].to_plain_array_view::<f32>().unwrap();
        values.iter().copied().collect()
    }

    #[test]
    fn weights_are_those_of_the_operator() {
        for (dims, axis) in [
            (&[5, 7][..], 0),
            (&[5, 7], 1),
            (&[3, 2, 4, 4], 0),
            (&[1, 6, 1, 2], 1),
        ] {
            let whole = graph(dims, axis, dims[usize::try_from(axis).unwrap()]);
            let mut replaced = whole.clone();
            dequantize(&mut replaced);
            assert!(replaced.node.is_empty() && replaced.initializer.len() == 1);
            assert_eq!(values(replaced), values(whole), "{dims:?} along {axis}");
        }
        let mut one = graph(&[5, 7], 1, 1);
        one.initializer[1].dims.clear();
        let mut replaced = one.clone();
        dequantize(&mut replaced);
        assert!(replaced.node.is_empty());
        assert_eq!(values(replaced), values(one));
    }

    #[test]
    fn what_does_not_fit_is_left_to_the_engine() {
        for (dims, axis, columns) in [
            (&[5, 7][..], 1, 6),
            (&[5, 7], 1, 1),
            (&[5, 7], 2, 7),
            (&[5, 7], -1, 7),
        ] {
            let whole = graph(dims, axis, columns);
            let mut same = whole.clone();
            dequantize(&mut same);
            assert_eq!(same, whole);
        }
        let mut cut = graph(&[5, 7], 1, 7);
        cut.initializer[0].raw_data.pop();
        let whole = cut.clone();
        dequantize(&mut cut);
        assert_eq!(cut, whole);
    }
}

//! Weights of five bits. Rounded so, the body loses nothing that the moods need, and weighs
//! two thirds of what it does with eight (`trainer/reports/experiments.md`).

use anyhow::{Result, ensure};
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, NodeProto, TensorProto};

use super::proto::{floats, node, whole};
use crate::learn::neural::signed;

/// Greatest number of steps from zero.
const GREATEST: f32 = 15.0;
/// Tensors of fewer numbers stay as they are.
const LEAST_NUMBERS: usize = 4096;
/// Shares of the greatest weight of a column that are tried as the end of its grid: what lies
/// beyond is cut off, so that the others are told apart better.
const ENDS: [f32; 8] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65];

/// Stores the large tensors as whole numbers of steps, with a step for each column of a matrix
/// and each filter of a convolution, and a `DequantizeLinear` behind them.
///
/// # Errors
/// Where a tensor is cut off.
pub(super) fn round(graph: &mut GraphProto) -> Result<()> {
    let mut nodes = Vec::new();
    let mut scales = Vec::new();
    for tensor in &mut graph.initializer {
        let sizes: Vec<usize> = tensor.dims.iter().map(|&dim| dim.max(0) as usize).collect();
        let is_large = sizes.iter().product::<usize>() >= LEAST_NUMBERS;
        if tensor.data_type != DataType::Float as i32 || !is_large {
            continue;
        }
        let axis = match sizes[..] {
            [_, _] | [1, ..] => 1,
            _ => 0,
        };
        let (columns, stride) = (sizes[axis], sizes[axis + 1..].iter().product::<usize>());
        let values = values(tensor)?;
        let column_of = |at: usize| at / stride % columns;
        let steps: Vec<f32> = (0..columns)
            .map(|column| {
                let all = values.iter().enumerate();
                let mine = all.filter(|(at, _)| column_of(*at) == column);
                step(&mine.map(|(_, value)| *value).collect::<Vec<_>>())
            })
            .collect();
        let rounded = values.iter().enumerate();
        let rounded = rounded.map(|(at, value)| in_steps(*value, steps[column_of(at)]) as i8);
        let name = std::mem::take(&mut tensor.name);
        tensor.name = format!("{name}.steps");
        tensor.data_type = DataType::Int8 as i32;
        tensor.float_data.clear();
        tensor.raw_data = rounded.map(i8::cast_unsigned).collect();
        let scale = format!("{name}.step");
        scales.push(floats(&scale, &[signed(columns)], &steps));
        nodes.push(NodeProto {
            attribute: vec![whole("axis", signed(axis))],
            ..node("DequantizeLinear", &[&tensor.name, &scale], &name)
        });
    }
    graph.initializer.extend(scales);
    nodes.append(&mut graph.node);
    graph.node = nodes;
    Ok(())
}

/// The step that rounds these weights with the least squared error; 1 where all are 0.
fn step(weights: &[f32]) -> f32 {
    let greatest = weights.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
    if greatest == 0.0 {
        return 1.0;
    }
    let steps = ENDS.map(|end| end * greatest / GREATEST);
    let error = |step: f32| -> f32 {
        let errors = weights.iter().map(|w| w - step * in_steps(*w, step));
        errors.map(|error| error * error).sum()
    };
    let best = steps
        .into_iter()
        .min_by(|a, b| error(*a).total_cmp(&error(*b)));
    best.unwrap_or(steps[0])
}

fn in_steps(weight: f32, step: f32) -> f32 {
    (weight / step).round().clamp(-GREATEST, GREATEST)
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
    fn every_column_has_a_grid_of_its_own() {
        // The second column is a hundred times the first; a seventeenth of a step is lost.
        let weights: Vec<f32> = (0..2 * LEAST_NUMBERS)
            .map(|at| {
                let steps = (at / 2 % 31) as f32 - 15.0;
                [0.01, 1.0][at % 2] * (steps + 0.05)
            })
            .collect();
        let rows = signed(LEAST_NUMBERS);
        let mut graph = GraphProto {
            initializer: vec![
                floats("w", &[rows, 2], &weights),
                floats("small", &[2], &[0.5, 0.25]),
            ],
            ..GraphProto::default()
        };
        round(&mut graph).unwrap();
        let [tensor, small, steps] = &graph.initializer[..] else {
            panic!("three tensors");
        };
        assert_eq!((&*tensor.name, &*small.name), ("w.steps", "small"));
        let steps = values(steps).unwrap();
        assert!((steps[1] / steps[0] - 100.0).abs() < 0.1, "{steps:?}");
        for (at, (rounded, weight)) in tensor.raw_data.iter().zip(&weights).enumerate() {
            let step = steps[at % 2];
            let off = f32::from(rounded.cast_signed()) * step - weight;
            assert!(off.abs() < 0.51 * step + 1e-6, "{at}: {off}");
        }
    }
}

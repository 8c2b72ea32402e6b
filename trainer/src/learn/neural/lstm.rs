//! The recurrent layer.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use kernels::ops;
use rand::Rng;

use kernels::lstm::GATES;

/// A long short-term memory in one or both directions of time.
#[derive(Module, Debug)]
pub struct Lstm {
    /// `[directions, input + hidden, 4·hidden]`: forward, then backward in time; the
    /// rows of the input before those of the hidden state; gates in the order i, o, f,
    /// c, as in ONNX.
    pub weight: Param<Tensor<3>>,
    /// `[directions, 1, 4·hidden]`, in the same order.
    pub bias: Param<Tensor<3>>,
}

impl Lstm {
    /// A new LSTM: uniform weights within 1/√hidden (as in `PyTorch`), and a bias of 1
    /// on the forget gate (Jozefowicz et al. 2015), so that it starts by remembering.
    pub fn new(
        input: usize,
        hidden: usize,
        directions: usize,
        rng: &mut impl Rng,
        device: &Device,
    ) -> Self {
        let bound = (hidden as f32).sqrt().recip();
        let width = GATES * hidden;
        let shape = [directions, input + hidden, width];
        let weight: Vec<f32> = (0..shape.iter().product())
            .map(|_| rng.random_range(-bound..bound))
            .collect();
        let bias: Vec<f32> = (0..directions * width)
            .map(|i| if (i % width) / hidden == 2 { 1.0 } else { 0.0 })
            .collect();
        Self {
            weight: Param::from_data(TensorData::new(weight, shape), device),
            bias: Param::from_data(TensorData::new(bias, [directions, 1, width]), device),
        }
    }

    /// Hidden units of one direction.
    pub fn hidden(&self) -> usize {
        self.bias.dims()[2] / GATES
    }

    /// Runs over `[steps, batch, input]`; gives `[steps, batch, directions·hidden]`,
    /// the forward direction first.
    pub fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        ops::lstm(input, self.weight.val(), self.bias.val())
    }
}

#[cfg(test)]
mod tests {
    use super::super::net::values as read;
    use super::*;
    use anyhow::Result;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    /// The recurrence as it is written in books, one direction, one sequence.
    fn by_hand(
        inputs: &[Vec<f32>],
        weight: &dyn Fn(usize, usize) -> f32,
        bias: &dyn Fn(usize) -> f32,
        hidden: usize,
    ) -> Vec<Vec<f32>> {
        let logistic = |x: f32| 1.0 / (1.0 + (-x).exp());
        let (mut cell, mut state) = (vec![0.0; hidden], vec![0.0; hidden]);
        let mut outputs = Vec::new();
        for input in inputs {
            let row: Vec<f32> = input.iter().chain(&state).copied().collect();
            let gate = |g: usize, unit: usize| {
                let column = g * hidden + unit;
                let product: f32 = row
                    .iter()
                    .enumerate()
                    .map(|(k, x)| x * weight(k, column))
                    .sum();
                product + bias(column)
            };
            let next: Vec<f32> = (0..hidden)
                .map(|unit| {
                    let (i, o) = (logistic(gate(0, unit)), logistic(gate(1, unit)));
                    let (f, c) = (logistic(gate(2, unit)), gate(3, unit).tanh());
                    cell[unit] = f * cell[unit] + i * c;
                    o * cell[unit].tanh()
                })
                .collect();
            state = next;
            outputs.push(state.clone());
        }
        outputs
    }

    #[test]
    fn agrees_with_the_recurrence_in_both_directions() -> Result<()> {
        let (steps, input, hidden) = (5, 3, 2);
        let device = Device::default();
        let mut rng = StdRng::seed_from_u64(1);
        let lstm = Lstm::new(input, hidden, 2, &mut rng, &device);
        let values: Vec<f32> = (0..steps * input)
            .map(|_| rng.random_range(-1.0..1.0))
            .collect();
        let sequence = TensorData::new(values.clone(), [steps, 1, input]);
        let output = read(lstm.forward(Tensor::from_data(sequence, &device)))?;
        let weight = read(lstm.weight.val())?;
        let bias = read(lstm.bias.val())?;
        let width = GATES * hidden;
        let rows: Vec<Vec<f32>> = values.chunks(input).map(<[f32]>::to_vec).collect();
        for direction in 0..2 {
            let mut inputs = rows.clone();
            if direction == 1 {
                inputs.reverse();
            }
            let mut expected = by_hand(
                &inputs,
                &|k, column| weight[(direction * (input + hidden) + k) * width + column],
                &|column| bias[direction * width + column],
                hidden,
            );
            if direction == 1 {
                expected.reverse();
            }
            for (step, row) in expected.iter().enumerate() {
                for (unit, value) in row.iter().enumerate() {
                    let got = output[step * 2 * hidden + direction * hidden + unit];
                    assert!((got - value).abs() < 1e-6, "{direction} {step} {unit}");
                }
            }
        }
        Ok(())
    }
}

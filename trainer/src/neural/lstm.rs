//! A bidirectional LSTM whose two directions run as one batched product a step.

use burn::module::{Module, Param};
use burn::tensor::activation::{sigmoid, tanh};
use burn::tensor::{Device, Tensor, TensorData};
use rand::Rng;

/// Gates of a cell, in the order in which their weights lie side by side: input,
/// output, forget, cell, as in ONNX.
pub const GATES: usize = 4;

/// A bidirectional LSTM.
///
/// Burn's own module does eight products a step and direction; this one does one for
/// both directions, which is what makes training on two cores bearable.
#[derive(Module, Debug)]
pub struct BiLstm {
    /// `[2, input + hidden, 4·hidden]`: forward, then backward in time; the rows of
    /// the input before those of the hidden state; gates in the order i, o, f, c.
    pub weight: Param<Tensor<3>>,
    /// `[2, 1, 4·hidden]`, in the same order.
    pub bias: Param<Tensor<3>>,
}

impl BiLstm {
    /// A new LSTM: uniform weights within 1/√hidden (as in `PyTorch`), and a bias of 1
    /// on the forget gate (Jozefowicz et al. 2015), so that it starts by remembering.
    pub fn new(input: usize, hidden: usize, rng: &mut impl Rng, device: &Device) -> Self {
        let bound = (hidden as f32).sqrt().recip();
        let width = GATES * hidden;
        let weight: Vec<f32> = (0..2 * (input + hidden) * width)
            .map(|_| rng.random_range(-bound..bound))
            .collect();
        let bias: Vec<f32> = (0..2 * width)
            .map(|i| if (i % width) / hidden == 2 { 1.0 } else { 0.0 })
            .collect();
        Self {
            weight: Param::from_data(TensorData::new(weight, [2, input + hidden, width]), device),
            bias: Param::from_data(TensorData::new(bias, [2, 1, width]), device),
        }
    }

    /// Hidden units of one direction.
    pub fn hidden(&self) -> usize {
        self.bias.dims()[2] / GATES
    }

    /// Runs over `[steps, batch, input]`; gives `[steps, batch, 2·hidden]`, the
    /// forward direction first.
    pub fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        let [steps, batch, _] = input.dims();
        let hidden = self.hidden();
        let device = input.device();
        let weight = self.weight.val();
        let bias = self.bias.val();
        // [steps, 2, batch, input], the second direction reversed in time.
        let both: Tensor<4> = Tensor::stack(vec![input.clone(), input.flip([0])], 1);
        let mut cell = Tensor::<3>::zeros([2, batch, hidden], &device);
        let mut state = cell.clone();
        let mut states = Vec::with_capacity(steps);
        for step in 0..steps {
            let now: Tensor<3> = both.clone().narrow(0, step, 1).squeeze_dim(0);
            let gates = Tensor::cat(vec![now, state], 2).matmul(weight.clone()) + bias.clone();
            let gate = |index| gates.clone().narrow(2, index * hidden, hidden);
            let kept = sigmoid(gate(2)) * cell;
            cell = kept + sigmoid(gate(0)) * tanh(gate(3));
            state = sigmoid(gate(1)) * tanh(cell.clone());
            states.push(state.clone());
        }
        let states: Tensor<4> = Tensor::stack(states, 0);
        let forward: Tensor<3> = states.clone().narrow(1, 0, 1).squeeze_dim(1);
        let backward: Tensor<3> = states.narrow(1, 1, 1).squeeze_dim(1);
        Tensor::cat(vec![forward, backward.flip([0])], 2)
    }
}

#[cfg(test)]
mod tests {
    use super::super::network::values as read;
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
        let lstm = BiLstm::new(input, hidden, &mut rng, &device);
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

//! A long short-term memory over a whole sequence, forward and backward in one piece.

use rayon::prelude::*;

use crate::matrix::{Into, Matrix, product};

/// Gates of a cell, in the order in which their weights lie side by side: input,
/// output, forget, cell, as in ONNX.
pub const GATES: usize = 4;

/// Least gradient that is passed on; far below what rounding leaves of the others.
const LEAST_GRADIENT: f32 = 1e-25;

/// Parts that a batch is cut into.
const PARTS: usize = 2;

/// Sizes of an LSTM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Steps of the sequence.
    pub steps: usize,
    /// Sequences.
    pub batch: usize,
    /// Inputs of a step.
    pub input: usize,
    /// Units of one direction.
    pub hidden: usize,
    /// 1: forward in time; 2: also backward.
    pub directions: usize,
}

impl Shape {
    fn gates(&self) -> usize {
        GATES * self.hidden
    }

    /// Values of one direction's weights.
    fn weights(&self) -> usize {
        (self.input + self.hidden) * self.gates()
    }

    /// Width of a step of the output.
    fn output(&self) -> usize {
        self.directions * self.hidden
    }

    fn parts(&self) -> Vec<Part> {
        let most = self.batch.div_ceil(PARTS).max(1);
        (0..self.directions)
            .flat_map(|direction| {
                (0..self.batch).step_by(most).map(move |first| Part {
                    direction,
                    first,
                    count: most.min(self.batch - first),
                })
            })
            .collect()
    }
}

/// One direction over some of the sequences.
#[derive(Debug, Clone, Copy)]
struct Part {
    direction: usize,
    first: usize,
    count: usize,
}

impl Part {
    /// Where a row of `[steps, batch, width]` stands that is row `index` of this part,
    /// whose steps come in the order in which it reads them.
    fn place(&self, shape: &Shape, step: usize, width: usize) -> usize {
        let step = match self.direction {
            0 => step,
            _ => shape.steps - 1 - step,
        };
        (step * shape.batch + self.first) * width
    }

    /// This part's `columns` of `[steps, batch, width]`, as `[steps, count, columns]`.
    fn gather(
        &self,
        shape: &Shape,
        all: &[f32],
        width: usize,
        columns: std::ops::Range<usize>,
    ) -> Vec<f32> {
        let mut own = Vec::with_capacity(shape.steps * self.count * columns.len());
        for step in 0..shape.steps {
            let from = self.place(shape, step, width);
            for row in all[from..from + self.count * width].chunks_exact(width) {
                own.extend_from_slice(&row[columns.clone()]);
            }
        }
        own
    }

    /// Adds `[steps, count, columns]` to these columns of `[steps, batch, width]`.
    fn scatter(
        &self,
        shape: &Shape,
        own: &[f32],
        all: &mut [f32],
        width: usize,
        columns: std::ops::Range<usize>,
    ) {
        let steps = own.chunks_exact(self.count * columns.len());
        for (step, rows) in steps.enumerate() {
            let to = self.place(shape, step, width);
            let target = all[to..to + self.count * width].chunks_exact_mut(width);
            for (target, row) in target.zip(rows.chunks_exact(columns.len())) {
                add(&mut target[columns.clone()], row);
            }
        }
    }

    /// The columns of this direction in the output.
    fn columns(&self, shape: &Shape) -> std::ops::Range<usize> {
        self.direction * shape.hidden..(self.direction + 1) * shape.hidden
    }

    fn weight<'a>(&self, shape: &Shape, all: &'a [f32]) -> &'a [f32] {
        &all[self.direction * shape.weights()..][..shape.weights()]
    }
}

/// What the backward pass needs to know of the forward pass.
#[derive(Debug, Clone)]
pub struct Trace {
    parts: Vec<Run>,
}

/// A part's values; steps in the order in which it reads them.
#[derive(Debug, Clone)]
struct Run {
    part: Part,
    /// `[steps, count, input]`.
    input: Vec<f32>,
    /// Values of the gates `[steps, count, 4·hidden]`.
    gates: Vec<f32>,
    /// `[steps, count, hidden]`.
    cells: Vec<f32>,
    /// `[steps, count, hidden]`.
    states: Vec<f32>,
}

/// Runs over `input` `[steps, batch, input]` with `weight` `[directions, input + hidden,
/// 4·hidden]` and `bias` `[directions, 4·hidden]`; gives the states `[steps, batch,
/// directions·hidden]`, the forward direction first.
#[must_use]
pub fn forward(shape: &Shape, input: &[f32], weight: &[f32], bias: &[f32]) -> (Vec<f32>, Trace) {
    let run = |part: Part| {
        let input = part.gather(shape, input, shape.input, 0..shape.input);
        let bias = &bias[part.direction * shape.gates()..][..shape.gates()];
        Run::forward(part, shape, input, part.weight(shape, weight), bias)
    };
    let parts: Vec<Run> = shape.parts().into_par_iter().map(run).collect();
    let mut output = vec![0.0; shape.steps * shape.batch * shape.output()];
    for Run { part, states, .. } in &parts {
        let columns = part.columns(shape);
        part.scatter(shape, states, &mut output, shape.output(), columns);
    }
    (output, Trace { parts })
}

/// Gradients of an LSTM, each in the shape of what it belongs to.
#[derive(Debug)]
pub struct Gradients {
    /// Of the input.
    pub input: Vec<f32>,
    /// Of the weights.
    pub weight: Vec<f32>,
    /// Of the bias.
    pub bias: Vec<f32>,
}

/// The gradients from that of the output, `[steps, batch, directions·hidden]`.
#[must_use]
pub fn backward(shape: &Shape, weight: &[f32], trace: &Trace, gradient: &[f32]) -> Gradients {
    let back = |run: &Run| {
        let columns = run.part.columns(shape);
        let gradient = run.part.gather(shape, gradient, shape.output(), columns);
        run.backward(shape, run.part.weight(shape, weight), &gradient)
    };
    let parts: Vec<Gradients> = trace.parts.par_iter().map(back).collect();
    let mut sum = Gradients {
        input: vec![0.0; shape.steps * shape.batch * shape.input],
        weight: vec![0.0; shape.directions * shape.weights()],
        bias: vec![0.0; shape.directions * shape.gates()],
    };
    for (run, own) in trace.parts.iter().zip(&parts) {
        let direction = run.part.direction;
        add(&mut sum.weight[direction * shape.weights()..], &own.weight);
        add(&mut sum.bias[direction * shape.gates()..], &own.bias);
        let columns = 0..shape.input;
        run.part
            .scatter(shape, &own.input, &mut sum.input, shape.input, columns);
    }
    sum
}

impl Run {
    fn forward(part: Part, shape: &Shape, input: Vec<f32>, weight: &[f32], bias: &[f32]) -> Self {
        let (hidden, width, rows) = (shape.hidden, shape.gates(), shape.steps * part.count);
        let (of_input, of_state) = weight.split_at(shape.input * width);
        let mut gates: Vec<f32> = bias.iter().copied().cycle().take(rows * width).collect();
        product(
            Matrix::new(&input, rows, shape.input),
            Matrix::new(of_input, shape.input, width),
            &mut gates,
            Into::Add,
        );
        let mut cells = vec![0.0; rows * hidden];
        let mut states = vec![0.0; rows * hidden];
        let size = part.count * hidden;
        for step in 0..shape.steps {
            let gates = &mut gates[step * part.count * width..][..part.count * width];
            let (earlier, now) = states.split_at_mut(step * size);
            let (past_cells, now_cells) = cells.split_at_mut(step * size);
            if step > 0 {
                product(
                    Matrix::new(&earlier[(step - 1) * size..], part.count, hidden),
                    Matrix::new(of_state, hidden, width),
                    gates,
                    Into::Add,
                );
            }
            for row in 0..part.count {
                let at = row * hidden..(row + 1) * hidden;
                let before = (step > 0).then(|| &past_cells[(step - 1) * size..][at.clone()]);
                let gates = &mut gates[row * width..(row + 1) * width];
                cell(gates, before, &mut now_cells[at.clone()], &mut now[at]);
            }
        }
        Self {
            part,
            input,
            gates,
            cells,
            states,
        }
    }

    fn backward(&self, shape: &Shape, weight: &[f32], gradient: &[f32]) -> Gradients {
        let (hidden, width) = (shape.hidden, shape.gates());
        let (count, rows) = (self.part.count, shape.steps * self.part.count);
        let (of_input, of_state) = weight.split_at(shape.input * width);
        let size = count * hidden;
        let mut gates = vec![0.0; rows * width];
        let mut of_cell = vec![0.0; size];
        let mut state = vec![0.0; size];
        for step in (0..shape.steps).rev() {
            state.copy_from_slice(&gradient[step * size..][..size]);
            let (now, later) = gates[step * count * width..].split_at_mut(count * width);
            if step + 1 < shape.steps {
                product(
                    Matrix::new(later, count, width),
                    Matrix::new(of_state, hidden, width).transposed(),
                    &mut state,
                    Into::Add,
                );
            }
            for row in 0..count {
                let at = row * hidden..(row + 1) * hidden;
                let cells = &self.cells[step * size..][at.clone()];
                let before = (step > 0).then(|| &self.cells[(step - 1) * size..][at.clone()]);
                let values = &self.gates[(step * count + row) * width..][..width];
                let out = &mut now[row * width..(row + 1) * width];
                cell_backward(
                    values,
                    cells,
                    before,
                    &state[at.clone()],
                    &mut of_cell[at],
                    out,
                );
            }
        }
        let mut of_weight = vec![0.0; weight.len()];
        let (left, right) = of_weight.split_at_mut(shape.input * width);
        product(
            Matrix::new(&self.input, rows, shape.input).transposed(),
            Matrix::new(&gates, rows, width),
            left,
            Into::Replace,
        );
        product(
            Matrix::new(&self.states, rows - count, hidden).transposed(),
            Matrix::new(&gates[count * width..], rows - count, width),
            right,
            Into::Replace,
        );
        let mut bias = vec![0.0; width];
        for row in gates.chunks_exact(width) {
            add(&mut bias, row);
        }
        let mut input = vec![0.0; rows * shape.input];
        product(
            Matrix::new(&gates, rows, width),
            Matrix::new(of_input, shape.input, width).transposed(),
            &mut input,
            Into::Replace,
        );
        Gradients {
            input,
            weight: of_weight,
            bias,
        }
    }
}

fn add(sum: &mut [f32], values: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += value;
    }
}

/// One cell of one sequence: the gates' sums become their values.
fn cell(gates: &mut [f32], before: Option<&[f32]>, now: &mut [f32], state: &mut [f32]) {
    let hidden = now.len();
    let (sigmoids, candidates) = gates.split_at_mut(3 * hidden);
    for value in &mut *sigmoids {
        *value = sigmoid(*value);
    }
    for value in &mut *candidates {
        *value = tanh(*value);
    }
    let (input, rest) = sigmoids.split_at(hidden);
    let (output, forget) = rest.split_at(hidden);
    for unit in 0..hidden {
        let kept = before.map_or(0.0, |before| forget[unit] * before[unit]);
        now[unit] = kept + input[unit] * candidates[unit];
    }
    for unit in 0..hidden {
        state[unit] = output[unit] * tanh(now[unit]);
    }
}

/// The gradient of the gates' sums from that of the state; `of_cell` comes from the
/// step after and goes to the step before.
fn cell_backward(
    gates: &[f32],
    now: &[f32],
    before: Option<&[f32]>,
    state: &[f32],
    of_cell: &mut [f32],
    out: &mut [f32],
) {
    let hidden = now.len();
    let gate = |index: usize| &gates[index * hidden..(index + 1) * hidden];
    let (input, output, forget, candidate) = (gate(0), gate(1), gate(2), gate(3));
    for unit in 0..hidden {
        let (i, o, f, g) = (input[unit], output[unit], forget[unit], candidate[unit]);
        let bounded = tanh(now[unit]);
        let of_state = vanishing(state[unit]);
        let of_now = vanishing(of_cell[unit] + of_state * o * (1.0 - bounded * bounded));
        out[unit] = of_now * g * i * (1.0 - i);
        out[hidden + unit] = of_state * bounded * o * (1.0 - o);
        let past = before.map_or(0.0, |before| before[unit]);
        out[2 * hidden + unit] = of_now * past * f * (1.0 - f);
        out[3 * hidden + unit] = of_now * i * (1.0 - g * g);
        of_cell[unit] = of_now * f;
    }
}

/// A gradient, or zero where it has all but vanished: a gradient that shrinks over hundreds
/// of steps ends in subnormal numbers, with which products take up to a hundred times as
/// long.
fn vanishing(gradient: f32) -> f32 {
    if gradient.abs() < LEAST_GRADIENT {
        0.0
    } else {
        gradient
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

fn tanh(x: f32) -> f32 {
    // 1 - 2 / (e^2x + 1) loses digits near zero, where a series does not.
    if x.abs() < 0.25 {
        let square = x * x;
        let series = -1.0 / 3.0
            + square * (2.0 / 15.0 + square * (-17.0 / 315.0 + square * (62.0 / 2835.0)));
        x + x * square * series
    } else {
        1.0 - 2.0 / (exp(2.0 * x) + 1.0)
    }
}

/// e^x to single precision, as Cephes' `expf`: written so that the compiler does
/// several at once, which the one of the system's library does not allow.
fn exp(x: f32) -> f32 {
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let n = (x * std::f32::consts::LOG2_E + 0.5).floor();
    let r = x - n * LN2_HIGH - n * LN2_LOW;
    let series = ((((1.987_569_1e-4 * r + 1.398_2e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2)
        * r
        + 1.666_666_5e-1)
        * r
        + 0.5;
    let power = f32::from_bits(((n as i32 + 127) as u32) << 23);
    (series * r * r + r + 1.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{dot, noise, slope};

    #[test]
    fn the_gradients_are_the_slopes() {
        for directions in [1, 2] {
            let shape = Shape {
                steps: 5,
                batch: 3,
                input: 4,
                hidden: 3,
                directions,
            };
            let input = noise(shape.steps * shape.batch * shape.input, 1);
            let weight = noise(directions * shape.weights(), 2);
            let bias = noise(directions * shape.gates(), 3);
            let (output, trace) = forward(&shape, &input, &weight, &bias);
            let pull = noise(output.len(), 4);
            let found = backward(&shape, &weight, &trace, &pull);
            let run = |x: &[f32], w: &[f32], b: &[f32]| dot(&forward(&shape, x, w, b).0, &pull);
            let check = |at: &[f32], found: &[f32], run: &dyn Fn(&[f32]) -> f64| {
                assert_eq!(at.len(), found.len());
                for (index, value) in found.iter().enumerate() {
                    let rise = slope(at, index, run);
                    assert!((rise - f64::from(*value)).abs() < 1e-3, "{rise} {value}");
                }
            };
            check(&input, &found.input, &|x| run(x, &weight, &bias));
            check(&weight, &found.weight, &|w| run(&input, w, &bias));
            check(&bias, &found.bias, &|b| run(&input, &weight, b));
        }
    }

    #[test]
    fn a_vanishing_gradient_ends_in_zero() {
        let shape = Shape {
            steps: 400,
            batch: 2,
            input: 4,
            hidden: 3,
            directions: 1,
        };
        let input = noise(shape.steps * shape.batch * shape.input, 1);
        let weight = noise(shape.weights(), 2);
        let bias = noise(shape.gates(), 3);
        let (output, trace) = forward(&shape, &input, &weight, &bias);
        // Only the last step is asked for.
        let mut pull = vec![0.0; output.len()];
        let last = pull.len() - shape.batch * shape.output();
        pull[last..].fill(1.0);
        let found = backward(&shape, &weight, &trace, &pull).input;
        assert!(found.iter().any(|value| value.abs() > 1e-3));
        assert!(found[..shape.input].iter().all(|value| *value == 0.0));
        assert!(!found.iter().any(|value| value.is_subnormal()));
    }

    #[test]
    fn exponentials_are_exact_to_single_precision() {
        for step in -4_000..4_000_i16 {
            let x = f32::from(step) * 0.02;
            let wide = f64::from(x);
            assert!((f64::from(exp(x)) / wide.exp() - 1.0).abs() < 3e-7, "{x}");
            assert!((f64::from(tanh(x)) - wide.tanh()).abs() < 2e-7, "{x}");
            let logistic = 1.0 / (1.0 + (-wide).exp());
            assert!((f64::from(sigmoid(x)) - logistic).abs() < 2e-7, "{x}");
        }
        assert!(exp(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
    }
}

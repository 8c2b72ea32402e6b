//! The kernels as operators of burn, with their gradients.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, Dispatch, Flex, backend_extension};
use burn::nn::BatchNorm;
use burn::tensor::{Tensor, TensorData};

use crate::{conv, lstm, norm};

/// A convolution (stride 1, no bias) and the max pooling of its output.
///
/// `input` is `[batch, channels, height, width]`, `weight` `[filters, channels, kernel
/// height, kernel width]`; `padding` are the zeros on both ends of height and width,
/// `pool` is the pooling window, which is also its stride.
#[must_use]
pub fn conv_pool(
    input: Tensor<4>,
    weight: Tensor<4>,
    padding: [usize; 2],
    pool: [usize; 2],
) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as Kernels>::conv_pool(
        input.into_dispatch(),
        weight.into_dispatch(),
        padding,
        pool,
    ))
}

/// An LSTM over `[steps, batch, input]` with `weight` `[directions, input + hidden,
/// 4·hidden]` and `bias` `[directions, 1, 4·hidden]`; gives the states of every step,
/// `[steps, batch, directions·hidden]`.
#[must_use]
pub fn lstm(input: Tensor<3>, weight: Tensor<3>, bias: Tensor<3>) -> Tensor<3> {
    Tensor::from_dispatch(<Dispatch as Kernels>::lstm(
        input.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
    ))
}

/// Batch normalisation of `[batch, channels, height, width]` by a module of burn's, and the
/// rectifier after it (`slope` below zero; 1 for none): in
/// training (on a device that differentiates) by the batch's own moments, which also move
/// the running ones.
#[must_use]
pub fn batch_norm(module: &BatchNorm, input: Tensor<4>, slope: f64) -> Tensor<4> {
    let (mean, variance) = if input.device().is_autodiff() {
        let moments: Tensor<2> = Tensor::from_dispatch(<Dispatch as Kernels>::moments(
            input.clone().detach().into_dispatch(),
        ));
        let [_, channels] = moments.dims();
        let row = |index| moments.clone().narrow(0, index, 1).reshape([channels]);
        let (mean, variance) = (row(0), row(1));
        let momentum = module.momentum;
        let moved =
            |running: Tensor<1>, new: Tensor<1>| running * (1.0 - momentum) + new * momentum;
        for (running, new) in [
            (&module.running_mean, &mean),
            (&module.running_var, &variance),
        ] {
            running.update(moved(running.value_sync(), new.clone()).detach());
        }
        (mean, variance)
    } else {
        (module.running_mean.value(), module.running_var.value())
    };
    Tensor::from_dispatch(<Dispatch as Kernels>::batch_norm(
        input.into_dispatch(),
        module.gamma.val().into_dispatch(),
        module.beta.val().into_dispatch(),
        mean.into_dispatch(),
        variance.into_dispatch(),
        module.epsilon,
        slope,
    ))
}

/// The operators that a backend must bring.
#[backend_extension(Flex, Autodiff)]
trait Kernels: Backend {
    /// See [`conv_pool`].
    fn conv_pool(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        padding: [usize; 2],
        pool: [usize; 2],
    ) -> FloatTensor<Self>;

    /// See [`lstm`].
    fn lstm(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// Mean and population variance of each channel, `[2, channels]`. No gradient flows
    /// through it.
    fn moments(input: FloatTensor<Self>) -> FloatTensor<Self>;

    /// See [`batch_norm`]; the gradient is that of moments taken from `input`.
    fn batch_norm(
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        epsilon: f64,
        slope: f64,
    ) -> FloatTensor<Self>;
}

impl Kernels for Flex {
    fn conv_pool(
        input: FlexTensor,
        weight: FlexTensor,
        padding: [usize; 2],
        pool: [usize; 2],
    ) -> FlexTensor {
        ConvPoolState::forward(&input, &weight, padding, pool).1
    }

    fn lstm(input: FlexTensor, weight: FlexTensor, bias: FlexTensor) -> FlexTensor {
        LstmState::forward(&input, &weight, &bias).1
    }

    fn moments(input: FlexTensor) -> FlexTensor {
        let input = input.to_contiguous();
        let (mut mean, variance) = norm::moments(&norm_shape(&input), floats(&input));
        let channels = mean.len();
        mean.extend(variance);
        tensor(mean, [2, channels])
    }

    fn batch_norm(
        input: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        mean: FlexTensor,
        variance: FlexTensor,
        epsilon: f64,
        slope: f64,
    ) -> FlexTensor {
        BatchNormState::forward(&input, [&gamma, &beta, &mean, &variance], [epsilon, slope]).1
    }
}

impl<C: CheckpointStrategy> Kernels for Autodiff<Flex, C> {
    fn conv_pool(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        padding: [usize; 2],
        pool: [usize; 2],
    ) -> FloatTensor<Self> {
        let (input, input_node) = input.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (state, output) = ConvPoolState::forward(&input, &weight, padding, pool);
        let prepared = ConvPool
            .prepare::<C>([input_node, weight_node])
            .compute_bound();
        recorded(prepared.stateful(), state, output)
    }

    fn lstm(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (input, input_node) = input.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let (state, output) = LstmState::forward(&input, &weight, &bias);
        let prepared = Lstm
            .prepare::<C>([input_node, weight_node, bias_node])
            .compute_bound();
        recorded(prepared.stateful(), state, output)
    }

    fn moments(input: FloatTensor<Self>) -> FloatTensor<Self> {
        let (input, _) = input.into_parts();
        Self::from_inner(Flex::moments(input))
    }

    fn batch_norm(
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        epsilon: f64,
        slope: f64,
    ) -> FloatTensor<Self> {
        let (input, input_node) = input.into_parts();
        let (gamma, gamma_node) = gamma.into_parts();
        let (beta, beta_node) = beta.into_parts();
        let (mean, variance) = (mean.into_primitive(), variance.into_primitive());
        let numbers = [&gamma, &beta, &mean, &variance];
        let (state, output) = BatchNormState::forward(&input, numbers, [epsilon, slope]);
        let prepared = Normalise
            .prepare::<C>([input_node, gamma_node, beta_node])
            .compute_bound();
        recorded(prepared.stateful(), state, output)
    }
}

/// The output, with what its backward pass needs on record where anything is to be learnt.
fn recorded<O: Backward<Flex, N>, C: CheckpointStrategy, const N: usize>(
    prepared: OpsKind<O, Flex, O::State, C, N>,
    state: O::State,
    output: FlexTensor,
) -> FloatTensor<Autodiff<Flex, C>> {
    match prepared {
        OpsKind::Tracked(op) => op.finish(state, output),
        OpsKind::UnTracked(op) => op.finish(output),
    }
}

#[derive(Debug)]
struct ConvPool;

#[derive(Debug, Clone)]
struct ConvPoolState {
    shape: conv::Shape,
    input: FlexTensor,
    weight: FlexTensor,
    places: Vec<u8>,
}

impl ConvPoolState {
    /// The output, and what the backward pass needs to know.
    fn forward(
        input: &FlexTensor,
        weight: &FlexTensor,
        padding: [usize; 2],
        pool: [usize; 2],
    ) -> (Self, FlexTensor) {
        let (input, weight) = (input.to_contiguous(), weight.to_contiguous());
        let [batch, channels, height, width] = dims(&input);
        let [filters, _, kernel_height, kernel_width] = dims(&weight);
        let shape = conv::Shape {
            batch,
            channels,
            input: [height, width],
            filters,
            kernel: [kernel_height, kernel_width],
            padding,
            pool,
        };
        let (values, places) = conv::forward(&shape, floats(&input), floats(&weight));
        let [height, width] = shape.output();
        let output = tensor(values, [batch, filters, height, width]);
        let state = Self {
            shape,
            input,
            weight,
            places,
        };
        (state, output)
    }
}

impl Backward<Flex, 2> for ConvPool {
    type State = ConvPoolState;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node).to_contiguous();
        let state = &ops.state;
        let [input, weight] = ops.parents;
        let (of_weight, of_input) = conv::backward(
            &state.shape,
            floats(&state.input),
            floats(&state.weight),
            &state.places,
            floats(&gradient),
            input.is_some(),
        );
        if let Some((node, values)) = input.zip(of_input) {
            grads.register::<Flex>(node.id, tensor(values, dims::<4>(&state.input)));
        }
        if let Some(node) = weight {
            grads.register::<Flex>(node.id, tensor(of_weight, dims::<4>(&state.weight)));
        }
    }
}

#[derive(Debug)]
struct Lstm;

#[derive(Debug, Clone)]
struct LstmState {
    shape: lstm::Shape,
    weight: FlexTensor,
    trace: lstm::Trace,
}

impl LstmState {
    /// The states of every step, and what the backward pass needs to know.
    fn forward(input: &FlexTensor, weight: &FlexTensor, bias: &FlexTensor) -> (Self, FlexTensor) {
        let [steps, batch, width] = dims(input);
        let [directions, rows, _] = dims(weight);
        let shape = lstm::Shape {
            steps,
            batch,
            input: width,
            hidden: rows - width,
            directions,
        };
        let [input, weight, bias] = [input, weight, bias].map(FlexTensor::to_contiguous);
        let (states, trace) = lstm::forward(&shape, floats(&input), floats(&weight), floats(&bias));
        let output = tensor(states, [steps, batch, directions * shape.hidden]);
        let state = Self {
            shape,
            weight,
            trace,
        };
        (state, output)
    }
}

impl Backward<Flex, 3> for Lstm {
    type State = LstmState;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node).to_contiguous();
        let LstmState {
            shape,
            weight,
            trace,
        } = &ops.state;
        let sums = lstm::backward(shape, floats(weight), trace, floats(&gradient));
        let sizes = [
            [shape.steps, shape.batch, shape.input],
            dims(weight),
            [shape.directions, 1, lstm::GATES * shape.hidden],
        ];
        let values = [sums.input, sums.weight, sums.bias];
        for ((node, size), values) in ops.parents.into_iter().zip(sizes).zip(values) {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, tensor(values, size));
            }
        }
    }
}

#[derive(Debug)]
struct Normalise;

#[derive(Debug, Clone)]
struct BatchNormState {
    input: FlexTensor,
    /// Gamma, beta, mean, variance.
    numbers: [FlexTensor; 4],
    /// Added to every variance; slope below zero.
    options: [f64; 2],
}

impl BatchNormState {
    /// The output, and what the backward pass needs to know.
    fn forward(
        input: &FlexTensor,
        numbers: [&FlexTensor; 4],
        options: [f64; 2],
    ) -> (Self, FlexTensor) {
        let state = Self {
            input: input.to_contiguous(),
            numbers: numbers.map(FlexTensor::to_contiguous),
            options,
        };
        let values = norm::forward(&norm_shape(input), floats(&state.input), state.norm());
        (state, tensor(values, dims::<4>(input)))
    }

    fn norm(&self) -> norm::Norm<'_> {
        let [gamma, beta, mean, variance] = self.numbers.each_ref().map(floats);
        norm::Norm {
            gamma,
            beta,
            mean,
            variance,
            epsilon: self.options[0] as f32,
            slope: self.options[1] as f32,
        }
    }
}

impl Backward<Flex, 3> for Normalise {
    type State = BatchNormState;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node).to_contiguous();
        let input = &ops.state.input;
        let shape = norm_shape(input);
        let sums = norm::backward(&shape, floats(input), ops.state.norm(), floats(&gradient));
        let [of_input, of_gamma, of_beta] = ops.parents;
        if let Some(node) = of_input {
            grads.register::<Flex>(node.id, tensor(sums.input, dims::<4>(input)));
        }
        for (node, values) in [(of_gamma, sums.gamma), (of_beta, sums.beta)] {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, tensor(values, [shape.channels]));
            }
        }
    }
}

fn norm_shape(input: &FlexTensor) -> norm::Shape {
    let [batch, channels, height, width] = dims(input);
    norm::Shape {
        batch,
        channels,
        plane: height * width,
    }
}

fn dims<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    tensor.layout().shape().dims()
}

/// The values of a contiguous tensor. All tensors here hold 32-bit floats.
fn floats(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().unwrap_or_default()
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

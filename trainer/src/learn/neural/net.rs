//! A network in burn: the weights of a [`Spec`], and how they answer.

use anyhow::{Context, Result, bail};
use burn::module::{Module, Param};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::{Device, Tensor, TensorData};
use kernels::ops;
use rand::Rng;
use rand::rngs::StdRng;

use super::layer::{Conv2D, Layer, Size};
use super::lstm::Lstm;
use super::scale::Scale;
use super::spec::{Input, Spec};

/// Slope of the leaky rectifier below zero.
pub const LEAK: f64 = 0.01;

/// Weights of a convolution.
#[derive(Module, Debug)]
pub struct Conv {
    /// `[filters, channels, …, …]`, the axes of the input last.
    pub weight: Param<Tensor<4>>,
    /// `[filters]`.
    pub bias: Param<Tensor<1>>,
}

/// Weights of a fully connected layer.
#[derive(Module, Debug)]
pub struct Dense {
    /// `[inputs, units]`.
    pub weight: Param<Tensor<2>>,
    /// `[units]`.
    pub bias: Param<Tensor<1>>,
}

/// Weights of a layer that has some.
#[derive(Module, Debug)]
pub enum Weights {
    /// Of a convolution.
    Conv(Conv),
    /// Of a normalisation.
    Norm(BatchNorm),
    /// Of an LSTM.
    Lstm(Lstm),
    /// Of a fully connected layer.
    Dense(Dense),
}

/// A network with its weights.
#[derive(Module, Debug)]
pub struct Net {
    /// Its layers.
    #[module(skip)]
    pub spec: Spec,
    /// Mean of each column of the input; measured, not trained.
    pub mean: Param<Tensor<1>>,
    /// Inverse of the deviations, as many or a single one; measured, not trained.
    pub inverse: Param<Tensor<1>>,
    /// Weights of every layer.
    pub layers: Vec<Option<Weights>>,
    /// Weights of every head.
    pub heads: Vec<Dense>,
}

/// What flows between two layers.
enum Value {
    /// `[batch, channels, …, …]`, the axes of the input last.
    Maps(Tensor<4>),
    /// `[steps, batch, width]`; one step for plain rows of values.
    Steps(Tensor<3>),
}

impl Net {
    /// Random weights that depend on `rng` alone, drawn in the order of the layers.
    ///
    /// # Errors
    /// Where the layers do not fit together.
    pub fn new(spec: Spec, scale: &Scale, rng: &mut impl Rng, device: &Device) -> Result<Self> {
        let measured = |values: &[f32]| {
            let data = TensorData::new(values.to_vec(), [values.len()]);
            Param::from_data(data, device).set_require_grad(false)
        };
        let mut layers = Vec::new();
        for (&layer, size) in spec.layers.iter().zip(spec.sizes()?) {
            layers.push(match (layer, size) {
                (Layer::Conv2D(conv), Size::Maps([channels, ..])) => {
                    Some(Weights::Conv(Conv::new(&conv, channels, rng, device)))
                }
                (Layer::BatchNormalization, Size::Maps([channels, ..])) => {
                    Some(Weights::Norm(BatchNormConfig::new(channels).init(device)))
                }
                (Layer::Lstm { units, .. }, Size::Steps([_, width])) => {
                    let lstm = Lstm::new(width, units, layer.directions(), rng, device);
                    Some(Weights::Lstm(lstm))
                }
                (Layer::Dense(units), Size::Steps([_, width])) => {
                    let dense = Dense::new([width, units], rng, device);
                    Some(Weights::Dense(dense))
                }
                _ => None,
            });
        }
        let [_, width] = spec.features()?;
        let heads = spec.heads.iter();
        let heads = heads.map(|head| Dense::new([width, head.units], rng, device));
        Ok(Self {
            mean: measured(&scale.mean),
            inverse: measured(&scale.inverse),
            layers,
            heads: heads.collect(),
            spec,
        })
    }

    /// The device that its weights are on: one that differentiates, in training.
    pub fn device(&self) -> Device {
        self.mean.val().device()
    }

    /// The answers `[batch, steps, units]` of every head to a batch, `[batch, values]`, an
    /// item a row; one step from a network that sees an item as a whole. In training,
    /// `dropout` draws what is dropped.
    ///
    /// # Errors
    /// Where the layers do not fit together.
    pub fn forward(
        &self,
        batch: Tensor<2>,
        mut dropout: Option<&mut StdRng>,
    ) -> Result<Vec<Tensor<3>>> {
        let mut value = self.scaled(batch);
        let input = match &value {
            Value::Steps(steps) => Some(steps.clone()),
            Value::Maps(_) => None,
        };
        let mut layers = self.spec.layers.iter().zip(&self.layers).peekable();
        while let Some((&layer, weights)) = layers.next() {
            value = match (layer, weights, value) {
                (Layer::Conv2D(conv), Some(Weights::Conv(weights)), Value::Maps(maps)) => {
                    Value::Maps(weights.forward(&conv, maps))
                }
                (_, Some(Weights::Norm(norm)), Value::Maps(maps)) => {
                    // Normalised and rectified in one: the maps are large.
                    let rectifier = layers.next_if(|(layer, _)| slope(**layer).is_some());
                    let slope = rectifier.and_then(|(layer, _)| slope(*layer));
                    Value::Maps(ops::batch_norm(norm, maps, slope.unwrap_or(1.0)))
                }
                (_, Some(Weights::Lstm(lstm)), Value::Steps(steps)) => {
                    Value::Steps(lstm.forward(steps))
                }
                (_, Some(Weights::Dense(dense)), Value::Steps(steps)) => {
                    Value::Steps(dense.forward(steps))
                }
                (Layer::Dropout(rate), _, value) => match dropout.as_deref_mut() {
                    Some(rng) => value.dropped(rate, rng),
                    None => value,
                },
                (Layer::ConcatenateInput, _, Value::Steps(steps)) => {
                    let beside = input.clone().into_iter().chain([steps]);
                    Value::Steps(Tensor::cat(beside.collect(), 2))
                }
                (layer, _, value) => value.through(layer)?,
            };
        }
        let Value::Steps(features) = value else {
            bail!("the layers of {} end in maps", self.spec.name);
        };
        let answer = |head: &Dense| head.forward(features.clone()).swap_dims(0, 1);
        Ok(self.heads.iter().map(answer).collect())
    }

    /// The input, scaled and in the shape that the first layer wants.
    fn scaled(&self, batch: Tensor<2>) -> Value {
        let [items, values] = batch.dims();
        let columns = self.spec.input.columns();
        let rows: Tensor<3> = batch.reshape([items, values / columns, columns]);
        let mean = self.mean.val().unsqueeze::<3>();
        let rows = (rows - mean) * self.inverse.val().unsqueeze::<3>();
        match self.spec.input {
            Input::Features(_) | Input::Sequence(_) => Value::Steps(rows.swap_dims(0, 1)),
            Input::Spectrogram([bands, frames]) => {
                Value::Maps(rows.reshape([items, 1, bands, frames]))
            }
        }
    }
}

impl Conv {
    fn new(conv: &Conv2D, channels: usize, rng: &mut impl Rng, device: &Device) -> Self {
        let [height, width] = conv.kernel;
        let fans = [channels, conv.filters].map(|maps| maps * height * width);
        let shape = [conv.filters, channels, height, width];
        Self {
            weight: drawn(shape, glorot(fans), rng, device),
            bias: zeros(conv.filters, device),
        }
    }

    fn forward(&self, conv: &Conv2D, maps: Tensor<4>) -> Tensor<4> {
        let maps = ops::conv_pool(maps, self.weight.val(), conv.padding(), conv.pool);
        maps + self.bias.val().reshape([1, conv.filters, 1, 1])
    }
}

impl Dense {
    fn new(shape: [usize; 2], rng: &mut impl Rng, device: &Device) -> Self {
        Self {
            weight: drawn(shape, glorot(shape), rng, device),
            bias: zeros(shape[1], device),
        }
    }

    fn forward(&self, rows: Tensor<3>) -> Tensor<3> {
        rows.matmul(self.weight.val().unsqueeze()) + self.bias.val().unsqueeze()
    }
}

impl Value {
    /// A layer without weights.
    fn through(self, layer: Layer) -> Result<Self> {
        Ok(match (layer, self) {
            (Layer::Relu, Self::Maps(maps)) => Self::Maps(relu(maps)),
            (Layer::Relu, Self::Steps(steps)) => Self::Steps(relu(steps)),
            (Layer::LeakyRelu, Self::Maps(maps)) => Self::Maps(leaky_relu(maps, LEAK)),
            (Layer::LeakyRelu, Self::Steps(steps)) => Self::Steps(leaky_relu(steps, LEAK)),
            (Layer::Steps, Self::Maps(maps)) => {
                let maps = maps.permute([3, 0, 1, 2]);
                let [frames, batch, channels, bands] = maps.dims();
                Self::Steps(maps.reshape([frames, batch, channels * bands]))
            }
            (Layer::Last, Self::Steps(steps)) => {
                let last = steps.dims()[0] - 1;
                Self::Steps(steps.narrow(0, last, 1))
            }
            (Layer::Flatten, Self::Maps(maps)) => {
                Self::Steps(maps.flatten::<2>(1, 3).unsqueeze_dim(0))
            }
            (Layer::Flatten, Self::Steps(steps)) => {
                Self::Steps(steps.swap_dims(0, 1).flatten::<2>(1, 2).unsqueeze_dim(0))
            }
            (layer, _) => bail!("{layer:?} stands where it does not fit"),
        })
    }

    /// Drops a share of the values and scales the rest up.
    fn dropped(self, rate: f64, rng: &mut StdRng) -> Self {
        match self {
            Self::Maps(maps) => Self::Maps(masked(maps, rate, rng)),
            Self::Steps(steps) => Self::Steps(masked(steps, rate, rng)),
        }
    }
}

fn masked<const D: usize>(value: Tensor<D>, rate: f64, rng: &mut StdRng) -> Tensor<D> {
    let shape = value.dims();
    let kept = (1.0 - rate).recip() as f32;
    let mask: Vec<f32> = (0..shape.iter().product())
        .map(|_| if rng.random_bool(rate) { 0.0 } else { kept })
        .collect();
    let mask = Tensor::from_data(TensorData::new(mask, shape), &value.device());
    value * mask
}

/// Slope below zero, where a layer is a rectifier.
const fn slope(layer: Layer) -> Option<f64> {
    match layer {
        Layer::Relu => Some(0.0),
        Layer::LeakyRelu => Some(LEAK),
        _ => None,
    }
}

fn glorot([inputs, outputs]: [usize; 2]) -> f32 {
    (6.0 / (inputs + outputs) as f32).sqrt()
}

fn drawn<const D: usize>(
    shape: [usize; D],
    bound: f32,
    rng: &mut impl Rng,
    device: &Device,
) -> Param<Tensor<D>> {
    let values: Vec<f32> = (0..shape.iter().product())
        .map(|_| rng.random_range(-bound..bound))
        .collect();
    Param::from_data(TensorData::new(values, shape), device)
}

fn zeros(len: usize, device: &Device) -> Param<Tensor<1>> {
    Param::from_data(TensorData::new(vec![0.0_f32; len], [len]), device)
}

/// The values of a tensor, row by row.
///
/// # Errors
/// Where they are not 32-bit floats.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.into_data();
    data.try_to_vec()
        .map_err(|error| anyhow::anyhow!("{error:?}"))
        .context("a tensor of the network does not hold 32-bit floats")
}

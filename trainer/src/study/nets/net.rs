//! A network of the study in burn.

use anyhow::{Result, bail};
use burn::module::{Module, Param};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::{Device, Tensor, TensorData};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::layer::{Input, Layer, Size, Spec, directions};
use crate::learn::neural::{Lstm, ops};

/// Slope of the leaky rectifier below zero.
pub const LEAK: f64 = 0.01;

/// Weights of a convolution.
#[derive(Module, Debug)]
pub struct Conv {
    /// `[filters, channels, bands, frames]`.
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

/// The weights of all layers, kind by kind in the order of the layers; the [`Spec`] says
/// how they follow on each other.
#[derive(Module, Debug)]
pub struct Net {
    /// Of the convolutions.
    pub convs: Vec<Conv>,
    /// Of the normalisations.
    pub norms: Vec<BatchNorm>,
    /// Of the LSTMs.
    pub lstms: Vec<Lstm>,
    /// Of the fully connected layers.
    pub denses: Vec<Dense>,
}

/// What flows between two layers.
enum Value {
    /// `[batch, channels, bands, frames]`.
    Maps(Tensor<4>),
    /// `[steps, batch, width]`.
    Steps(Tensor<3>),
    /// `[batch, width]`.
    Flat(Tensor<2>),
}

impl Net {
    /// Random weights that depend on `seed` alone: uniform as Glorot and Bengio 2010,
    /// Keras's default; for the LSTMs see [`Lstm::new`].
    ///
    /// # Errors
    /// Where the layers do not fit together.
    pub fn new(spec: &Spec, seed: u64, device: &Device) -> Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut net = Self {
            convs: Vec::new(),
            norms: Vec::new(),
            lstms: Vec::new(),
            denses: Vec::new(),
        };
        for (layer, size) in spec.layers.iter().zip(spec.sizes()?) {
            match (*layer, size) {
                (
                    Layer::Conv {
                        filters,
                        kernel: [height, width],
                        ..
                    },
                    Size::Maps([channels, ..]),
                ) => {
                    let taps = height * width;
                    let fans = (channels + filters) * taps;
                    let shape = [filters, channels, height, width];
                    net.convs.push(Conv {
                        weight: glorot(shape, fans, &mut rng, device),
                        bias: zeros(filters, device),
                    });
                }
                (Layer::BatchNormalization, Size::Maps([channels, ..])) => {
                    net.norms.push(BatchNormConfig::new(channels).init(device));
                }
                (
                    Layer::Lstm {
                        units,
                        bidirectional,
                    },
                    Size::Steps([_, width]),
                ) => {
                    let directions = directions(bidirectional);
                    net.lstms
                        .push(Lstm::new(width, units, directions, &mut rng, device));
                }
                (Layer::Dense(units), Size::Flat(width)) => net.denses.push(Dense {
                    weight: glorot([width, units], width + units, &mut rng, device),
                    bias: zeros(units, device),
                }),
                _ => {}
            }
        }
        Ok(net)
    }

    /// The logits `[batch, outputs]` of a batch, `[batch, values]` row by row. In
    /// training, `dropout` draws what is dropped.
    ///
    /// # Errors
    /// Where the layers do not fit together.
    pub fn forward(
        &self,
        spec: &Spec,
        batch: Tensor<2>,
        mut dropout: Option<&mut StdRng>,
    ) -> Result<Tensor<2>> {
        let mut convs = self.convs.iter();
        let mut norms = self.norms.iter();
        let mut lstms = self.lstms.iter();
        let mut denses = self.denses.iter();
        let mut value = first(spec.input, batch);
        let mut layers = spec.layers.iter().copied().peekable();
        while let Some(layer) = layers.next() {
            value = match (layer, value) {
                (
                    Layer::Conv {
                        same, kernel, pool, ..
                    },
                    Value::Maps(maps),
                ) => {
                    let padding = if same { kernel.map(|k| k / 2) } else { [0, 0] };
                    Value::Maps(next(&mut convs)?.forward(maps, padding, pool))
                }
                (Layer::BatchNormalization, Value::Maps(maps)) => {
                    // Normalised and rectified in one: the maps are large.
                    let rectifier = layers.next_if(|layer| slope(*layer).is_some());
                    let slope = rectifier.and_then(slope).unwrap_or(1.0);
                    Value::Maps(ops::batch_norm(next(&mut norms)?, maps, slope))
                }
                (Layer::Lstm { .. }, Value::Steps(steps)) => {
                    Value::Steps(next(&mut lstms)?.forward(steps))
                }
                (Layer::Dense(_), Value::Flat(rows)) => {
                    Value::Flat(next(&mut denses)?.forward(rows))
                }
                (Layer::Dropout(rate), value) => match dropout.as_deref_mut() {
                    Some(rng) => value.dropped(rate, rng),
                    None => value,
                },
                (layer, value) => value.through(layer)?,
            };
        }
        match value {
            Value::Flat(logits) => Ok(logits),
            _ => bail!("{} does not end in a dense layer", spec.name),
        }
    }
}

impl Conv {
    fn forward(&self, maps: Tensor<4>, padding: [usize; 2], pool: [usize; 2]) -> Tensor<4> {
        let filters = self.bias.dims()[0];
        let bias = self.bias.val().reshape([1, filters, 1, 1]);
        ops::conv_pool(maps, self.weight.val(), padding, pool) + bias
    }
}

impl Dense {
    fn forward(&self, rows: Tensor<2>) -> Tensor<2> {
        rows.matmul(self.weight.val()) + self.bias.val().unsqueeze::<2>()
    }
}

impl Value {
    /// A layer without weights.
    fn through(self, layer: Layer) -> Result<Self> {
        Ok(match (layer, self) {
            (Layer::Relu, value) => value.map(relu, relu, relu),
            (Layer::LeakyRelu, value) => value.map(
                |x| leaky_relu(x, LEAK),
                |x| leaky_relu(x, LEAK),
                |x| leaky_relu(x, LEAK),
            ),
            (Layer::Steps, Self::Maps(maps)) => {
                let [batch, channels, bands, frames] = maps.dims();
                let steps = maps.permute([3, 0, 1, 2]);
                Self::Steps(steps.reshape([frames, batch, channels * bands]))
            }
            (Layer::Last, Self::Steps(steps)) => {
                let last = steps.dims()[0] - 1;
                Self::Flat(steps.narrow(0, last, 1).squeeze_dim(0))
            }
            (Layer::Flatten, Self::Maps(maps)) => Self::Flat(maps.flatten(1, 3)),
            (Layer::Flatten, Self::Steps(steps)) => Self::Flat(steps.swap_dims(0, 1).flatten(1, 2)),
            (layer, _) => bail!("{layer:?} stands where it does not fit"),
        })
    }

    fn map(
        self,
        maps: impl Fn(Tensor<4>) -> Tensor<4>,
        steps: impl Fn(Tensor<3>) -> Tensor<3>,
        flat: impl Fn(Tensor<2>) -> Tensor<2>,
    ) -> Self {
        match self {
            Self::Maps(value) => Self::Maps(maps(value)),
            Self::Steps(value) => Self::Steps(steps(value)),
            Self::Flat(value) => Self::Flat(flat(value)),
        }
    }

    /// Drops a share of the values and scales the rest up.
    fn dropped(self, rate: f64, rng: &mut StdRng) -> Self {
        match self {
            Self::Maps(value) => Self::Maps(masked(value, rate, rng)),
            Self::Steps(value) => Self::Steps(masked(value, rate, rng)),
            Self::Flat(value) => Self::Flat(masked(value, rate, rng)),
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

fn first(input: Input, batch: Tensor<2>) -> Value {
    match input {
        Input::Features(_) => Value::Flat(batch),
        Input::Spectrogram([bands, frames]) => {
            let items = batch.dims()[0];
            Value::Maps(batch.reshape([items, 1, bands, frames]))
        }
    }
}

fn next<'a, T>(weights: &mut impl Iterator<Item = &'a T>) -> Result<&'a T> {
    match weights.next() {
        Some(weights) => Ok(weights),
        None => bail!("the network has weights for fewer layers"),
    }
}

fn glorot<const D: usize>(
    shape: [usize; D],
    fans: usize,
    rng: &mut StdRng,
    device: &Device,
) -> Param<Tensor<D>> {
    let bound = (6.0 / fans as f32).sqrt();
    let values: Vec<f32> = (0..shape.iter().product())
        .map(|_| rng.random_range(-bound..bound))
        .collect();
    Param::from_data(TensorData::new(values, shape), device)
}

fn zeros(len: usize, device: &Device) -> Param<Tensor<1>> {
    Param::from_data(TensorData::new(vec![0.0_f32; len], [len]), device)
}

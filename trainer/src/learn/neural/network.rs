//! The convolution + bidirectional LSTM network.

use crate::earlier::OUTPUTS;
use anyhow::{Context, Result};
use burn::module::{Module, Param};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::activation::tanh;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};
use rand::Rng;
use undertone::Mood;

use super::architecture::{Architecture, Block};
use super::lstm::Lstm;
use super::ops;

/// Slope of the leaky rectifier below zero.
pub const LEAK: f64 = 0.01;

/// A convolution with its normalisation; see [`Block`] for its shape.
#[derive(Module, Debug)]
pub struct Convolution {
    /// `[channels out, channels in, frames, bands]`.
    pub weight: Param<Tensor<4>>,
    /// Normalisation of the pooled output; it brings the bias.
    pub norm: BatchNorm,
    /// Stride in time and frequency.
    pub stride: [usize; 2],
    /// Zeros on both ends of time and frequency.
    pub padding: [usize; 2],
    /// Pooling window in time and frequency.
    pub pool: [usize; 2],
}

impl Convolution {
    /// Weights as He et al. 2015 for rectifiers: uniform within √(6 / fan-in).
    fn new(inputs: usize, block: &Block, rng: &mut impl Rng, device: &Device) -> Self {
        let [frames, bands] = block.kernel;
        let fan_in = inputs * frames * bands;
        let bound = (6.0 / fan_in as f32).sqrt();
        let weight: Vec<f32> = (0..block.channels * fan_in)
            .map(|_| rng.random_range(-bound..bound))
            .collect();
        Self {
            weight: Param::from_data(
                TensorData::new(weight, [block.channels, inputs, frames, bands]),
                device,
            ),
            norm: BatchNormConfig::new(block.channels).init(device),
            stride: block.stride,
            padding: block.padding,
            pool: block.pool,
        }
    }

    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let options = ConvOptions::new(self.stride, self.padding, [1, 1], 1);
        let mut output = conv2d(input, self.weight.val(), None, options);
        if self.pool != [1, 1] {
            output = max_pool2d(output, MaxPoolOptions::new(self.pool));
        }
        ops::batch_norm(&self.norm, output, LEAK)
    }
}

/// What the log-mel values are brought to zero mean and unit scale with.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalisation {
    /// Mean of each band.
    pub mean: Vec<f32>,
    /// Standard deviation over all bands together, so that a band that is quiet in
    /// the training songs is not blown up.
    pub deviation: f32,
}

/// The network: log-mel `[batch, frames, bands]` in, `[batch, frames / 64, 6]` out.
#[derive(Module, Debug)]
pub struct Network {
    /// Mean of each band, `[bands]`; measured, not trained.
    pub mean: Param<Tensor<1>>,
    /// Inverse of the standard deviation, `[1]`; measured, not trained.
    pub scale: Param<Tensor<1>>,
    /// The convolution blocks.
    pub blocks: Vec<Convolution>,
    /// The recurrent layer.
    pub lstm: Lstm,
    /// `[2·hidden, OUTPUTS]`.
    pub dense_weight: Param<Tensor<2>>,
    /// `[OUTPUTS]`.
    pub dense_bias: Param<Tensor<1>>,
    /// `[2·hidden, width]`: repeats what a teacher says of a step; for training alone, no
    /// part of the exported network.
    pub lesson_weight: Option<Param<Tensor<2>>>,
    /// Steps of the LSTM that are averaged into one output step.
    pub pooled_steps: usize,
}

/// What is dropped in one forward pass of training: 0 or 1 / (1 - rate) a value.
#[derive(Debug, Clone)]
pub struct Dropout {
    /// `[steps, batch, LSTM input]`.
    pub input: Tensor<3>,
    /// `[output steps, batch, 2·hidden]`.
    pub output: Tensor<3>,
}

impl Network {
    /// A new network with random weights that depend on `rng` alone; with a
    /// `lesson_width` above 0 also that many outputs for a teacher's lessons.
    ///
    /// # Errors
    /// Where the architecture does not fit together.
    pub fn new(
        architecture: &Architecture,
        normalisation: &Normalisation,
        lesson_width: usize,
        rng: &mut impl Rng,
        device: &Device,
    ) -> Result<Self> {
        architecture.check()?;
        let mut inputs = 1;
        let mut blocks = Vec::new();
        for block in &architecture.blocks {
            blocks.push(Convolution::new(inputs, block, rng, device));
            inputs = block.channels;
        }
        let lstm = Lstm::new(
            architecture.lstm_input(),
            architecture.hidden,
            2,
            rng,
            device,
        );
        let features = 2 * architecture.hidden;
        let bound = (features as f32).sqrt().recip();
        let mut dense = |width: usize| {
            let weight = (0..features * width).map(|_| rng.random_range(-bound..bound));
            let weight = TensorData::new(weight.collect::<Vec<f32>>(), [features, width]);
            Param::from_data(weight, device)
        };
        let measured = |values: Vec<f32>| {
            let shape = [values.len()];
            Param::from_data(TensorData::new(values, shape), device).set_require_grad(false)
        };
        Ok(Self {
            mean: measured(normalisation.mean.clone()),
            scale: measured(vec![normalisation.deviation.recip()]),
            blocks,
            lstm,
            dense_weight: dense(OUTPUTS),
            dense_bias: Param::from_data(
                TensorData::new(vec![0.0_f32; OUTPUTS], [OUTPUTS]),
                device,
            ),
            lesson_weight: (lesson_width > 0).then(|| dense(lesson_width)),
            pooled_steps: architecture.pooled_steps(),
        })
    }

    /// Answers for log-mel windows `[batch, frames, bands]`, `frames` a multiple of
    /// 64: `[batch, frames / 64, OUTPUTS]`, four mood logits in the order of
    /// [`Mood::ALL`], then arousal and valence in [-1, 1].
    pub fn forward(&self, log_mel: Tensor<3>, dropout: Option<Dropout>) -> Tensor<3> {
        self.answer(self.features(log_mel, dropout))
    }

    /// As [`Self::forward`], and what it repeats of the teacher's lessons,
    /// `[batch, frames / 64, width]`.
    pub fn forward_with_lesson(
        &self,
        log_mel: Tensor<3>,
        dropout: Option<Dropout>,
    ) -> (Tensor<3>, Option<Tensor<3>>) {
        let features = self.features(log_mel, dropout);
        let lesson = self.lesson_weight.as_ref().map(|weight| {
            features
                .clone()
                .matmul(weight.val().unsqueeze())
                .swap_dims(0, 1)
        });
        (self.answer(features), lesson)
    }

    /// What the heads look at: `[frames / 64, batch, 2·hidden]`.
    fn features(&self, log_mel: Tensor<3>, dropout: Option<Dropout>) -> Tensor<3> {
        let mean = self.mean.val().unsqueeze::<3>();
        let scale = self.scale.val().unsqueeze::<3>();
        let mut maps: Tensor<4> = ((log_mel - mean) * scale).unsqueeze_dim(1);
        for block in &self.blocks {
            maps = block.forward(maps);
        }
        let [batch, channels, steps, bands] = maps.dims();
        let mut sequence = maps
            .permute([2, 0, 1, 3])
            .reshape([steps, batch, channels * bands]);
        let (drop_input, drop_output) =
            dropout.map_or((None, None), |d| (Some(d.input), Some(d.output)));
        if let Some(mask) = drop_input {
            sequence = sequence * mask;
        }
        let states = self.lstm.forward(sequence);
        let features = states.dims()[2];
        let pooled_steps = self.pooled_steps;
        let mut pooled: Tensor<3> = states
            .reshape([steps / pooled_steps, pooled_steps, batch, features])
            .mean_dim(1)
            .squeeze_dim(1);
        if let Some(mask) = drop_output {
            pooled = pooled * mask;
        }
        pooled
    }

    /// The head of moods and affect.
    fn answer(&self, features: Tensor<3>) -> Tensor<3> {
        let outputs = features.matmul(self.dense_weight.val().unsqueeze())
            + self.dense_bias.val().unsqueeze::<3>();
        let logits = outputs.clone().narrow(2, 0, Mood::COUNT);
        let affect = tanh(outputs.narrow(2, Mood::COUNT, OUTPUTS - Mood::COUNT));
        Tensor::cat(vec![logits, affect], 2).swap_dims(0, 1)
    }

    /// Number of trained parameters; neither the measured
    /// normalisation nor the head of the lessons counts.
    pub fn parameters(&self) -> usize {
        let convolutions: usize = self
            .blocks
            .iter()
            .map(|b| b.weight.shape().num_elements() + 2 * b.norm.gamma.shape().num_elements())
            .sum();
        let rest = [
            self.lstm.weight.shape(),
            self.lstm.bias.shape(),
            self.dense_weight.shape(),
            self.dense_bias.shape(),
        ];
        convolutions
            + rest
                .iter()
                .map(burn::tensor::Shape::num_elements)
                .sum::<usize>()
    }
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

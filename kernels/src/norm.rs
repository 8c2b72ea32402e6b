//! Batch normalisation of channels with the rectifier that follows it, forward and
//! backward, each in two passes over the values where small operators take ten.

use rayon::prelude::*;

/// Sizes of a batch of maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Items of the batch.
    pub batch: usize,
    /// Channels.
    pub channels: usize,
    /// Values of one channel of one item.
    pub plane: usize,
}

impl Shape {
    fn count(&self) -> f64 {
        (self.batch * self.plane) as f64
    }

    /// Sums of each channel from those of its planes, in a fixed order.
    fn by_channel<const N: usize>(&self, planes: &[[f64; N]]) -> Vec<[f64; N]> {
        let mut sums = vec![[0.0; N]; self.channels];
        for (index, plane) in planes.iter().enumerate() {
            let sums = &mut sums[index % self.channels];
            for (sum, value) in sums.iter_mut().zip(plane) {
                *sum += value;
            }
        }
        sums
    }
}

/// Mean and population variance of each channel of `input` `[batch, channels, plane]`.
#[must_use]
pub fn moments(shape: &Shape, input: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let planes: Vec<[f64; 2]> = input
        .par_chunks(shape.plane)
        .map(|plane| sums(plane, |value| [value, value * value]))
        .collect();
    let moments = shape.by_channel(&planes).into_iter().map(|[sum, square]| {
        let mean = sum / shape.count();
        (
            mean as f32,
            (square / shape.count() - mean * mean).max(0.0) as f32,
        )
    });
    moments.unzip()
}

/// What a channel is multiplied by and what is added then.
fn factors(norm: &Norm, channel: usize) -> [f32; 2] {
    let factor = norm.gamma[channel] * norm.inverse(channel);
    [factor, norm.beta[channel] - norm.mean[channel] * factor]
}

/// The numbers of a normalisation, one of each a channel.
#[derive(Clone, Copy)]
pub struct Norm<'a> {
    /// Deviation that the channel is brought to.
    pub gamma: &'a [f32],
    /// Mean that it is brought to.
    pub beta: &'a [f32],
    /// Mean that it has.
    pub mean: &'a [f32],
    /// Variance that it has.
    pub variance: &'a [f32],
    /// Added to every variance.
    pub epsilon: f32,
    /// What normalised values below zero are multiplied by: 1 for no rectifier.
    pub slope: f32,
}

impl Norm<'_> {
    fn inverse(&self, channel: usize) -> f32 {
        (self.variance[channel] + self.epsilon).sqrt().recip()
    }
}

/// Normalises `input` `[batch, channels, plane]`.
#[must_use]
pub fn forward(shape: &Shape, input: &[f32], norm: Norm) -> Vec<f32> {
    let mut output = vec![0.0; input.len()];
    output
        .par_chunks_mut(shape.plane)
        .zip(input.par_chunks(shape.plane))
        .enumerate()
        .for_each(|(index, (output, input))| {
            let [factor, shift] = factors(&norm, index % shape.channels);
            for (out, value) in output.iter_mut().zip(input) {
                let normal = value * factor + shift;
                *out = if normal > 0.0 {
                    normal
                } else {
                    normal * norm.slope
                };
            }
        });
    output
}

/// Gradients of a normalisation.
#[derive(Debug)]
pub struct Gradients {
    /// Of the input.
    pub input: Vec<f32>,
    /// Of gamma.
    pub gamma: Vec<f32>,
    /// Of beta.
    pub beta: Vec<f32>,
}

/// The gradients from that of the output, where mean and variance are those of `input`
/// itself (Ioffe and Szegedy 2015, section 3).
#[must_use]
pub fn backward(shape: &Shape, input: &[f32], norm: Norm, gradient: &[f32]) -> Gradients {
    let planes: Vec<[f64; 2]> = input
        .par_chunks(shape.plane)
        .zip(gradient.par_chunks(shape.plane))
        .enumerate()
        .map(|(index, (input, gradient))| {
            let channel = index % shape.channels;
            let (mean, inverse) = (norm.mean[channel], norm.inverse(channel));
            let [factor, shift] = factors(&norm, channel);
            let mut sums = [0.0_f64; 2];
            // In short runs of single precision: quick, and as exact as the rest.
            for (input, gradient) in input.chunks(256).zip(gradient.chunks(256)) {
                let mut run = [0.0_f32; 2];
                for (value, pull) in input.iter().zip(gradient) {
                    let pull = through(value * factor + shift, *pull, norm.slope);
                    run[0] += pull * (value - mean) * inverse;
                    run[1] += pull;
                }
                sums[0] += f64::from(run[0]);
                sums[1] += f64::from(run[1]);
            }
            sums
        })
        .collect();
    let sums = shape.by_channel(&planes);
    let mut of_input = vec![0.0; input.len()];
    of_input
        .par_chunks_mut(shape.plane)
        .zip(
            input
                .par_chunks(shape.plane)
                .zip(gradient.par_chunks(shape.plane)),
        )
        .enumerate()
        .for_each(|(index, (out, (input, gradient)))| {
            let channel = index % shape.channels;
            let (mean, inverse) = (norm.mean[channel], norm.inverse(channel));
            let [scaled, plain] = sums[channel].map(|sum| (sum / shape.count()) as f32);
            let [factor, shift] = factors(&norm, channel);
            for ((out, value), pull) in out.iter_mut().zip(input).zip(gradient) {
                let pull = through(value * factor + shift, *pull, norm.slope);
                *out = factor * (pull - plain - (value - mean) * inverse * scaled);
            }
        });
    Gradients {
        input: of_input,
        gamma: sums.iter().map(|[scaled, _]| *scaled as f32).collect(),
        beta: sums.iter().map(|[_, plain]| *plain as f32).collect(),
    }
}

/// A gradient through the rectifier.
fn through(normal: f32, gradient: f32, slope: f32) -> f32 {
    if normal > 0.0 {
        gradient
    } else {
        gradient * slope
    }
}

/// Sums over values of what `terms` makes of each, in double precision.
fn sums<const N: usize>(values: &[f32], terms: impl Fn(f64) -> [f64; N]) -> [f64; N] {
    let mut sums = [0.0; N];
    for &value in values {
        for (sum, term) in sums.iter_mut().zip(terms(f64::from(value))) {
            *sum += term;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{dot, noise, slope};

    const SHAPE: Shape = Shape {
        batch: 3,
        channels: 2,
        plane: 7,
    };

    fn run(input: &[f32], gamma: &[f32], beta: &[f32], slope: f32) -> Vec<f32> {
        let (mean, variance) = moments(&SHAPE, input);
        let norm = Norm {
            gamma,
            beta,
            mean: &mean,
            variance: &variance,
            epsilon: 1e-5,
            slope,
        };
        forward(&SHAPE, input, norm)
    }

    #[test]
    fn channels_get_the_mean_and_deviation_they_are_given() {
        let output = run(&noise(42, 1), &[2.0, 0.5], &[1.0, -3.0], 1.0);
        let (mean, variance) = moments(&SHAPE, &output);
        for (got, expected) in mean.iter().zip([1.0, -3.0]) {
            assert!((got - expected).abs() < 1e-5, "{got}");
        }
        for (got, expected) in variance.iter().zip([4.0, 0.25]) {
            assert!((got - expected).abs() < 1e-3, "{got}");
        }
    }

    #[test]
    fn the_gradients_are_the_slopes() {
        for slope in [1.0, 0.01] {
            gradients_are_slopes(slope);
        }
    }

    fn gradients_are_slopes(rectifier: f32) {
        let (gamma, beta) = (vec![2.0, -0.5], vec![0.3, -0.2]);
        // Where a value is nearly zero, the rectifier's slope has a kink.
        let is_clear = |input: &Vec<f32>| {
            let values = run(input, &gamma, &beta, 1.0);
            values.iter().all(|value| value.abs() > 0.02)
        };
        let input = (1..100).map(|seed| noise(42, seed)).find(is_clear).unwrap();
        let pull = noise(42, 2);
        let (mean, variance) = moments(&SHAPE, &input);
        let norm = Norm {
            gamma: &gamma,
            beta: &beta,
            mean: &mean,
            variance: &variance,
            epsilon: 1e-5,
            slope: rectifier,
        };
        let found = backward(&SHAPE, &input, norm, &pull);
        let run = |x: &[f32], g: &[f32], b: &[f32]| dot(&run(x, g, b, rectifier), &pull);
        let check = |at: &[f32], found: &[f32], run: &dyn Fn(&[f32]) -> f64| {
            for (index, value) in found.iter().enumerate() {
                let rise = slope(at, index, run);
                assert!((rise - f64::from(*value)).abs() < 5e-3, "{rise} {value}");
            }
        };
        check(&input, &found.input, &|x| run(x, &gamma, &beta));
        check(&gamma, &found.gamma, &|g| run(&input, g, &beta));
        check(&beta, &found.beta, &|b| run(&input, &gamma, b));
    }
}

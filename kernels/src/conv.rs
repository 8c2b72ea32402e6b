//! Convolution (stride 1) followed by max pooling, forward and backward.
//!
//! The convolution's own output, eight times as large as what pooling leaves of it, is
//! never stored: a band of rows at a time is unfolded into columns (im2col), multiplied
//! and pooled while it lies in the cache. The backward pass unfolds it again.

use rayon::prelude::*;

pub use crate::im2col::Shape;
use crate::im2col::{fold, unfold};
use crate::matrix::{Into, Matrix, product};
use crate::pool::{copy, pool, unpool};

/// Parts that a batch is cut into for the weights' gradient.
const PARTS: usize = 4;

/// What is worked on in one thread.
struct Scratch {
    /// Unfolded input `[taps, columns]`, or its gradient.
    panel: Vec<f32>,
    /// Convolution's output `[filters, columns]`, or its gradient.
    full: Vec<f32>,
}

impl Scratch {
    fn new(shape: &Shape) -> Self {
        let columns = shape.band() * shape.pool[0] * shape.used_width();
        Self {
            panel: vec![0.0; shape.taps() * columns],
            full: vec![0.0; shape.filters * columns],
        }
    }
}

/// Convolves and pools. `input` is `[batch, channels, height, width]`, `weight`
/// `[filters, channels, kernel height, kernel width]`; gives the pooled output `[batch,
/// filters, height, width]` and, for each of its values, the place of the largest value
/// in its window, row by row.
#[must_use]
pub fn forward(shape: &Shape, input: &[f32], weight: &[f32]) -> (Vec<f32>, Vec<u8>) {
    let mut output = vec![0.0; shape.batch * shape.output_item()];
    let mut places = vec![0; output.len()];
    if output.is_empty() {
        return (output, places);
    }
    output
        .par_chunks_mut(shape.output_item())
        .zip(places.par_chunks_mut(shape.output_item()))
        .zip(input.par_chunks(shape.item()))
        .for_each_init(
            || Scratch::new(shape),
            |scratch, ((output, places), item)| {
                for band in shape.bands() {
                    let columns = band.1 * shape.pool[0] * shape.used_width();
                    unfold(shape, item, band, &mut scratch.panel);
                    product(
                        Matrix::new(weight, shape.filters, shape.taps()),
                        Matrix::new(&scratch.panel, shape.taps(), columns),
                        &mut scratch.full,
                        Into::Replace,
                    );
                    if shape.pools() {
                        pool(shape, &scratch.full, band, output, places);
                    } else {
                        copy(shape, &scratch.full, band, output);
                    }
                }
            },
        );
    (output, places)
}

/// The gradients of `weight` and, where `with_input`, of `input`, from the gradient of
/// the pooled output and the places that [`forward`] gave.
pub fn backward(
    shape: &Shape,
    input: &[f32],
    weight: &[f32],
    places: &[u8],
    gradient: &[f32],
    with_input: bool,
) -> (Vec<f32>, Option<Vec<f32>>) {
    let part = shape.batch.div_ceil(PARTS).max(1);
    let mut of_input = vec![0.0; if with_input { input.len() } else { 0 }];
    let mut inputs: Vec<Option<&mut [f32]>> = if with_input {
        of_input.chunks_mut(part * shape.item()).map(Some).collect()
    } else {
        (0..shape.batch.div_ceil(part)).map(|_| None).collect()
    };
    let weights: Vec<Vec<f32>> = inputs
        .par_iter_mut()
        .enumerate()
        .map(|(number, of_input)| {
            let mut pass = Backward {
                shape,
                weight,
                scratch: Scratch::new(shape),
                of_weight: vec![0.0; weight.len()],
            };
            for index in number * part..((number + 1) * part).min(shape.batch) {
                let at = |size: usize| index * size..(index + 1) * size;
                let local = (index - number * part) * shape.item();
                pass.item(
                    &input[at(shape.item())],
                    &places[at(shape.output_item())],
                    &gradient[at(shape.output_item())],
                    of_input
                        .as_mut()
                        .map(|all| &mut all[local..local + shape.item()]),
                );
            }
            pass.of_weight
        })
        .collect();
    let mut of_weight = vec![0.0; weight.len()];
    for part in &weights {
        for (sum, value) in of_weight.iter_mut().zip(part) {
            *sum += value;
        }
    }
    (of_weight, with_input.then_some(of_input))
}

/// The backward pass of one part of a batch.
struct Backward<'a> {
    shape: &'a Shape,
    weight: &'a [f32],
    scratch: Scratch,
    of_weight: Vec<f32>,
}

impl Backward<'_> {
    fn item(
        &mut self,
        input: &[f32],
        places: &[u8],
        gradient: &[f32],
        mut of_input: Option<&mut [f32]>,
    ) {
        let shape = self.shape;
        let (taps, filters) = (shape.taps(), shape.filters);
        for band in shape.bands() {
            let columns = band.1 * shape.pool[0] * shape.used_width();
            let Scratch { panel, full } = &mut self.scratch;
            let full = if shape.pools() {
                unpool(shape, gradient, places, band, full);
                Matrix::new(full, filters, columns)
            } else {
                let [height, width] = shape.output();
                Matrix::strided(
                    &gradient[band.0 * width..],
                    filters,
                    columns,
                    height * width,
                )
            };
            unfold(shape, input, band, panel);
            product(
                full,
                Matrix::new(panel, taps, columns).transposed(),
                &mut self.of_weight,
                Into::Add,
            );
            if let Some(of_input) = of_input.as_deref_mut() {
                product(
                    Matrix::new(self.weight, filters, taps).transposed(),
                    full,
                    panel,
                    Into::Replace,
                );
                fold(shape, panel, band, of_input);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::{dot, noise, slope};

    const SHAPES: [Shape; 4] = [
        Shape {
            batch: 3,
            channels: 2,
            input: [9, 14],
            filters: 3,
            kernel: [3, 3],
            padding: [1, 1],
            pool: [2, 4],
        },
        Shape {
            batch: 5,
            channels: 2,
            input: [7, 13],
            filters: 2,
            kernel: [2, 10],
            padding: [0, 0],
            pool: [2, 2],
        },
        Shape {
            batch: 1,
            channels: 1,
            input: [4, 6],
            filters: 2,
            kernel: [1, 3],
            padding: [0, 1],
            pool: [1, 1],
        },
        Shape {
            batch: 2,
            channels: 3,
            input: [40, 500],
            filters: 2,
            kernel: [3, 1],
            padding: [1, 0],
            pool: [2, 5],
        },
    ];

    /// Several bands high.
    const UNPOOLED: Shape = Shape {
        batch: 1,
        channels: 3,
        input: [40, 500],
        filters: 2,
        kernel: [3, 3],
        padding: [1, 1],
        pool: [1, 1],
    };

    fn example(shape: &Shape) -> (Vec<f32>, Vec<f32>) {
        (
            noise(shape.batch * shape.item(), 1),
            noise(shape.filters * shape.taps(), 2),
        )
    }

    /// The definition, one value at a time.
    fn by_hand(shape: &Shape, input: &[f32], weight: &[f32]) -> Vec<f32> {
        let [height, width] = shape.input;
        let value = |item: usize, filter: usize, y: usize, x: usize| {
            let mut sum = 0.0;
            for channel in 0..shape.channels {
                for ky in 0..shape.kernel[0] {
                    for kx in 0..shape.kernel[1] {
                        let (y, x) = (y + ky, x + kx);
                        let inside = (shape.padding[0]..height + shape.padding[0]).contains(&y)
                            && (shape.padding[1]..width + shape.padding[1]).contains(&x);
                        if inside {
                            let row =
                                (item * shape.channels + channel) * height + y - shape.padding[0];
                            let tap = ((filter * shape.channels + channel) * shape.kernel[0] + ky)
                                * shape.kernel[1]
                                + kx;
                            sum += input[row * width + x - shape.padding[1]] * weight[tap];
                        }
                    }
                }
            }
            sum
        };
        let [rows, columns] = shape.output();
        let mut output = Vec::new();
        for item in 0..shape.batch {
            for filter in 0..shape.filters {
                for row in 0..rows {
                    for column in 0..columns {
                        let window = (0..shape.pool[0] * shape.pool[1]).map(|place| {
                            let y = row * shape.pool[0] + place / shape.pool[1];
                            let x = column * shape.pool[1] + place % shape.pool[1];
                            value(item, filter, y, x)
                        });
                        output.push(window.fold(f32::NEG_INFINITY, f32::max));
                    }
                }
            }
        }
        output
    }

    #[test]
    fn agrees_with_the_definition() {
        for shape in SHAPES {
            let (input, weight) = example(&shape);
            let (output, _) = forward(&shape, &input, &weight);
            let expected = by_hand(&shape, &input, &weight);
            assert_eq!(output.len(), expected.len());
            for (a, b) in output.iter().zip(&expected) {
                assert!((a - b).abs() < 1e-5, "{shape:?}: {a} {b}");
            }
        }
    }

    #[test]
    fn the_gradients_are_the_slopes() {
        // Without pooling there are no kinks; small windows have them seldom.
        for shape in [SHAPES[0], SHAPES[1], SHAPES[2], UNPOOLED] {
            let (input, weight) = example(&shape);
            let (output, places) = forward(&shape, &input, &weight);
            let pull = noise(output.len(), 3);
            let (of_weight, of_input) = backward(&shape, &input, &weight, &places, &pull, true);
            let of_input = of_input.unwrap();
            let close = |a: f64, b: f32| (a - f64::from(b)).abs() < 0.01 * a.abs().max(1.0);
            for at in (0..weight.len()).step_by(5) {
                let rise = slope(&weight, at, |w| dot(&forward(&shape, &input, w).0, &pull));
                assert!(
                    close(rise, of_weight[at]),
                    "{shape:?}: {rise} {}",
                    of_weight[at]
                );
            }
            for at in (0..input.len()).step_by(input.len() / 9 + 1) {
                let rise = slope(&input, at, |x| dot(&forward(&shape, x, &weight).0, &pull));
                assert!(
                    close(rise, of_input[at]),
                    "{shape:?}: {rise} {}",
                    of_input[at]
                );
            }
        }
    }

    /// A function that doubles with its input is the product of input and slope (Euler):
    /// exact also where the largest value of a window changes.
    #[test]
    fn the_gradients_make_up_the_output() {
        for shape in SHAPES.into_iter().chain([UNPOOLED]) {
            let (input, weight) = example(&shape);
            let (output, places) = forward(&shape, &input, &weight);
            let pull = noise(output.len(), 3);
            let (of_weight, of_input) = backward(&shape, &input, &weight, &places, &pull, true);
            let whole = dot(&output, &pull);
            let close = |part: f64| (part - whole).abs() < 1e-4 * whole.abs().max(1.0);
            assert!(close(dot(&of_weight, &weight)), "{shape:?}");
            assert!(close(dot(&of_input.unwrap(), &input)), "{shape:?}");
        }
    }

    #[test]
    fn a_broken_network_gives_no_numbers() {
        for shape in SHAPES {
            let (input, mut weight) = example(&shape);
            weight.fill(f32::NAN);
            let (output, _) = forward(&shape, &input, &weight);
            assert!(output.iter().all(|value| value.is_nan()));
        }
    }
}

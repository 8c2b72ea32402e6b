//! Networks as a whole.

mod classify;
mod onnx;

use super::layer::{Conv2D, Layer};
use super::spec::{Input, Spec};

/// Bands and frames of made-up spectrograms.
const SIZE: [usize; 2] = [8, 24];

/// A small network with every kind of layer.
pub fn small(early_stopping: bool) -> Spec {
    let conv = |kernel, same, pool| {
        Layer::Conv2D(Conv2D {
            same,
            pool,
            ..Conv2D::new(4, kernel)
        })
    };
    Spec {
        name: "small",
        input: Input::Spectrogram(SIZE),
        layers: vec![
            conv([3, 3], true, [2, 2]),
            Layer::BatchNormalization,
            Layer::LeakyRelu,
            conv([2, 3], false, [1, 1]),
            Layer::Relu,
            Layer::Steps,
            Layer::Lstm {
                units: 5,
                bidirectional: true,
            },
            Layer::Dropout(0.25),
            Layer::Lstm {
                units: 3,
                bidirectional: false,
            },
            Layer::Last,
            Layer::Dense(6),
            Layer::Relu,
        ],
        heads: Vec::new(),
        batch_size: 8,
        early_stopping,
    }
}

//! The networks by name: the bundled one, and those of the original study.

use undertone::network::WINDOW_STEPS;

use super::experts::units;
use super::layer::{Conv2D, Layer};
use super::spec::{Activation, Head, Input, Spec};
use crate::learn::body::WIDTH;

/// Mel bands and frames of 30 s at 22,050 Hz with a hop of 512 samples.
pub const SPECTROGRAM: [usize; 2] = [128, 1292];

/// Items of a batch where the study names no number.
const BATCH: usize = 32;

/// The layers of the bundled network behind its body ([`crate::learn::body`]): an answer a
/// second, of the moods, arousal and valence, and what it is, in the order of
/// [`undertone::network::OUTPUTS`].
pub fn mood() -> Spec {
    Spec {
        name: "mood",
        input: Input::Sequence([WINDOW_STEPS, WIDTH]),
        layers: vec![
            Layer::Dropout(0.5),
            Layer::Lstm {
                units: 32,
                bidirectional: true,
            },
            Layer::ConcatenateInput,
            Layer::Dropout(0.5),
        ],
        heads: vec![answers(0)],
        batch_size: 64,
        early_stopping: false,
    }
}

/// The head of the bundled network, with an expert for each of so many corpora.
pub fn answers(experts: usize) -> Head {
    Head {
        name: "answers",
        units: units(experts),
        activation: Activation::Experts(experts),
        auxiliary: false,
    }
}

/// A network of the study, without its head.
fn study(name: &'static str, input: Input, layers: Vec<Layer>) -> Spec {
    Spec {
        name,
        input,
        layers,
        heads: Vec::new(),
        batch_size: BATCH,
        early_stopping: true,
    }
}

/// Network with one hidden layer of 8 units on a row of features; 148 parameters for 13
/// features and four moods.
pub fn eight_nodes(features: usize) -> Spec {
    let layers = vec![Layer::Dense(8), Layer::Relu];
    study("8-node net", Input::Features(features), layers)
}

/// The networks that look at spectrograms, in the order of the study.
pub fn spectrogram_nets() -> Vec<Spec> {
    vec![
        conv_fc(),
        conv_fc_early_stopping(),
        conv_fc_normalised(),
        rectangular(),
        lstm(),
        conv_lstm_dnn(),
    ]
}

/// The first stage: four convolutions and two dense layers, trained for a fixed number
/// of epochs; 3,552,513 parameters with one output.
pub fn conv_fc() -> Spec {
    Spec {
        batch_size: 64,
        early_stopping: false,
        ..study(
            "Conv+FC",
            Input::Spectrogram(SPECTROGRAM),
            square_stack(false),
        )
    }
}

/// The second stage: the same with early stopping and batches of 32.
pub fn conv_fc_early_stopping() -> Spec {
    Spec {
        name: "Conv+FC, early stopping",
        batch_size: BATCH,
        early_stopping: true,
        ..conv_fc()
    }
}

/// The third stage: the same with batch normalisation and dropout.
pub fn conv_fc_normalised() -> Spec {
    Spec {
        name: "Conv+FC, batch norm, dropout",
        layers: square_stack(true),
        ..conv_fc_early_stopping()
    }
}

fn square_stack(regularised: bool) -> Vec<Layer> {
    let mut layers = Vec::new();
    for filters in [32, 128, 256, 256] {
        layers.push(Layer::Conv2D(Conv2D {
            pool: [2, 4],
            ..Conv2D::new(filters, [3, 3])
        }));
        if regularised {
            layers.push(Layer::BatchNormalization);
        }
        layers.push(Layer::Relu);
    }
    layers.push(Layer::Flatten);
    for units in [256, 32] {
        if regularised {
            layers.push(Layer::Dropout(0.25));
        }
        layers.extend([Layer::Dense(units), Layer::Relu]);
    }
    layers
}

/// Filters that are long in time and short in pitch; 446,193 parameters with one output.
pub fn rectangular() -> Spec {
    let mut layers = Vec::new();
    for filters in [16, 32, 64, 128] {
        layers.extend([
            Layer::Conv2D(Conv2D {
                same: false,
                pool: [2, 4],
                ..Conv2D::new(filters, [2, 10])
            }),
            Layer::BatchNormalization,
            Layer::Relu,
        ]);
    }
    layers.extend([Layer::Flatten, Layer::Dense(128), Layer::Relu]);
    study("Conv, rectangular", Input::Spectrogram(SPECTROGRAM), layers)
}

/// Three LSTMs over all 1,292 frames; 321,025 parameters with one output.
pub fn lstm() -> Spec {
    let layer = |units| Layer::Lstm {
        units,
        bidirectional: false,
    };
    let layers = vec![
        Layer::Steps,
        layer(128),
        layer(128),
        layer(64),
        Layer::Last,
        Layer::Dense(128),
        Layer::Relu,
    ];
    study("LSTM", Input::Spectrogram(SPECTROGRAM), layers)
}

/// Three groups of convolutions along time, along pitch and over both, two bidirectional
/// LSTMs and a dense network; 2,711,649 parameters with one output.
///
/// The study gives the kernels, the recurrent and dense layers and the total. Groups of
/// 32, 64 and 32 filters, each layer normalised, and 64 steps of 32 bands are what makes
/// that total. Each group pools behind its first convolution, the cheapest place.
pub fn conv_lstm_dnn() -> Spec {
    let mut layers = Vec::new();
    for (filters, pool) in [(32, [2, 4]), (64, [2, 5]), (32, [1, 1])] {
        for (kernel, pool) in [([1, 3], pool), ([3, 1], [1, 1]), ([3, 3], [1, 1])] {
            layers.extend([
                Layer::Conv2D(Conv2D {
                    pool,
                    ..Conv2D::new(filters, kernel)
                }),
                Layer::BatchNormalization,
                Layer::LeakyRelu,
            ]);
        }
    }
    layers.push(Layer::Steps);
    for _ in 0..2 {
        layers.extend([
            Layer::Lstm {
                units: 128,
                bidirectional: true,
            },
            Layer::Dropout(0.25),
        ]);
    }
    layers.extend([Layer::Flatten, Layer::Dense(64), Layer::LeakyRelu]);
    study("Conv+LSTM+DNN", Input::Spectrogram(SPECTROGRAM), layers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_those_of_the_study() {
        let count = |spec: Spec, classes| spec.with_classes(classes).parameters().unwrap();
        assert_eq!(count(eight_nodes(13), 4), 148);
        assert_eq!(count(conv_fc(), 2), 3_552_513);
        assert_eq!(count(conv_fc_early_stopping(), 2), 3_552_513);
        assert_eq!(count(conv_fc_normalised(), 2), 3_552_513 + 4 * 672);
        assert_eq!(count(rectangular(), 2), 446_193);
        assert_eq!(count(lstm(), 2), 321_025);
        assert_eq!(count(conv_lstm_dnn(), 2), 2_711_649);
        assert_eq!(count(conv_lstm_dnn(), 4), 2_711_649 + 3 * 65);
    }

    #[test]
    fn the_bundled_network_answers_once_a_step() {
        let spec = mood();
        assert_eq!(spec.features().unwrap(), [WINDOW_STEPS, WIDTH + 2 * 32]);
    }

    #[test]
    fn a_layer_that_does_not_fit_is_named() {
        let mut spec = lstm();
        spec.layers.insert(0, Layer::Flatten);
        let error = spec.sizes().unwrap_err();
        assert!(
            format!("{error:#}").contains("layer 2 of LSTM"),
            "{error:#}"
        );
    }
}

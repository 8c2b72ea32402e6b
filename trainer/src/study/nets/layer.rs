//! A network as a list of layers, named as Keras names them.

use std::fmt;

use anyhow::{Result, bail, ensure};
use serde::Serialize;

/// One layer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub enum Layer {
    /// Convolution of stride 1 with bias, then max pooling. Pairs are mel bands, then
    /// frames. Pooling comes before normalisation and activation: the activations rise,
    /// so that it changes nothing but the time it takes.
    Conv {
        /// Output channels.
        filters: usize,
        /// Kernel in bands and frames.
        kernel: [usize; 2],
        /// Zeros so that the size stays (`padding="same"`), else none (`"valid"`).
        same: bool,
        /// Pooling window, which is also its stride.
        pool: [usize; 2],
    },
    /// Normalisation of each channel, momentum 0.9.
    BatchNormalization,
    /// max(x, 0).
    Relu,
    /// x, or a hundredth of it below zero.
    LeakyRelu,
    /// Drops this share of the values in training.
    Dropout(f64),
    /// Channels and bands of every frame become one step of a sequence.
    Steps,
    /// LSTM that gives its state at every step.
    Lstm {
        /// Hidden units of one direction.
        units: usize,
        /// Also backward in time.
        bidirectional: bool,
    },
    /// The last step of a sequence.
    Last,
    /// Everything of an item in one row.
    Flatten,
    /// Fully connected layer with bias.
    Dense(usize),
}

/// What flows between two layers, without the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Channels, bands, frames.
    Maps([usize; 3]),
    /// Steps, values of a step.
    Steps([usize; 2]),
    /// Values.
    Flat(usize),
}

/// A named network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spec {
    /// Name in tables.
    pub name: &'static str,
    /// What it looks at.
    pub input: Input,
    /// All layers but the last, which [`Spec::with_outputs`] adds.
    pub layers: Vec<Layer>,
    /// Items of a batch.
    pub batch_size: usize,
    /// Whether training ends when the validation loss no longer falls, and the best
    /// weights are restored.
    pub early_stopping: bool,
}

/// What a network looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Input {
    /// A row of so many features.
    Features(usize),
    /// A spectrogram of bands × frames.
    Spectrogram([usize; 2]),
}

impl Input {
    /// Numbers of one item.
    pub const fn len(self) -> usize {
        match self {
            Self::Features(count) => count,
            Self::Spectrogram([bands, frames]) => bands * frames,
        }
    }

    /// Its size as the first layer sees it.
    pub const fn size(self) -> Size {
        match self {
            Self::Features(count) => Size::Flat(count),
            Self::Spectrogram([bands, frames]) => Size::Maps([1, bands, frames]),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Features(count) => write!(f, "{count} features"),
            Self::Spectrogram([bands, frames]) => write!(f, "log-mel {bands} × {frames}"),
        }
    }
}

impl Spec {
    /// The network with a last layer for so many classes: one unit (a sigmoid) for two,
    /// else one unit a class (softmax).
    #[must_use]
    pub fn with_outputs(mut self, classes: usize) -> Self {
        let units = if classes == 2 { 1 } else { classes };
        self.layers.push(Layer::Dense(units));
        self
    }

    /// The sizes between the layers: that of the input first, that of the output last.
    ///
    /// # Errors
    /// With the layer that does not fit what comes before it.
    pub fn sizes(&self) -> Result<Vec<Size>> {
        let mut sizes = vec![self.input.size()];
        let mut size = self.input.size();
        for (index, &layer) in self.layers.iter().enumerate() {
            size = after(layer, size).map_err(|error| {
                error.context(format!("layer {} of {} does not fit", index + 1, self.name))
            })?;
            sizes.push(size);
        }
        Ok(sizes)
    }

    /// Number of parameters as Keras counts them: with the two running statistics of
    /// each normalised channel.
    ///
    /// # Errors
    /// As [`Self::sizes`].
    pub fn parameters(&self) -> Result<usize> {
        let sizes = self.sizes()?;
        let counts = self.layers.iter().zip(sizes.windows(2));
        Ok(counts
            .map(|(&layer, pair)| parameters(layer, pair[0]))
            .sum())
    }
}

fn after(layer: Layer, before: Size) -> Result<Size> {
    Ok(match (layer, before) {
        (
            Layer::Conv {
                filters,
                kernel,
                same,
                pool,
            },
            Size::Maps([_, bands, frames]),
        ) => {
            let mut size = [bands, frames];
            for axis in 0..2 {
                ensure!(
                    !same || kernel[axis] % 2 == 1,
                    "a kernel that keeps the size must be odd"
                );
                let convolved = if same {
                    size[axis]
                } else {
                    (size[axis] + 1).saturating_sub(kernel[axis])
                };
                size[axis] = convolved / pool[axis];
                ensure!(
                    size[axis] > 0,
                    "nothing is left of {bands} bands × {frames} frames"
                );
            }
            Size::Maps([filters, size[0], size[1]])
        }
        (Layer::BatchNormalization, Size::Maps(_))
        | (Layer::Relu | Layer::LeakyRelu | Layer::Dropout(_), _) => before,
        (Layer::Steps, Size::Maps([channels, bands, frames])) => {
            Size::Steps([frames, channels * bands])
        }
        (
            Layer::Lstm {
                units,
                bidirectional,
            },
            Size::Steps([steps, _]),
        ) => Size::Steps([steps, units * directions(bidirectional)]),
        (Layer::Last, Size::Steps([_, width])) => Size::Flat(width),
        (Layer::Flatten, Size::Maps(size)) => Size::Flat(size.iter().product()),
        (Layer::Flatten, Size::Steps(size)) => Size::Flat(size.iter().product()),
        (Layer::Dense(units), Size::Flat(_)) => Size::Flat(units),
        _ => bail!("{layer:?} can't follow {before:?}"),
    })
}

/// 2 for a bidirectional LSTM.
pub const fn directions(bidirectional: bool) -> usize {
    if bidirectional { 2 } else { 1 }
}

fn parameters(layer: Layer, before: Size) -> usize {
    match (layer, before) {
        (
            Layer::Conv {
                filters, kernel, ..
            },
            Size::Maps([channels, _, _]),
        ) => filters * (channels * kernel[0] * kernel[1] + 1),
        (Layer::BatchNormalization, Size::Maps([channels, _, _])) => 4 * channels,
        (
            Layer::Lstm {
                units,
                bidirectional,
            },
            Size::Steps([_, width]),
        ) => directions(bidirectional) * 4 * units * (width + units + 1),
        (Layer::Dense(units), Size::Flat(width)) => units * (width + 1),
        _ => 0,
    }
}

//! A network as a list of layers, named as Keras names them.

use std::fmt;

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;

/// A named network.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spec {
    /// Name in tables.
    pub name: &'static str,
    /// What it looks at.
    pub input: Input,
    /// The layers that all heads share.
    pub layers: Vec<Layer>,
    /// What it answers.
    pub heads: Vec<Head>,
    /// What its weights are drawn from.
    pub initializer: Initializer,
    /// Items of a batch.
    pub batch_size: usize,
    /// Whether training ends when the validation loss no longer falls, and the best
    /// weights are restored.
    pub early_stopping: bool,
}

/// What a network looks at. The measured scaling of it is part of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Input {
    /// A row of so many features, each scaled by itself.
    Features(usize),
    /// A spectrogram of bands × frames, scaled as a whole, so that the balance between
    /// bands stays.
    Spectrogram([usize; 2]),
    /// A window of a song, frames × bands: the mean of each band is taken away, and one
    /// deviation divides all, so that a quiet band is not blown up. A trained network
    /// takes windows of other lengths, too.
    Window([usize; 2]),
}

/// One layer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub enum Layer {
    /// Convolution with max pooling.
    Conv2D(Conv2D),
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
    /// The mean of every so many steps.
    AveragePooling1D(usize),
    /// The last step of a sequence.
    Last,
    /// Everything of an item in one row.
    Flatten,
    /// Fully connected layer with bias, at every step.
    Dense(usize),
}

/// A convolution, then max pooling. Pairs are the axes of the input in its own order.
///
/// Pooling comes before normalisation and activation: the activations rise, so that it
/// changes nothing but the time it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Conv2D {
    /// Output channels.
    pub filters: usize,
    /// Size of the kernel.
    pub kernel: [usize; 2],
    /// Step of the kernel.
    pub strides: [usize; 2],
    /// Half a kernel of zeros on both ends (`padding="same"`), else none (`"valid"`).
    pub same: bool,
    /// Pooling window, which is also its stride.
    pub pool: [usize; 2],
    /// Whether a bias is added; a normalisation behind it brings its own.
    pub use_bias: bool,
}

/// A fully connected layer whose answer leaves the network, for each step of a sequence or
/// once for an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Head {
    /// Name of the output in the ONNX file.
    pub name: &'static str,
    /// Its values.
    pub units: usize,
    /// Whether a bias is added.
    pub use_bias: bool,
    /// What becomes of its values.
    pub activation: Activation,
    /// Whether it only helps in training, and is no part of the ONNX file.
    pub auxiliary: bool,
}

/// What becomes of a head's values. A network answers with logits: sigmoid and softmax are
/// part of the loss and of the ONNX file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Activation {
    /// Nothing.
    Linear,
    /// The probability of the second of two classes.
    Sigmoid,
    /// A probability for every class.
    Softmax,
    /// Values from this one on go through tanh, those before it are logits.
    TanhFrom(usize),
}

/// What weights are drawn from, uniformly; LSTMs have a rule of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Initializer {
    /// Glorot and Bengio 2010 (`glorot_uniform`), Keras's default.
    Glorot,
    /// Convolutions for rectifiers, He et al. 2015 (`he_uniform`), dense layers within
    /// 1/√inputs, `PyTorch`'s default.
    He,
}

/// What flows between two layers, without the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Channels, then the axes of the input.
    Maps([usize; 3]),
    /// Steps, values of a step; one step for a plain row of values.
    Steps([usize; 2]),
}

impl Input {
    /// Numbers of one item.
    pub const fn len(self) -> usize {
        match self {
            Self::Features(count) => count,
            Self::Spectrogram([a, b]) | Self::Window([a, b]) => a * b,
        }
    }

    /// Numbers that have a mean of their own.
    pub const fn columns(self) -> usize {
        match self {
            Self::Features(count) => count,
            Self::Spectrogram(_) => 1,
            Self::Window([_, bands]) => bands,
        }
    }

    /// The axis of the maps `[batch, channels, …, …]` that is time.
    pub const fn time_axis(self) -> usize {
        match self {
            Self::Window(_) => 2,
            _ => 3,
        }
    }

    /// Its size as the first layer sees it.
    const fn size(self) -> Size {
        match self {
            Self::Features(count) => Size::Steps([1, count]),
            Self::Spectrogram([a, b]) | Self::Window([a, b]) => Size::Maps([1, a, b]),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Features(count) => write!(f, "{count} features"),
            Self::Spectrogram([bands, frames]) | Self::Window([frames, bands]) => {
                write!(f, "log-mel {bands} × {frames}")
            }
        }
    }
}

impl Conv2D {
    /// Stride 1, a size that stays, no pooling, a bias.
    pub const fn new(filters: usize, kernel: [usize; 2]) -> Self {
        Self {
            filters,
            kernel,
            strides: [1, 1],
            same: true,
            pool: [1, 1],
            use_bias: true,
        }
    }

    /// Zeros on both ends of each axis.
    pub fn padding(&self) -> [usize; 2] {
        self.kernel.map(|k| if self.same { k / 2 } else { 0 })
    }

    fn after(&self, [_, height, width]: [usize; 3]) -> Result<Size> {
        let positive = [self.kernel, self.strides, self.pool];
        ensure!(
            self.filters > 0 && positive.as_flattened().iter().all(|&n| n > 0),
            "filters, kernel, strides and pool must be above 0"
        );
        ensure!(
            !self.same || self.kernel.iter().all(|k| k % 2 == 1),
            "a kernel that keeps the size must be odd"
        );
        let mut size = [height, width];
        for (axis, padding) in self.padding().into_iter().enumerate() {
            let room =
                (size[axis] + 2 * padding + self.strides[axis]).saturating_sub(self.kernel[axis]);
            size[axis] = room / self.strides[axis] / self.pool[axis];
            ensure!(size[axis] > 0, "nothing is left of {height} × {width}");
        }
        Ok(Size::Maps([self.filters, size[0], size[1]]))
    }
}

impl Spec {
    /// The network with a head for so many classes: one unit (a sigmoid) for two, else one
    /// unit a class (softmax).
    #[must_use]
    pub fn with_classes(mut self, classes: usize) -> Self {
        let (units, activation) = match classes {
            2 => (1, Activation::Sigmoid),
            more => (more, Activation::Softmax),
        };
        self.heads.push(Head {
            name: "probabilities",
            units,
            use_bias: true,
            activation,
            auxiliary: false,
        });
        self
    }

    /// The sizes between the layers: that of the input first, that of what the heads see
    /// last.
    ///
    /// # Errors
    /// With the layer that does not fit what comes before it.
    pub fn sizes(&self) -> Result<Vec<Size>> {
        let mut size = self.input.size();
        let mut sizes = vec![size];
        for (index, &layer) in self.layers.iter().enumerate() {
            size = self
                .after(layer, size)
                .with_context(|| format!("layer {} of {} does not fit", index + 1, self.name))?;
            sizes.push(size);
        }
        Ok(sizes)
    }

    /// Answers for each item, and values that each of them is drawn from.
    ///
    /// # Errors
    /// As [`Self::sizes`]; where the layers end in maps.
    pub fn features(&self) -> Result<[usize; 2]> {
        match self.sizes()?.last() {
            Some(Size::Steps(size)) => Ok(*size),
            _ => bail!("the layers of {} end in maps", self.name),
        }
    }

    fn after(&self, layer: Layer, before: Size) -> Result<Size> {
        Ok(match (layer, before) {
            (Layer::Conv2D(conv), Size::Maps(maps)) => conv.after(maps)?,
            (Layer::Dropout(rate), _) => {
                ensure!(
                    (0.0..1.0).contains(&rate),
                    "dropout is {rate}, expected 0 to below 1"
                );
                before
            }
            (Layer::BatchNormalization, Size::Maps(_)) | (Layer::Relu | Layer::LeakyRelu, _) => {
                before
            }
            (Layer::Steps, Size::Maps([channels, height, width])) => match self.input.time_axis() {
                2 => Size::Steps([height, channels * width]),
                _ => Size::Steps([width, channels * height]),
            },
            (Layer::Lstm { units, .. }, Size::Steps([steps, _])) => {
                ensure!(units > 0, "an LSTM needs at least one unit");
                Size::Steps([steps, units * layer.directions()])
            }
            (Layer::AveragePooling1D(pool), Size::Steps([steps, width])) => {
                ensure!(
                    (1..=steps).contains(&pool),
                    "{steps} steps can't be averaged by {pool}"
                );
                Size::Steps([steps / pool, width])
            }
            (Layer::Last, Size::Steps([_, width])) => Size::Steps([1, width]),
            (Layer::Flatten, Size::Maps(size)) => Size::Steps([1, size.iter().product()]),
            (Layer::Flatten, Size::Steps(size)) => Size::Steps([1, size.iter().product()]),
            (Layer::Dense(units), Size::Steps([steps, _])) => Size::Steps([steps, units]),
            _ => bail!("{layer:?} can't follow {before:?}"),
        })
    }

    /// Number of parameters as Keras counts them: with the two running statistics of each
    /// normalised channel, without the scaling of the input and auxiliary heads.
    ///
    /// # Errors
    /// As [`Self::features`].
    pub fn parameters(&self) -> Result<usize> {
        self.count(4)
    }

    /// The parameters that training moves.
    ///
    /// # Errors
    /// As [`Self::features`].
    pub fn trainable_parameters(&self) -> Result<usize> {
        self.count(2)
    }

    fn count(&self, of_norm: usize) -> Result<usize> {
        let layers = self.layers.iter().zip(self.sizes()?);
        let layers = layers.map(|(&layer, before)| match (layer, before) {
            (Layer::Conv2D(conv), Size::Maps([channels, ..])) => {
                let [height, width] = conv.kernel;
                conv.filters * (channels * height * width + usize::from(conv.use_bias))
            }
            (Layer::BatchNormalization, Size::Maps([channels, ..])) => of_norm * channels,
            (Layer::Lstm { units, .. }, Size::Steps([_, width])) => {
                layer.directions() * 4 * units * (width + units + 1)
            }
            (Layer::Dense(units), Size::Steps([_, width])) => units * (width + 1),
            _ => 0,
        });
        let [_, width] = self.features()?;
        let heads = self.heads.iter().filter(|head| !head.auxiliary);
        let heads = heads.map(|head| head.units * (width + usize::from(head.use_bias)));
        Ok(layers.chain(heads).sum())
    }
}

impl Layer {
    /// 2 for a bidirectional LSTM.
    pub const fn directions(self) -> usize {
        match self {
            Self::Lstm {
                bidirectional: true,
                ..
            } => 2,
            _ => 1,
        }
    }
}

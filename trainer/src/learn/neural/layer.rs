//! The layers of networks, named as Keras names them.

use anyhow::{Result, bail, ensure};
use serde::Serialize;

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
    /// The scaled input beside what became of it, at every step of a sequence.
    ConcatenateInput,
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
    /// Half a kernel of zeros on both ends (`padding="same"`), else none (`"valid"`).
    pub same: bool,
    /// Pooling window, which is also its stride.
    pub pool: [usize; 2],
}

/// What flows between two layers, without the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Channels, then the axes of the input.
    Maps([usize; 3]),
    /// Steps, values of a step; one step for a plain row of values.
    Steps([usize; 2]),
}

impl Conv2D {
    /// A size that stays, no pooling.
    pub const fn new(filters: usize, kernel: [usize; 2]) -> Self {
        Self {
            filters,
            kernel,
            same: true,
            pool: [1, 1],
        }
    }

    /// Zeros on both ends of each axis.
    pub fn padding(&self) -> [usize; 2] {
        self.kernel.map(|k| if self.same { k / 2 } else { 0 })
    }

    fn after(&self, [_, height, width]: [usize; 3]) -> Result<Size> {
        let positive = [self.kernel, self.pool];
        ensure!(
            self.filters > 0 && positive.as_flattened().iter().all(|&n| n > 0),
            "filters, kernel and pool must be above 0"
        );
        ensure!(
            !self.same || self.kernel.iter().all(|k| k % 2 == 1),
            "a kernel that keeps the size must be odd"
        );
        let mut size = [height, width];
        for (axis, padding) in self.padding().into_iter().enumerate() {
            let room = (size[axis] + 2 * padding + 1).saturating_sub(self.kernel[axis]);
            size[axis] = room / self.pool[axis];
            ensure!(size[axis] > 0, "nothing is left of {height} × {width}");
        }
        Ok(Size::Maps([self.filters, size[0], size[1]]))
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

    /// The size behind this layer; `sequence` is that of the input, where it is one.
    ///
    /// # Errors
    /// Where the layer does not fit.
    pub fn after(self, before: Size, sequence: Option<[usize; 2]>) -> Result<Size> {
        Ok(match (self, before) {
            (Self::Conv2D(conv), Size::Maps(maps)) => conv.after(maps)?,
            (Self::Dropout(rate), _) => {
                ensure!(
                    (0.0..1.0).contains(&rate),
                    "dropout is {rate}, expected 0 to below 1"
                );
                before
            }
            (Self::BatchNormalization, Size::Maps(_)) | (Self::Relu | Self::LeakyRelu, _) => before,
            (Self::Steps, Size::Maps([channels, height, width])) => {
                Size::Steps([width, channels * height])
            }
            (Self::Lstm { units, .. }, Size::Steps([steps, _])) => {
                ensure!(units > 0, "an LSTM needs at least one unit");
                Size::Steps([steps, units * self.directions()])
            }
            (Self::ConcatenateInput, Size::Steps([steps, width])) => {
                let [all, columns] = sequence.unwrap_or_default();
                ensure!(steps == all, "{steps} steps can't stand beside {all}");
                Size::Steps([steps, width + columns])
            }
            (Self::Last, Size::Steps([_, width])) => Size::Steps([1, width]),
            (Self::Flatten, Size::Maps(size)) => Size::Steps([1, size.iter().product()]),
            (Self::Flatten, Size::Steps(size)) => Size::Steps([1, size.iter().product()]),
            (Self::Dense(units), Size::Steps([steps, _])) => Size::Steps([steps, units]),
            _ => bail!("{self:?} can't follow {before:?}"),
        })
    }

    /// Its parameters behind that size, with the two running statistics of each normalised
    /// channel.
    pub fn parameters(self, before: Size) -> usize {
        match (self, before) {
            (Self::Conv2D(conv), Size::Maps([channels, ..])) => {
                let [height, width] = conv.kernel;
                conv.filters * (channels * height * width + 1)
            }
            (Self::BatchNormalization, Size::Maps([channels, ..])) => 4 * channels,
            (Self::Lstm { units, .. }, Size::Steps([_, width])) => {
                self.directions() * 4 * units * (width + units + 1)
            }
            (Self::Dense(units), Size::Steps([_, width])) => units * (width + 1),
            _ => 0,
        }
    }
}

//! A network as a list of layers, named as Keras names them.

use std::fmt;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::layer::{Layer, Size};

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
    /// Steps of a window of a song × numbers, each scaled by itself; the network answers for
    /// every step.
    Sequence([usize; 2]),
}

/// A fully connected layer whose answer leaves the network, for each step of a sequence or
/// once for an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Head {
    /// Name of the output in the ONNX file.
    pub name: &'static str,
    /// Its values.
    pub units: usize,
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
    /// The answer of so many experts ([`super::experts`]).
    Experts(usize),
}

impl Input {
    /// Numbers of one item.
    pub const fn len(self) -> usize {
        match self {
            Self::Features(count) => count,
            Self::Spectrogram([a, b]) | Self::Sequence([a, b]) => a * b,
        }
    }

    /// Numbers that have a mean of their own.
    pub const fn columns(self) -> usize {
        match self {
            Self::Features(count) => count,
            Self::Spectrogram(_) => 1,
            Self::Sequence([_, columns]) => columns,
        }
    }

    /// Steps and numbers of a step, where it is a sequence.
    const fn sequence(self) -> Option<[usize; 2]> {
        match self {
            Self::Sequence(size) => Some(size),
            _ => None,
        }
    }

    /// Its size as the first layer sees it.
    const fn size(self) -> Size {
        match self {
            Self::Features(count) => Size::Steps([1, count]),
            Self::Spectrogram([a, b]) => Size::Maps([1, a, b]),
            Self::Sequence(size) => Size::Steps(size),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Features(count) => write!(f, "{count} features"),
            Self::Spectrogram([bands, frames]) => write!(f, "log-mel {bands} × {frames}"),
            Self::Sequence([steps, columns]) => write!(f, "{steps} steps of {columns}"),
        }
    }
}

impl Spec {
    /// The network with a head for so many classes: one unit (a sigmoid) for two, else one
    /// unit a class (softmax).
    pub fn with_classes(mut self, classes: usize) -> Self {
        let (units, activation) = match classes {
            2 => (1, Activation::Sigmoid),
            more => (more, Activation::Softmax),
        };
        self.heads.push(Head {
            name: "probabilities",
            units,
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
            size = layer
                .after(size, self.input.sequence())
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

    /// Number of parameters as Keras counts them: with the two running statistics of each
    /// normalised channel, without the scaling of the input and auxiliary heads.
    ///
    /// # Errors
    /// As [`Self::features`].
    pub fn parameters(&self) -> Result<usize> {
        let layers = self.layers.iter().zip(self.sizes()?);
        let layers = layers.map(|(layer, before)| layer.parameters(before));
        let [_, width] = self.features()?;
        let heads = self.heads.iter().filter(|head| !head.auxiliary);
        let heads = heads.map(|head| head.units * (width + 1));
        Ok(layers.chain(heads).sum())
    }
}

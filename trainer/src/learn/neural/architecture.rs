//! The shape of a network, small enough to be written down in a checkpoint.

use crate::earlier::STEP_FRAMES;
use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use undertone::spectrum::N_MELS;

/// One convolution block: convolution, max pooling, batch normalisation, leaky
/// rectifier.
///
/// Pooling comes first because everything after it is then that much cheaper. All
/// pairs are time, then frequency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Output channels.
    pub channels: usize,
    /// Kernel in frames and bands.
    pub kernel: [usize; 2],
    /// Stride of the convolution.
    pub stride: [usize; 2],
    /// Zeros on both ends of each axis.
    pub padding: [usize; 2],
    /// Pooling window, which is also its stride.
    pub pool: [usize; 2],
}

impl Block {
    /// Length of an axis (0: time, 1: frequency) after this block.
    fn output_len(&self, axis: usize, len: usize) -> usize {
        let padded = len + 2 * self.padding[axis];
        let convolved = (padded.saturating_sub(self.kernel[axis])) / self.stride[axis] + 1;
        convolved / self.pool[axis]
    }
}

/// The shape of a [`super::Network`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    /// Bands of the log-mel input.
    pub mels: usize,
    /// The convolution blocks, in order.
    pub blocks: Vec<Block>,
    /// Hidden units of the LSTM, for each of its two directions.
    pub hidden: usize,
    /// Share of the LSTM's input and output that is dropped in training, in [0, 1).
    pub dropout: f64,
}

impl Default for Architecture {
    /// What ships: 248 thousand parameters, 32 frames (0.512 s) a step into the LSTM.
    ///
    /// The stride of the first block and the pooling before the LSTM are there for
    /// speed: a training step takes 0.6 s of one core, against 0.8 s with stride 2 and
    /// 16 frames a step. The last block spans all six remaining bands at once, so that
    /// the register of what is heard stays known.
    fn default() -> Self {
        let block = |channels, kernel, stride, padding, pool| Block {
            channels,
            kernel,
            stride,
            padding,
            pool,
        };
        Self {
            mels: N_MELS,
            blocks: vec![
                block(16, [7, 5], [4, 2], [3, 2], [1, 2]),
                block(32, [3, 3], [1, 1], [1, 1], [2, 2]),
                block(64, [3, 3], [1, 1], [1, 1], [4, 2]),
                block(64, [1, 6], [1, 1], [0, 0], [1, 1]),
            ],
            hidden: 128,
            dropout: 0.3,
        }
    }
}

impl Architecture {
    /// Frames of the input that become one step of the LSTM.
    pub fn time_reduction(&self) -> usize {
        self.blocks
            .iter()
            .map(|b| b.stride[0] * b.pool[0])
            .product()
    }

    /// Steps of the LSTM that are averaged into one output step.
    pub fn pooled_steps(&self) -> usize {
        STEP_FRAMES / self.time_reduction()
    }

    /// Channels and bands that leave the last block.
    pub fn features(&self) -> (usize, usize) {
        self.blocks
            .iter()
            .fold((1, self.mels), |(_, bands), block| {
                (block.channels, block.output_len(1, bands))
            })
    }

    /// Numbers that enter the LSTM at each step.
    pub fn lstm_input(&self) -> usize {
        let (channels, bands) = self.features();
        channels * bands
    }

    /// Checks that the parts fit together.
    ///
    /// # Errors
    /// With the part that does not.
    pub fn check(&self) -> Result<()> {
        ensure!(
            !self.blocks.is_empty(),
            "a network needs at least one block"
        );
        for (index, block) in self.blocks.iter().enumerate() {
            let positive = [block.kernel, block.stride, block.pool];
            ensure!(
                block.channels > 0 && positive.as_flattened().iter().all(|&n| n > 0),
                "block {index} has a channel, kernel, stride or pool of 0"
            );
            ensure!(
                block.kernel[0] == 2 * block.padding[0] + 1,
                "block {index} must keep its number of frames: the padding in time is {}, \
                 expected half of the odd kernel {}",
                block.padding[0],
                block.kernel[0]
            );
        }
        ensure!(
            STEP_FRAMES.is_multiple_of(self.time_reduction()),
            "the blocks reduce time by {}, which does not divide the step of {STEP_FRAMES} frames",
            self.time_reduction()
        );
        ensure!(
            self.lstm_input() > 0,
            "the blocks leave no band of {}",
            self.mels
        );
        ensure!(self.hidden > 0, "the LSTM needs at least one unit");
        ensure!(
            (0.0..1.0).contains(&self.dropout),
            "dropout is {}, expected 0 to below 1",
            self.dropout
        );
        Ok(())
    }

    /// A network that trains in milliseconds.
    #[cfg(test)]
    pub fn tiny() -> Self {
        Self {
            mels: N_MELS,
            blocks: vec![
                Block {
                    channels: 3,
                    kernel: [5, 5],
                    stride: [4, 4],
                    padding: [2, 2],
                    pool: [4, 2],
                },
                Block {
                    channels: 4,
                    kernel: [3, 3],
                    stride: [1, 1],
                    padding: [1, 1],
                    pool: [1, 4],
                },
            ],
            hidden: 5,
            dropout: 0.2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_shape_fits() -> Result<()> {
        let shape = Architecture::default();
        shape.check()?;
        assert_eq!(shape.time_reduction(), 32);
        assert_eq!(shape.pooled_steps(), 2);
        assert_eq!(shape.features(), (64, 1));
        Architecture::tiny().check()
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let mut shape = Architecture::default();
        shape.blocks[0].pool[0] = 3;
        let text = shape.check().map_err(|e| e.to_string());
        assert!(text.is_err_and(|t| t.contains("does not divide")));
        let mut shape = Architecture::default();
        shape.blocks[1].padding[0] = 0;
        assert!(
            shape
                .check()
                .is_err_and(|e| e.to_string().contains("block 1"))
        );
    }
}

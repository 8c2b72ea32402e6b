//! The spectrogram as a picture for the eye.

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::N_MELS;

/// A log-mel spectrogram as a small grey picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    /// Width: moments.
    pub columns: usize,
    /// Height: mel bands.
    pub rows: usize,
    /// `columns * rows` grey values, column by column, lowest band first; 0 is silence
    /// and 255 the loudest of the song.
    pub pixels: Vec<u8>,
}

impl Thumbnail {
    /// Largest value of each band of `log_mel` (`[frames, 96]`) within each column, at
    /// most `columns` of them.
    #[must_use]
    pub fn of(log_mel: &Array2<f32>, columns: usize) -> Self {
        let frames = log_mel.nrows();
        let columns = columns.min(frames);
        let max = log_mel.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let mut pixels = Vec::with_capacity(columns * N_MELS);
        for column in 0..columns {
            let range = column * frames / columns..(column + 1) * frames / columns;
            let block = log_mel.slice_axis(Axis(0), range.into());
            pixels.extend(block.columns().into_iter().map(|band| {
                let peak = band.iter().copied().fold(0.0_f32, f32::max);
                (255.0 * peak / max) as u8
            }));
        }
        Self {
            columns,
            rows: N_MELS,
            pixels,
        }
    }
}

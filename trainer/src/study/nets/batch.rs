//! What a network is shown: rows of features or spectrograms, scaled.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use ndarray::Array2;
use ndarray_npy::ReadNpyExt;

use super::layer::Input;

/// The songs' numbers, one row a song.
pub trait Inputs: Sync {
    /// Appends the numbers of a song to `out`.
    ///
    /// # Errors
    /// Where they can't be read.
    fn append(&self, song: usize, out: &mut Vec<f32>) -> Result<()>;
}

/// Rows of features, none of them missing.
impl Inputs for Vec<Vec<f64>> {
    fn append(&self, song: usize, out: &mut Vec<f32>) -> Result<()> {
        let row = self.get(song).context("there is no such row")?;
        out.extend(row.iter().map(|&value| value as f32));
        Ok(())
    }
}

/// Spectrograms `[bands, frames]` in `.npy` files, read when they are needed: a library
/// of songs does not fit into memory.
impl Inputs for Vec<PathBuf> {
    fn append(&self, song: usize, out: &mut Vec<f32>) -> Result<()> {
        let path = self.get(song).context("there is no such spectrogram")?;
        let file = std::fs::File::open(path)
            .with_context(|| format!("{} can't be read", path.display()))?;
        let vector = Array2::<f32>::read_npy(std::io::BufReader::with_capacity(1 << 20, file))
            .with_context(|| format!("{} is no spectrogram", path.display()))?;
        out.extend(vector.iter());
        Ok(())
    }
}

/// Brings the numbers to zero mean and unit deviation: each feature by itself, a
/// spectrogram as a whole, so that the balance between bands stays.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// One value a feature, or a single one.
    pub mean: Vec<f32>,
    /// Inverse of the standard deviation, as many.
    pub inverse: Vec<f32>,
}

impl Scale {
    /// Measures these songs: those of training, no others.
    ///
    /// # Errors
    /// Where a song can't be read, has another size than `input`, or holds a value that
    /// is not a number.
    pub fn of(inputs: &dyn Inputs, songs: &[usize], input: Input) -> Result<Self> {
        let columns = match input {
            Input::Features(count) => count,
            Input::Spectrogram(_) => 1,
        };
        let mut sums = vec![[0.0_f64; 2]; columns];
        let mut row = Vec::with_capacity(input.len());
        for &song in songs {
            row.clear();
            inputs.append(song, &mut row)?;
            ensure!(
                row.len() == input.len(),
                "song {song} has {} numbers, expected {}",
                row.len(),
                input.len()
            );
            for values in row.chunks_exact(columns) {
                for (sum, &value) in sums.iter_mut().zip(values) {
                    let value = f64::from(value);
                    sum[0] += value;
                    sum[1] += value * value;
                }
            }
            ensure!(
                sums.iter().flatten().all(|sum| sum.is_finite()),
                "song {song} holds a value that is not a number"
            );
        }
        let count = (songs.len() * input.len() / columns) as f64;
        let moments = sums.iter().map(|[sum, square]| {
            let mean = sum / count;
            let deviation = (square / count - mean * mean).max(0.0).sqrt();
            // A constant column has nothing to say, and must not become a large one.
            let inverse = if deviation > 1e-6 * mean.abs().max(1e-6) {
                deviation.recip()
            } else {
                0.0
            };
            (mean as f32, inverse as f32)
        });
        let (mean, inverse) = moments.unzip();
        Ok(Self { mean, inverse })
    }

    /// Scales whole rows in place.
    pub fn apply(&self, values: &mut [f32]) {
        for row in values.chunks_exact_mut(self.mean.len()) {
            let moments = self.mean.iter().zip(&self.inverse);
            for (value, (mean, inverse)) in row.iter_mut().zip(moments) {
                *value = (*value - mean) * inverse;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_scaled_one_by_one_and_spectrograms_as_a_whole() -> Result<()> {
        let rows = vec![vec![1.0, 10.0, 5.0], vec![3.0, 30.0, 5.0], vec![99.0; 3]];
        let scale = Scale::of(&rows, &[0, 1], Input::Features(3))?;
        let mut values = vec![1.0, 30.0, 5.0];
        scale.apply(&mut values);
        assert_eq!(values, [-1.0, 1.0, 0.0]);
        let scale = Scale::of(&rows, &[0, 1], Input::Spectrogram([1, 3]))?;
        assert_eq!(scale.mean, [9.0]);
        assert!(Scale::of(&rows, &[0], Input::Features(4)).is_err());
        Ok(())
    }
}

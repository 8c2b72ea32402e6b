//! Random crops of the training songs, and what is done to them so that a song never
//! looks the same twice.

use anyhow::{Result, ensure};
use ndarray::ArrayView2;
use rand::Rng;
use rand::seq::SliceRandom;
use undertone::network::WINDOW_FRAMES;

use crate::example::Example;

/// Widest frequency mask in bands and widest time mask in frames (1 s), two of each a
/// crop, after `SpecAugment` (Park et al. 2019, policy LB scaled to this input).
const MASK: (usize, usize) = (12, 64);
/// Masks of each kind.
const MASKS: usize = 2;
/// Greatest change of the spectral slope, in log10 power (10 dB each) at the lowest
/// and the highest band, with opposite signs: recordings differ that much in tone.
const TILT: f32 = 0.3;

/// A place in a training song.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// Position of the example in the slice.
    pub example: usize,
    /// First frame.
    pub start: usize,
}

/// Crops of a song in one epoch: one for every `every` frames, at least one, at most
/// `most`.
pub fn crops_of(frames: usize, every: f64, most: usize) -> usize {
    ((frames as f64 / every).round() as usize).clamp(1, most.max(1))
}

/// The crops of one epoch, in random order.
pub fn plan(examples: &[&Example], every: f64, most: usize, rng: &mut impl Rng) -> Vec<Crop> {
    let mut crops = Vec::new();
    for (index, example) in examples.iter().enumerate() {
        let frames = example.log_mel.nrows();
        for _ in 0..crops_of(frames, every, most) {
            crops.push(Crop {
                example: index,
                start: rng.random_range(0..=frames.saturating_sub(WINDOW_FRAMES)),
            });
        }
    }
    crops.shuffle(rng);
    crops
}

/// Appends the window of [`WINDOW_FRAMES`] frames from `start` on to `out`, row by
/// row. A shorter song starts again at its end.
pub fn append_window(log_mel: ArrayView2<f32>, start: usize, out: &mut Vec<f32>) {
    let frames = log_mel.nrows();
    for frame in start..start + WINDOW_FRAMES {
        out.extend(log_mel.row(frame % frames).iter());
    }
}

/// Masks and tilts one window `[WINDOW_FRAMES, bands]`, row by row. Masked values
/// become their band's mean, which the network sees as zero. No gain: the loudness is
/// normalised on the way in.
pub fn augment(window: &mut [f32], mean: &[f32], rng: &mut impl Rng) {
    let bands = mean.len();
    let half = (bands as f32 - 1.0) / 2.0;
    let tilt = rng.random_range(-TILT..=TILT);
    for row in window.chunks_exact_mut(bands) {
        for (band, value) in row.iter_mut().enumerate() {
            *value = (*value + tilt * (band as f32 - half) / half).max(0.0);
        }
    }
    for _ in 0..MASKS {
        let (start, len) = mask(bands, MASK.0, rng);
        for row in window.chunks_exact_mut(bands) {
            row[start..start + len].copy_from_slice(&mean[start..start + len]);
        }
        let (start, len) = mask(WINDOW_FRAMES, MASK.1, rng);
        for row in window.chunks_exact_mut(bands).skip(start).take(len) {
            row.copy_from_slice(mean);
        }
    }
}

/// Start and length of a random mask.
fn mask(size: usize, widest: usize, rng: &mut impl Rng) -> (usize, usize) {
    let len = rng.random_range(0..=widest.min(size));
    (rng.random_range(0..=size - len), len)
}

/// Mean of each band and standard deviation over all bands around those means, over
/// every frame of the songs.
///
/// # Errors
/// Where a value is not finite (the song is named) or nothing varies.
pub fn statistics(examples: &[&Example], bands: usize) -> Result<(Vec<f32>, f32)> {
    let (mut sums, mut squares) = (vec![0.0_f64; bands], vec![0.0_f64; bands]);
    let mut frames = 0;
    for example in examples {
        for row in example.log_mel.rows() {
            for (band, &value) in row.iter().enumerate() {
                let value = f64::from(value);
                sums[band] += value;
                squares[band] += value * value;
            }
        }
        frames += example.log_mel.nrows();
        ensure!(
            sums.iter().chain(&squares).all(|v| v.is_finite()),
            "the log-mel frames of {} hold a value that is not a number",
            example.id
        );
    }
    let count = frames as f64;
    let mean: Vec<f64> = sums.iter().map(|sum| sum / count).collect();
    let variance = squares
        .iter()
        .zip(&mean)
        .map(|(square, mean)| square / count - mean * mean)
        .sum::<f64>()
        / bands as f64;
    ensure!(
        variance > 1e-12,
        "all {frames} training frames are alike: there is nothing to learn from"
    );
    Ok((
        mean.iter().map(|&m| m as f32).collect(),
        variance.sqrt() as f32,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn a_song_gives_a_crop_for_every_ten_seconds() {
        assert_eq!(crops_of(100, 640.0, 6), 1);
        assert_eq!(crops_of(1_950, 640.0, 6), 3);
        assert_eq!(crops_of(64_000, 640.0, 6), 6);
    }

    #[test]
    fn a_short_song_is_repeated() {
        let log_mel = Array2::from_shape_fn((150, 2), |(frame, band)| (frame * 2 + band) as f32);
        let mut window = Vec::new();
        append_window(log_mel.view(), 0, &mut window);
        assert_eq!(window.len(), WINDOW_FRAMES * 2);
        assert_eq!(window[149 * 2] as usize, 298);
        assert_eq!(window[150 * 2] as usize, 0);
    }

    #[test]
    fn masks_leave_most_of_a_window_alone() {
        let mean = vec![1.0_f32; 96];
        let mut rng = StdRng::seed_from_u64(3);
        for _ in 0..20 {
            let mut window = vec![3.0_f32; WINDOW_FRAMES * 96];
            augment(&mut window, &mean, &mut rng);
            let masked = window.iter().filter(|&&v| v < 2.0).count();
            assert!(masked * 5 < window.len() * 2 + 5, "{masked}");
            let average =
                window.iter().filter(|&&v| v > 2.0).sum::<f32>() / (window.len() - masked) as f32;
            assert!((average - 3.0).abs() < 0.1, "{average}");
        }
    }
}

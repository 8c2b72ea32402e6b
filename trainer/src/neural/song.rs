//! Answers for whole songs, window by window.

use anyhow::{Result, ensure};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::ArrayView2;
use undertone::network::{OUTPUTS, STEP_FRAMES, WINDOW_FRAMES};

use super::network::{Network, values};

/// First frames of a song's windows, and the windows' length.
///
/// Windows follow each other without a gap; the last one ends with the song, so it may
/// overlap the one before. A song shorter than a window has one window of as many
/// whole steps as fit; one shorter than a step has none.
pub fn windows(frames: usize) -> (Vec<usize>, usize) {
    let len = (frames / STEP_FRAMES * STEP_FRAMES).min(WINDOW_FRAMES);
    if len < WINDOW_FRAMES {
        return (if len == 0 { vec![] } else { vec![0] }, len);
    }
    let mut starts: Vec<usize> = (0..=frames - len).step_by(len).collect();
    if !frames.is_multiple_of(len) {
        starts.push(frames - len);
    }
    (starts, len)
}

/// The mean of all output steps of each song (four logits in the order of
/// [`undertone::Mood::ALL`], arousal, valence), from log-mel frames `[frames, 96]`.
///
/// `network` must be on the plain device ([`super::TrainedNetwork`] is).
///
/// # Errors
/// Where a song has not a single step of 64 frames.
pub fn song_outputs(network: &Network, songs: &[ArrayView2<f32>]) -> Result<Vec<[f32; OUTPUTS]>> {
    let device = Device::default();
    let mut means = Vec::with_capacity(songs.len());
    for (index, song) in songs.iter().enumerate() {
        let (starts, len) = windows(song.nrows());
        ensure!(
            !starts.is_empty(),
            "song {index} has {} frames, expected at least {STEP_FRAMES}",
            song.nrows()
        );
        let mut sums = [0.0_f64; OUTPUTS];
        let mut steps = 0;
        // Ten minutes at once would take gigabytes.
        for group in starts.chunks(16) {
            let mut input = Vec::<f32>::with_capacity(group.len() * len * song.ncols());
            for &start in group {
                for frame in start..start + len {
                    input.extend(song.row(frame).iter());
                }
            }
            let shape = [group.len(), len, song.ncols()];
            let input = Tensor::<3>::from_data(TensorData::new(input, shape), &device);
            for row in values(network.forward(input, None))?.chunks_exact(OUTPUTS) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += f64::from(*value);
                }
                steps += 1;
            }
        }
        means.push(sums.map(|sum| (sum / f64::from(steps)) as f32));
    }
    Ok(means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_window_ends_with_the_song() {
        assert_eq!(windows(63), (vec![], 0));
        assert_eq!(windows(200), (vec![0], 192));
        assert_eq!(windows(640), (vec![0], 640));
        assert_eq!(windows(1_280), (vec![0, 640], 640));
        assert_eq!(windows(1_300), (vec![0, 640, 660], 640));
    }
}

//! Answers for whole songs, window by window.

use anyhow::{Context, Result, ensure};
use burn::tensor::{Tensor, TensorData};
use ndarray::ArrayView2;
use undertone::analysis::windows;
use undertone::network::{OUTPUTS, STEP_FRAMES};

use super::super::net::{Net, values};

/// Windows that go through the network at once: ten minutes would take gigabytes.
const BATCH: usize = 16;

/// The mean of all output steps of each song (four logits in the order of
/// [`undertone::Mood::ALL`], arousal, valence), from log-mel frames `[frames, 96]`.
///
/// The windows are those of the page ([`windows`]); a step that two of them cover
/// counts once, as there. `net` must be on the plain device.
///
/// # Errors
/// Where a song has not a single step of 64 frames.
pub fn song_outputs(net: &Net, songs: &[ArrayView2<f32>]) -> Result<Vec<[f32; OUTPUTS]>> {
    let mut means = Vec::with_capacity(songs.len());
    for (index, song) in songs.iter().enumerate() {
        ensure!(
            song.nrows() >= STEP_FRAMES,
            "song {index} has {} frames, expected at least {STEP_FRAMES}",
            song.nrows()
        );
        let mut sums = [0.0_f64; OUTPUTS];
        let mut seen = 0;
        for group in windows(song.nrows()).chunks(BATCH) {
            let steps = forward(net, *song, group)?;
            for (&(start, len), steps) in group.iter().zip(steps) {
                let new = (seen - start / STEP_FRAMES).min(len / STEP_FRAMES);
                for step in &steps[new..] {
                    for (sum, value) in sums.iter_mut().zip(step) {
                        *sum += f64::from(*value);
                    }
                }
                seen = (start + len) / STEP_FRAMES;
            }
        }
        means.push(sums.map(|sum| (sum / seen as f64) as f32));
    }
    Ok(means)
}

/// The steps of each of a song's windows (first frame and length, all alike).
fn forward(
    net: &Net,
    song: ArrayView2<f32>,
    group: &[(usize, usize)],
) -> Result<Vec<Vec<[f32; OUTPUTS]>>> {
    let len = group.first().map_or(0, |window| window.1);
    let mut input = Vec::<f32>::with_capacity(group.len() * len * song.ncols());
    for &(start, len) in group {
        for frame in start..start + len {
            input.extend(song.row(frame).iter());
        }
    }
    let data = TensorData::new(input, [group.len(), len * song.ncols()]);
    let heads = net.forward(Tensor::from_data(data, &net.device()), None)?;
    let outputs = heads.into_iter().next();
    let outputs = values(outputs.context("the network has no head")?)?;
    let (steps, _) = outputs.as_chunks::<OUTPUTS>();
    Ok(steps.chunks(len / STEP_FRAMES).map(<[_]>::to_vec).collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::scale::Scale;
    use super::super::tests::tiny;
    use super::*;
    use burn::tensor::Device;
    use ndarray::{Array2, s};
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    #[test]
    fn a_step_under_two_windows_counts_once() -> Result<()> {
        let mut rng = StdRng::seed_from_u64(8);
        let scale = Scale {
            mean: vec![1.0; 96],
            inverse: vec![1.0],
        };
        let network = Net::new(tiny(), &scale, &mut rng, &Device::default())?;
        let song = Array2::from_shape_fn((800, 96), |_| rng.random_range(0.0..3.0));
        let mean = song_outputs(&network, &[song.view()])?[0];
        // 12 whole steps: all of the first window, the last two of frames 128 to 768.
        let first = forward(&network, song.view(), &[(0, 640)])?.concat();
        let last = forward(&network, song.view(), &[(128, 640)])?.concat();
        for (index, value) in mean.iter().enumerate() {
            let steps = first.iter().chain(&last[8..]);
            let expected = steps.map(|step| step[index]).sum::<f32>() / 12.0;
            assert!((value - expected).abs() < 1e-6);
        }
        assert!(song_outputs(&network, &[song.slice(s![..63, ..])]).is_err());
        assert!(song_outputs(&network, &[song.slice(s![..200, ..])]).is_ok());
        Ok(())
    }
}

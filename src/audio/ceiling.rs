//! Samples that are far louder than any sound.

use super::statistics::peak;

/// Highest amplitude of a sample, +24 dB relative to full scale: no converter and no
/// mix has more above full scale.
const CEILING: f32 = 15.848_932;
/// A file whose full scale is another (32,768, as whole numbers have it) is no error:
/// so many times the median amplitude of its own block is let through.
const ABOVE_MEDIAN: f32 = 100.0;

/// Clips a block, `[channel][sample]`, and returns how many samples it clipped.
pub(super) fn clip(block: &mut [Vec<f32>]) -> usize {
    block.iter_mut().map(|samples| clip_channel(samples)).sum()
}

fn clip_channel(samples: &mut [f32]) -> usize {
    if peak(samples) <= CEILING {
        return 0;
    }
    let mut amplitudes: Vec<f32> = samples.iter().map(|sample| sample.abs()).collect();
    let middle = amplitudes.len() / 2;
    let median = *amplitudes.select_nth_unstable_by(middle, f32::total_cmp).1;
    let most = (ABOVE_MEDIAN * median).max(CEILING);
    let mut clipped = 0;
    for sample in samples.iter_mut().filter(|sample| sample.abs() > most) {
        *sample = sample.clamp(-most, most);
        clipped += 1;
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_sound_reaches_is_clipped() {
        let mut block = vec![vec![0.1, -3.0e38, 15.0, 0.1, -0.1], vec![-0.2; 5]];
        assert_eq!(clip(&mut block), 1);
        assert_eq!(block[0], [0.1, -CEILING, 15.0, 0.1, -0.1]);
        assert_eq!(block[1], [-0.2; 5]);
    }

    #[test]
    fn another_full_scale_is_no_spike() {
        let song = vec![20_000.0, -3_000.0, 32_767.0, 900.0];
        let mut block = vec![song.clone()];
        assert_eq!(clip(&mut block), 0);
        assert_eq!(block[0], song);
        block[0][0] = f32::MAX;
        assert_eq!(clip(&mut block), 1);
    }
}

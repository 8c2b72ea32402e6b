//! Random crops of the training songs, and what is done to them so that a song never
//! looks the same twice.

use ndarray::ArrayView2;
use rand::Rng;
use rand::seq::SliceRandom;
use undertone::network::WINDOW_FRAMES;

/// Widest frequency mask in bands and widest time mask in frames (1 s), two of each a
/// crop, after `SpecAugment` (Park et al. 2019, policy LB scaled to this input).
const MASK: (usize, usize) = (12, 64);
/// Masks of each kind.
const MASKS: usize = 2;
/// Places of the equaliser's curve, evenly spread over the bands, and its greatest boost or
/// cut there in log10 power (5 dB): recordings and rooms differ that much in tone.
const KNOTS: usize = 5;
const MOST_EQ: f32 = 0.5;
/// Share of the crops that lose their lowest or highest bands, and the most of them: small
/// loudspeakers, old records, low bit rates.
const FILTERED: f64 = 0.3;
const MOST_CUT: usize = 24;
/// What is left of a lost band: -30 dB.
const LEFT: f32 = 1e-3;
/// Share of the crops with a noise floor, and its range as log10(10 000 · power).
const NOISY: f64 = 0.3;
const NOISE: std::ops::RangeInclusive<f32> = -2.0..=0.3;

/// A place in a training song.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// Position of the recording in the slice.
    pub song: usize,
    /// First frame.
    pub start: usize,
}

/// Crops of a song in one epoch: one for every `every` frames, at least one, at most
/// `most`.
pub fn crops_of(frames: usize, every: f64, most: usize) -> usize {
    ((frames as f64 / every).round() as usize).clamp(1, most.max(1))
}

/// The crops of one epoch, in random order, of songs of so many frames.
pub fn plan(frames: &[usize], every: f64, most: usize, rng: &mut impl Rng) -> Vec<Crop> {
    let mut crops = Vec::new();
    for (song, &frames) in frames.iter().enumerate() {
        for _ in 0..crops_of(frames, every, most) {
            let start = rng.random_range(0..=frames.saturating_sub(WINDOW_FRAMES));
            crops.push(Crop { song, start });
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

/// Equalises and masks one window `[WINDOW_FRAMES, bands]`, row by row. Masked values
/// become their band's mean, which the network sees as zero. No gain: the loudness is
/// normalised on the way in.
pub fn augment(window: &mut [f32], mean: &[f32], rng: &mut impl Rng) {
    let bands = mean.len();
    let (gains, noise) = (gains(bands, rng), noise(rng));
    for row in window.chunks_exact_mut(bands) {
        for (value, gain) in row.iter_mut().zip(&gains) {
            *value = heard(*value, *gain, noise);
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

/// A log-mel value after a gain of its power and the addition of noise.
fn heard(value: f32, gain: f32, noise: f32) -> f32 {
    let power = (value * std::f32::consts::LN_10).exp_m1();
    gain.mul_add(power, noise).max(0.0).ln_1p() * std::f32::consts::LOG10_E
}

/// Factor of each band's power: a smooth random curve, perhaps with an end cut off.
fn gains(bands: usize, rng: &mut impl Rng) -> Vec<f32> {
    let knots: [f32; KNOTS] = std::array::from_fn(|_| rng.random_range(-MOST_EQ..=MOST_EQ));
    let mut gains: Vec<f32> = (0..bands)
        .map(|band| {
            let at = band as f32 * (KNOTS - 1) as f32 / (bands.max(2) - 1) as f32;
            let left = (at as usize).min(KNOTS - 2);
            let share = at - left as f32;
            10_f32.powf(knots[left].mul_add(1.0 - share, knots[left + 1] * share))
        })
        .collect();
    if rng.random_bool(FILTERED) {
        let cut = rng.random_range(1..=MOST_CUT.min(bands));
        let lost = if rng.random_bool(0.5) {
            0..cut / 3
        } else {
            bands - cut..bands
        };
        gains[lost].iter_mut().for_each(|gain| *gain *= LEFT);
    }
    gains
}

/// The noise floor as 10 000 · power, alike in all bands; mostly none.
fn noise(rng: &mut impl Rng) -> f32 {
    if rng.random_bool(NOISY) {
        10_f32.powf(rng.random_range(NOISE))
    } else {
        0.0
    }
}

/// Start and length of a random mask.
fn mask(size: usize, widest: usize, rng: &mut impl Rng) -> (usize, usize) {
    let len = rng.random_range(0..=widest.min(size));
    (rng.random_range(0..=size - len), len)
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
        let mean = vec![0.0_f32; 96];
        let mut rng = StdRng::seed_from_u64(3);
        for _ in 0..20 {
            let mut window = vec![3.0_f32; WINDOW_FRAMES * 96];
            augment(&mut window, &mean, &mut rng);
            let masked = window.iter().filter(|&&v| v <= 0.0).count();
            assert!(masked * 5 < window.len() * 2 + 5, "{masked}");
            let loud = window.iter().filter(|&&v| v > 2.4);
            assert!(loud.count() * 4 > window.len());
        }
    }

    #[test]
    fn a_flat_curve_changes_nothing_and_ten_decibels_are_one() {
        assert!((heard(2.5, 1.0, 0.0) - 2.5).abs() < 1e-6);
        assert!((heard(4.0, 10.0, 0.0) - 5.0).abs() < 1e-3);
        assert!((heard(0.0, 1.0, 9.0) - 1.0).abs() < 1e-6);
        let mut rng = StdRng::seed_from_u64(4);
        for _ in 0..50 {
            let gains = gains(96, &mut rng);
            let most = 10_f32.powf(MOST_EQ) * 1.001;
            assert!(gains.iter().all(|gain| *gain <= most && *gain > 0.0));
        }
    }
}

//! Which pitches sound in a whole song, in tenths of a semitone.
//!
//! A harmonic pitch class profile (Gómez 2006, "Tonal description of music audio
//! signals"): only peaks of the spectrum count, each also as an overtone of lower notes,
//! and the instruments' tuning is found first.

use super::Stft;
use super::chroma::PITCH_CLASSES;
use crate::audio::SAMPLE_RATE;
use crate::error::AnalysisError;

/// FFT length in samples: 512 ms, 2 Hz a bin.
const N_FFT: usize = 8_192;
/// Hop in samples: 128 ms.
pub const HOP_LENGTH: usize = 2_048;
/// Lowest and highest frequency of a peak in Hz.
const RANGE_HZ: [f64; 2] = [60.0, 5_000.0];
/// Peaks below this share of the frame's strongest do not count.
const LEAST_SHARE: f64 = 0.01;
/// Magnitude below which a frame is silent.
const SILENCE: f64 = 1e-3;
/// Bins an octave: 10 cents each.
const BINS: usize = 120;
/// Overtones that a peak may be, and how much less each next one counts.
const HARMONICS: i32 = 6;
const HARMONIC_DECAY: f64 = 0.7;
/// Half the width in cents of the window around a pitch class.
const WIDTH_CENTS: f64 = 200.0 / 3.0;
/// Frequency of middle C in Hz (A4 = 440 Hz).
const MIDDLE_C_HZ: f64 = 261.625_565;

/// Collects the peaks of a song's frames.
pub struct Pitches {
    stft: Stft,
    peaks: Vec<(f64, f64)>,
    histogram: [f64; BINS],
}

/// What the pitches of a song add up to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PitchProfile {
    /// Strength of each pitch class, C first; the strongest is 1.
    pub chroma: [f64; PITCH_CLASSES],
    /// How far the instruments are tuned above A4 = 440 Hz, in cents, -50 to 50.
    pub tuning_cents: f64,
}

impl Pitches {
    /// For samples at 16 kHz.
    #[must_use]
    pub fn new() -> Self {
        Self {
            peaks: Vec::new(),
            histogram: [0.0; BINS],
            stft: Stft::new(N_FFT, HOP_LENGTH),
        }
    }

    /// Takes the frame centred on sample `index * HOP_LENGTH`; a silent one counts for
    /// nothing, and the strongest peak of every other one as much as that of the next.
    ///
    /// # Errors
    /// [`AnalysisError::Internal`] if the Fourier transform refuses.
    pub fn push_frame(&mut self, samples: &[f32], index: usize) -> Result<(), AnalysisError> {
        let power = self.stft.power(samples, index)?;
        find_peaks(power, &mut self.peaks);
        let strongest = self.peaks.iter().map(|peak| peak.1).fold(0.0, f64::max);
        if strongest < SILENCE {
            return Ok(());
        }
        for &(hz, magnitude) in &self.peaks {
            let share = magnitude / strongest;
            if share >= LEAST_SHARE {
                let octaves = (hz / MIDDLE_C_HZ).log2().rem_euclid(1.0);
                let bin = (octaves * BINS as f64).round() as usize % BINS;
                self.histogram[bin] += share;
            }
        }
        Ok(())
    }

    /// The song's profile; `None` where no pitch was heard.
    #[must_use]
    pub fn profile(&self) -> Option<PitchProfile> {
        let tuning_cents = self.tuning();
        let harmonic = self.fold_harmonics();
        let chroma: [f64; PITCH_CLASSES] = std::array::from_fn(|class| {
            let terms = harmonic.iter().enumerate();
            terms
                .map(|(bin, value)| value * weight(bin, class, tuning_cents))
                .sum()
        });
        let max = chroma.iter().copied().fold(0.0, f64::max);
        (max > 0.0).then(|| PitchProfile {
            chroma: chroma.map(|value| value / max),
            tuning_cents,
        })
    }

    /// The mean deviation from the nearest semitone, on the circle.
    fn tuning(&self) -> f64 {
        let turn = 2.0 * std::f64::consts::PI;
        let (mut x, mut y) = (0.0, 0.0);
        for (bin, value) in self.histogram.iter().enumerate() {
            let angle =
                turn * (bin % (BINS / PITCH_CLASSES)) as f64 * PITCH_CLASSES as f64 / BINS as f64;
            x += value * angle.cos();
            y += value * angle.sin();
        }
        100.0 * y.atan2(x) / turn
    }

    /// The histogram with every peak taken as the 1st to 6th harmonic of some note.
    fn fold_harmonics(&self) -> [f64; BINS] {
        let mut folded = [0.0; BINS];
        for harmonic in 1..=HARMONICS {
            let octaves = f64::from(harmonic).log2().fract();
            let down = (octaves * BINS as f64).round() as usize;
            let gain = HARMONIC_DECAY.powi(harmonic - 1);
            for (bin, value) in self.histogram.iter().enumerate() {
                folded[(bin + BINS - down) % BINS] += gain * value;
            }
        }
        folded
    }
}

impl Default for Pitches {
    fn default() -> Self {
        Self::new()
    }
}

/// How much a bin counts for a pitch class: the square of a cosine around the class, as
/// it sounds in this tuning.
fn weight(bin: usize, class: usize, tuning_cents: f64) -> f64 {
    let cents = 1_200.0 / BINS as f64 * bin as f64 - tuning_cents - 100.0 * class as f64;
    let distance = ((cents + 600.0).rem_euclid(1_200.0) - 600.0).abs();
    if distance < WIDTH_CENTS {
        (std::f64::consts::FRAC_PI_2 * distance / WIDTH_CENTS)
            .cos()
            .powi(2)
    } else {
        0.0
    }
}

/// Writes frequency in Hz and magnitude of the local maxima of the power spectrum, both
/// interpolated by a parabola through the logarithms.
fn find_peaks(power: &[f32], peaks: &mut Vec<(f64, f64)>) {
    let bin_hz = f64::from(SAMPLE_RATE) / N_FFT as f64;
    let [first, last] = RANGE_HZ.map(|hz| (hz / bin_hz) as usize);
    peaks.clear();
    for bin in first..last {
        let [left, middle, right] = [power[bin - 1], power[bin], power[bin + 1]];
        if middle <= left || middle < right || f64::from(middle) < SILENCE * SILENCE {
            continue;
        }
        let [left, middle, right] =
            [left, middle, right].map(|p| f64::from(p.max(f32::MIN_POSITIVE)).ln());
        let bend = left - 2.0 * middle + right;
        let shift = if bend < 0.0 {
            0.5 * (left - right) / bend
        } else {
            0.0
        };
        let log_power = middle - 0.25 * (left - right) * shift;
        let hz = (bin as f64 + shift) * bin_hz;
        peaks.push((hz, (0.5 * log_power).exp()));
    }
}

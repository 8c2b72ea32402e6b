//! The shape of the spectrum, frame by frame.

use ndarray::ArrayView1;

use crate::audio::SAMPLE_RATE;
use crate::spectrum::N_MELS;

/// Mel-frequency cepstral coefficients that are kept, the 0th included.
pub const MFCC: usize = 13;

/// Share of the power that lies below the roll-off, as librosa's default.
const ROLL_PERCENT: f64 = 0.85;

/// Brightness of one frame, each as librosa's function of that name on the power
/// spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrameShape {
    /// Root mean square of the windowed frame in dB, relative to the loudest possible
    /// sine; for comparison between frames.
    pub level_db: f64,
    /// Centre of gravity of the power in Hz (`spectral_centroid`).
    pub centroid_hz: f64,
    /// Spread around the centroid in Hz (`spectral_bandwidth`, p = 2).
    pub bandwidth_hz: f64,
    /// Frequency below which 85 % of the power lies, in Hz (`spectral_rolloff`).
    pub rolloff_hz: f64,
    /// Geometric over arithmetic mean of the power, in dB, -100 to 0
    /// (`spectral_flatness`).
    pub flatness_db: f64,
}

impl FrameShape {
    /// Measures a power spectrum `[bins]` from 0 Hz to half the rate; `None` where the
    /// frame is silent (below -60 dB).
    #[must_use]
    pub fn of(power: &[f32]) -> Option<Self> {
        let bins = power.len();
        let bin_hz = f64::from(SAMPLE_RATE) / 2.0 / (bins - 1) as f64;
        let (mut total, mut first) = (0.0, 0.0);
        for (bin, &p) in power.iter().enumerate() {
            let p = f64::from(p);
            total += p;
            first += p * (bin as f64 * bin_hz);
        }
        // A full-scale sine under a Hann window of N samples has the power N^2/16 in
        // its bin, and N = 2 (bins - 1).
        let full_scale = ((bins - 1) * (bins - 1)) as f64 / 4.0;
        let level_db = 10.0 * (total / full_scale).log10();
        if level_db.is_nan() || level_db < -60.0 {
            return None;
        }
        let centroid_hz = first / total;
        let squares = power.iter().enumerate().map(|(bin, &p)| {
            let off_hz = bin as f64 * bin_hz - centroid_hz;
            f64::from(p) * off_hz.powi(2)
        });
        let bandwidth_hz = (squares.sum::<f64>() / total).sqrt();
        Some(Self {
            level_db,
            centroid_hz,
            bandwidth_hz,
            rolloff_hz: rolloff(power, total) * bin_hz,
            flatness_db: flatness(power, total),
        })
    }
}

/// Bin below which [`ROLL_PERCENT`] of `total` lies, interpolated.
fn rolloff(power: &[f32], total: f64) -> f64 {
    let mut below = 0.0;
    for (bin, &p) in power.iter().enumerate() {
        let next = below + f64::from(p);
        if next >= ROLL_PERCENT * total {
            return bin as f64 + (ROLL_PERCENT * total - below) / f64::from(p).max(1e-30);
        }
        below = next;
    }
    power.len() as f64
}

/// Numbers of which one logarithm is taken.
const FACTORS: usize = 16;

/// Ratio of the means up to 7 kHz: beyond, codecs and resamplers leave what they like.
fn flatness(power: &[f32], total: f64) -> f64 {
    let bins = power.len() * 7 / 8;
    let floor = 1e-10 * total;
    // One logarithm for several: a factor is at least 1e-10 of a total that is heard, so that
    // the product of so many is far from the least number that there is.
    let product = |some: &[f32]| some.iter().map(|&p| f64::from(p) + floor).product::<f64>();
    let logs: f64 = power[..bins]
        .chunks(FACTORS)
        .map(|some| product(some).log10())
        .sum();
    let mean: f64 = power[..bins]
        .iter()
        .map(|&p| f64::from(p) + floor)
        .sum::<f64>()
        / bins as f64;
    10.0 * (logs / bins as f64 - mean.log10())
}

/// The orthonormal DCT-II that turns log-mel frames into cepstral coefficients.
pub(super) struct Cepstrum {
    /// `[band][coefficient]`, so that all coefficients are summed side by side.
    basis: Vec<[f32; MFCC]>,
}

impl Cepstrum {
    pub(super) fn new() -> Self {
        let basis = (0..N_MELS)
            .map(|n| {
                std::array::from_fn(|k| {
                    let norm = if k == 0 { 1.0 } else { 2.0 } / N_MELS as f64;
                    let angle = std::f64::consts::PI * k as f64 * (n as f64 + 0.5) / N_MELS as f64;
                    (norm.sqrt() * angle.cos()) as f32
                })
            })
            .collect();
        Self { basis }
    }

    /// Coefficients `[13]` of a log-mel frame `[96]`.
    pub(super) fn mfcc(&self, log_mel: ArrayView1<f32>) -> [f64; MFCC] {
        let mut sums = [0.0_f32; MFCC];
        for (x, basis) in log_mel.iter().zip(&self.basis) {
            for (sum, b) in sums.iter_mut().zip(basis) {
                *sum += x * b;
            }
        }
        sums.map(f64::from)
    }
}

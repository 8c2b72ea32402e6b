//! Resampling to 16 kHz against soxr's "very high" quality.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use ndarray::Ix1;
use undertone::{Pcm, Signal};

use crate::references::{floats, samples};

/// Signal-to-noise ratio in dB of our resampling, with soxr's as the signal. The gain
/// of the loudness normalisation is taken out by least squares. The first and last
/// 50 ms are left out: there the two extend the signal differently.
fn snr(rate: u32, signal: &[u8], reference: &[u8]) -> f64 {
    let once = samples(signal);
    let soxr = floats::<Ix1>(reference);
    // A song needs 3 s: play it twice, compare the first time.
    let twice = [once.as_slice(), once.as_slice()].concat();
    let ours = Signal::from_pcm(&Pcm::new(vec![twice], rate).unwrap()).unwrap();
    let start = (ours.start_s * 16_000.0).round() as usize;
    let range = start.max(800)..soxr.len() - 800;
    let pairs = || {
        range
            .clone()
            .map(|i| (f64::from(ours.samples[i - start]), f64::from(soxr[i])))
    };
    let (dot, energy) = pairs().fold((0.0, 0.0), |(d, e), (a, b)| (d + a * b, e + a * a));
    let gain = dot / energy;
    let noise: f64 = pairs().map(|(a, b)| (gain * a - b).powi(2)).sum();
    let power: f64 = pairs().map(|(_, b)| b * b).sum();
    10.0 * (power / noise).log10()
}

#[test]
fn resampling_from_44100_hz_is_soxrs() {
    let snr = snr(
        44_100,
        include_bytes!("../data/resample_44100_signal.npy"),
        include_bytes!("../data/resample_44100_soxr.npy"),
    );
    assert!(snr > 80.0, "{snr} dB");
}

#[test]
fn resampling_from_48000_hz_is_soxrs() {
    let snr = snr(
        48_000,
        include_bytes!("../data/resample_48000_signal.npy"),
        include_bytes!("../data/resample_48000_soxr.npy"),
    );
    assert!(snr > 80.0, "{snr} dB");
}

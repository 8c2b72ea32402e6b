//! The log-mel spectrogram against librosa.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use ndarray::Ix2;
use undertone::spectrum::log_mel;

use crate::references::{floats, samples};

/// Greatest difference over the greatest value of the reference.
fn relative_error(signal: &[u8], reference: &[u8]) -> f32 {
    let ours = log_mel(&samples(signal)).unwrap();
    let librosa = floats::<Ix2>(reference);
    assert_eq!(ours.dim(), librosa.dim());
    let peak = librosa.iter().copied().fold(0.0, f32::max);
    let worst = ours
        .iter()
        .zip(&librosa)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    worst / peak
}

#[test]
fn log_mel_of_music_is_librosas() {
    let error = relative_error(
        include_bytes!("../data/mel_real_signal.npy"),
        include_bytes!("../data/mel_real_librosa.npy"),
    );
    assert!(error <= 1e-4, "{error}");
}

#[test]
fn log_mel_of_a_chirp_silence_and_a_click_is_librosas() {
    let error = relative_error(
        include_bytes!("../data/mel_synthetic_signal.npy"),
        include_bytes!("../data/mel_synthetic_librosa.npy"),
    );
    assert!(error <= 1e-4, "{error}");
}

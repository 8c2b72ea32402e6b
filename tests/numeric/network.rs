//! The network: its front end against torchaudio's, and its answer against
//! onnxruntime's.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use ndarray::Ix2;
use undertone::card::parse;
use undertone::network::{BANDS, FRAMES, MelDb, MoodNetwork, OnnxNetwork, WINDOW};

use crate::bundled::{NETWORK, NETWORK_CARD};
use crate::judges::SONG;
use crate::references::{floats, samples};

fn network() -> OnnxNetwork {
    OnnxNetwork::load(parse("mood.json", NETWORK_CARD).unwrap(), NETWORK).unwrap()
}

#[test]
fn the_front_end_is_torchaudios() {
    let expected = floats::<Ix2>(include_bytes!("../data/network_mel_db.npy"));
    let mel = MelDb::default().of(&samples(SONG)[..WINDOW]).unwrap();
    assert_eq!((mel.dim(), expected.nrows()), ((BANDS, FRAMES), BANDS));
    for ((band, column), expected) in expected.indexed_iter() {
        let got = mel[[band, column * 50]];
        // In decibels; the reference is of double precision.
        assert!(
            (got - expected).abs() < 0.01,
            "{band} {column}: {got} {expected}"
        );
    }
}

#[test]
fn it_answers_like_onnxruntime() {
    let mel = MelDb::default().of(&samples(SONG)[..WINDOW]).unwrap();
    let expected = floats::<Ix2>(include_bytes!("../data/network_answers.npy"));
    let answers = network().run(mel.view()).unwrap();
    assert_eq!(answers.dim(), expected.dim());
    for (got, expected) in answers.iter().zip(&expected) {
        // Twelve layers of attention carry rounding far: onnxruntime's own answers with
        // and without its optimisations lie 0.018 apart.
        assert!((got - expected).abs() < 0.05, "{answers:?} {expected:?}");
    }
}

#[test]
fn it_hears_parts_of_a_long_song() {
    assert!(
        network().card().most_windows() < 24,
        "of a song of 4 minutes"
    );
}

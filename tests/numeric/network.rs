//! The network, small and large: its front end against torchaudio's, and its answer against
//! onnxruntime's.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use ndarray::Ix2;
use undertone::card::{NetworkCard, parse};
use undertone::network::{BANDS, FRAMES, MelDb, MoodNetwork, OnnxNetwork, WINDOW};

use crate::judges::{NETWORK, NETWORK_CARD, SONG};
use crate::references::{floats, samples};

const LARGE: &[u8] = include_bytes!("../../static/models/mood-large.onnx");
const LARGE_CARD: &[u8] = include_bytes!("../../static/models/mood-large.json");

fn large() -> OnnxNetwork {
    OnnxNetwork::load(parse("mood-large.json", LARGE_CARD).unwrap(), LARGE).unwrap()
}

fn small() -> OnnxNetwork {
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
    let both = [
        (small(), &include_bytes!("../data/network_answers.npy")[..]),
        (
            large(),
            &include_bytes!("../data/network_large_answers.npy")[..],
        ),
    ];
    let mel = MelDb::default().of(&samples(SONG)[..WINDOW]).unwrap();
    for (network, expected) in both {
        let expected = floats::<Ix2>(expected);
        let answers = network.run(mel.view()).unwrap();
        assert_eq!(answers.dim(), expected.dim());
        for (got, expected) in answers.iter().zip(&expected) {
            // Twelve layers of attention carry rounding far: onnxruntime's own answers with
            // and without its optimisations lie 0.018 apart.
            assert!((got - expected).abs() < 0.05, "{answers:?} {expected:?}");
        }
    }
}

#[test]
fn the_small_one_hears_parts_of_a_song_and_knows_the_large_one() {
    assert!(small().most_windows() < 24, "of a song of 4 minutes");
    assert_eq!(large().most_windows(), usize::MAX);
    let card: NetworkCard = parse("mood.json", NETWORK_CARD).unwrap();
    assert_eq!(card.larger.as_deref(), Some(large().id()));
}

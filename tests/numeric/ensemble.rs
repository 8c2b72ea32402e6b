//! The ensemble's file and its answers, on the host and in WebAssembly.

use serde::Deserialize;
use undertone::card::{About, EnsembleCard, FileStamp};
use undertone::ensemble::background::MAX_BACKGROUND;
use undertone::ensemble::svm::{PAIRS, Svc, SvcModel};
use undertone::ensemble::{Ensemble, EnsembleOutput};
use undertone::explain::Players;
use undertone::{ModelError, MoodProbabilities};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::references::Draws;

/// An ensemble over made-up descriptors, and what it answers; both written by the
/// trainer's test `writes_the_synthetic_ensemble`.
const BYTES: &[u8] = include_bytes!("../data/ensemble/synthetic.bin");
const ANSWERS: &str = include_str!("../data/ensemble/synthetic.json");
/// A machine that scikit-learn fitted; see `trainer/tests/data/make_references.py`.
const SVC: &str = include_str!("../data/ensemble/svc.json");

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[derive(Deserialize)]
struct Answers {
    rows: Vec<Vec<f64>>,
    outputs: Vec<EnsembleOutput>,
}

fn answers() -> Answers {
    serde_json::from_str(ANSWERS).unwrap()
}

fn card(bytes: &[u8]) -> EnsembleCard {
    EnsembleCard {
        stamp: FileStamp::of("ensemble.bin", bytes),
        inputs: NAMES.map(str::to_owned).to_vec(),
        about: About::default(),
    }
}

/// Reads bytes whose stamp is right, whatever they hold.
fn read(bytes: &[u8]) -> Result<Ensemble, ModelError> {
    Ensemble::from_bytes(bytes, &card(bytes), &NAMES)
}

/// The six inputs as three players.
fn players() -> Players {
    Players::new(vec![0, 1, 1, 2, 0, 2]).unwrap()
}

fn largest_difference(a: MoodProbabilities, b: MoodProbabilities) -> f32 {
    let pairs = a.to_array().into_iter().zip(b.to_array());
    pairs.map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
}

#[test]
fn answers_are_those_of_the_trainer() {
    let ensemble = read(BYTES).unwrap();
    let Answers { rows, outputs } = answers();
    assert_eq!(rows.len(), outputs.len());
    for (row, expected) in rows.iter().zip(outputs) {
        let got = ensemble.predict_proba(row).unwrap();
        let pairs = [
            (got.moods, expected.moods),
            (got.svm, expected.svm),
            (got.tree, expected.tree),
            (got.forest, expected.forest),
        ];
        for (a, b) in pairs {
            // WebAssembly's exp differs from the host's in the last bit of an f64.
            assert!(largest_difference(a, b) <= 2e-7, "{a:?} {b:?}");
        }
    }
}

#[test]
fn bytes_survive_a_round_trip() {
    let ensemble = read(BYTES).unwrap();
    assert_eq!(ensemble.to_bytes().unwrap(), BYTES);
    assert_eq!(ensemble.id(), card(BYTES).stamp.sha256);
    let rebuilt = Ensemble::new(ensemble.model().clone(), "ensemble.bin").unwrap();
    assert_eq!(rebuilt.id(), ensemble.id());
}

#[test]
fn the_machine_answers_as_in_scikit_learn() {
    #[derive(Deserialize)]
    struct Reference {
        #[serde(flatten)]
        model: SvcModel,
        probe: Vec<Vec<f64>>,
        decision: Vec<[f64; PAIRS]>,
        predict_proba: Vec<[f64; 4]>,
    }
    let reference: Reference = serde_json::from_str(SVC).unwrap();
    let svc = Svc::new(&reference.model, reference.probe[0].len()).unwrap();
    for (at, row) in reference.probe.iter().enumerate() {
        let decision = svc.decision_function(row).unwrap();
        for (got, expected) in decision.iter().zip(reference.decision[at]) {
            // The file holds coefficients as f32: 3 x 2⁻²⁴ each.
            assert!((got - expected).abs() < 1e-6, "{got} {expected}");
        }
        let shares = svc.predict_proba(row).unwrap();
        for (got, expected) in shares.iter().zip(reference.predict_proba[at]) {
            assert!((got - expected).abs() < 1e-6, "{got} {expected}");
        }
    }
}

#[test]
fn the_distance_is_that_of_the_nearest_support_vector() {
    let at_the_middle = SvcModel {
        gamma: 0.1,
        n_support: vec![1; 4],
        support_vectors: [[0; 3], [0; 3], [i16::MAX; 3], [i16::MIN; 3]].concat(),
        dual_coef: vec![1.0; 4 * 3],
        intercept: vec![0.0; PAIRS],
        prob_a: vec![-1.0; PAIRS],
        prob_b: vec![0.0; PAIRS],
    };
    let svc = Svc::new(&at_the_middle, 3).unwrap();
    assert!((svc.distance(&[0.0, 0.3, -0.4]) - 0.5).abs() < 1e-12);

    let ensemble = read(BYTES).unwrap();
    let rows = answers().rows;
    let distances = rows.iter().map(|row| ensemble.distance(row).unwrap());
    assert!(distances.into_iter().all(|d| (0.0..100.0).contains(&d)));
    assert!(ensemble.distance(&rows[0][1..]).is_err());
}

#[test]
fn every_truncation_is_an_error() {
    for n in 0..BYTES.len() {
        let error = read(&BYTES[..n]).unwrap_err();
        assert!(matches!(error, ModelError::Invalid { .. }), "{error}");
    }
    let longer = [BYTES, &[0]].concat();
    assert!(matches!(read(&longer), Err(ModelError::Invalid { .. })));
}

#[test]
fn damaged_bytes_are_an_error_or_still_give_probabilities() {
    let row = &answers().rows[0];
    let mut draws = Draws(1);
    for round in 0..4_000 {
        let mut bytes = BYTES.to_vec();
        for _ in 0..=round % 4 {
            let at = draws.below(bytes.len());
            bytes[at] = draws.below(256) as u8;
        }
        let Ok(ensemble) = read(&bytes) else {
            continue;
        };
        for values in [row.clone(), vec![f64::MAX; 6], vec![f64::MIN; 6]] {
            let output = ensemble.predict_proba(&values).unwrap();
            for moods in [output.moods, output.svm, output.tree, output.forest] {
                let sum: f32 = moods.to_array().iter().sum();
                assert!((sum - 1.0).abs() < 1e-5, "round {round}: {moods:?}");
            }
        }
        let last = ensemble.n_background() - 1;
        let factors = ensemble.compare(row, &players(), last).unwrap();
        assert!(factors.iter().flatten().all(|value| value.abs() <= 1.0));
    }
}

#[test]
fn noise_is_an_error() {
    let mut draws = Draws(2);
    for length in 0..2_000 {
        let bytes: Vec<u8> = (0..length).map(|_| draws.below(256) as u8).collect();
        assert!(read(&bytes).is_err());
    }
}

#[test]
fn another_card_is_refused() {
    let mut short = card(BYTES);
    short.stamp.bytes -= 1;
    let mut other = card(BYTES);
    other.stamp.sha256 = "0".repeat(64);
    let mut renamed = card(BYTES);
    renamed.inputs[3] = "z".to_owned();
    let mut fewer = card(BYTES);
    fewer.inputs.pop();
    let refusal = |card| Ensemble::from_bytes(BYTES, &card, &NAMES).unwrap_err();
    assert!(matches!(refusal(short), ModelError::Size { .. }));
    assert!(matches!(refusal(other), ModelError::Hash { .. }));
    let text = refusal(renamed).to_string();
    assert!(text.contains("input 3 is \"z\""), "{text}");
    let text = refusal(fewer).to_string();
    assert!(text.contains("names 5 inputs"), "{text}");
}

#[test]
fn a_wrong_row_says_what_was_expected() {
    let ensemble = read(BYTES).unwrap();
    let text = ensemble.predict_proba(&[0.0; 5]).unwrap_err().to_string();
    assert!(text.contains("5 descriptors came, expected 6"), "{text}");
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut row = answers().rows[0].clone();
        row[2] = value;
        let text = ensemble.predict_proba(&row).unwrap_err().to_string();
        assert!(text.contains("descriptor 2 is"), "{text}");
    }
}

#[test]
fn factors_explain_the_answer_against_the_average_song() {
    let ensemble = read(BYTES).unwrap();
    let Answers { rows, outputs } = answers();
    let songs = ensemble.n_background();
    assert!(songs > 1);
    let scaler = &ensemble.model().scaler;
    let background = ensemble.model().background.values.chunks(6).map(|song| {
        let values = song.iter().zip(scaler.mean.iter().zip(&scaler.scale));
        let natural = values.map(|(&steps, (mean, scale))| mean + f64::from(steps) / 64.0 * scale);
        let natural: Vec<f64> = natural.collect();
        ensemble.predict_proba(&natural).unwrap().moods.to_array()
    });
    let mut average = [0.0; 4];
    for moods in background {
        for (sum, probability) in average.iter_mut().zip(moods) {
            *sum += f64::from(probability) / songs as f64;
        }
    }
    for (row, output) in rows.iter().zip(outputs).take(8) {
        let mut total = average;
        for song in 0..songs {
            for factor in ensemble.compare(row, &players(), song).unwrap() {
                for (sum, value) in total.iter_mut().zip(factor) {
                    *sum += value / songs as f64;
                }
            }
        }
        for (total, probability) in total.iter().zip(output.moods.to_array()) {
            // Probabilities leave the ensemble as f32.
            assert!(
                (total - f64::from(probability)).abs() < 1e-6,
                "{total} {probability}"
            );
        }
    }
}

#[test]
fn a_comparison_that_makes_no_sense_is_an_error() {
    let ensemble = read(BYTES).unwrap();
    let row = &answers().rows[0];
    let refusal = |row: &[f64], players: &Players, song| {
        ensemble
            .compare(row, players, song)
            .unwrap_err()
            .to_string()
    };
    let songs = ensemble.n_background();
    assert!(refusal(row, &players(), songs).contains("no song"));
    assert!(refusal(&row[1..], &players(), 0).contains("5 descriptors came"));
    let fewer = Players::new(vec![0, 1]).unwrap();
    assert!(refusal(row, &fewer, 0).contains("2 inputs are grouped"));
}

#[test]
fn a_background_that_does_not_fit_is_refused() {
    let model = read(BYTES).unwrap().model().clone();
    let refusal = |values: Vec<i16>| {
        let mut model = model.clone();
        model.background.values = values;
        Ensemble::new(model, "ensemble.bin")
            .unwrap_err()
            .to_string()
    };
    for length in [0, 5, 7, 6 * (MAX_BACKGROUND + 1)] {
        let text = refusal(vec![0; length]);
        assert!(
            text.contains("background") && text.contains("6 inputs"),
            "{text}"
        );
    }
    assert!(refusal(vec![i16::MIN; 6]).contains("off the grid"));
}

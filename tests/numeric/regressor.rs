//! The regressor of track features: against scikit-learn, its file, and what a volume
//! knob or an encoder's delay may change.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde::Deserialize;
use undertone::card::{self, About, FileStamp, LabelSpace};
use undertone::ensemble::scaler::StandardScaler;
use undertone::features::{Descriptors, TrackFeatures};
use undertone::regressor::{
    FeatureRegressor, FeaturesCard, Fit, RegressorModel, Target, TargetCard, TargetModel,
};
use undertone::{Measurement, ModelError, Pcm, Signal};

use crate::bundled::{FEATURES, FEATURES_CARD};
use crate::references::{Draws, samples};

/// Fitted by scikit-learn; see `trainer/tests/data/make_references.py`.
const REFERENCE: &str = include_str!("../data/regressor/kernel_ridge.json");
/// 12 s of a song at 16 kHz.
const SONG: &[u8] = include_bytes!("../data/song_signal.npy");

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const TARGETS: [Target; 2] = [Target::Energy, Target::Valence];

/// Most that an estimate may move where nothing a listener hears has changed.
const BOUND: f64 = 0.02;

#[derive(Deserialize)]
struct Reference {
    mean: Vec<f64>,
    scale: Vec<f64>,
    gamma: f64,
    rows: Vec<i16>,
    intercept: Vec<f64>,
    dual_coef: Vec<Vec<f32>>,
    probe: Vec<Vec<f64>>,
    predict: Vec<Vec<f64>>,
}

fn reference() -> Reference {
    serde_json::from_str(REFERENCE).unwrap()
}

fn model() -> RegressorModel {
    let reference = reference();
    let targets = reference.intercept.into_iter().zip(reference.dual_coef);
    RegressorModel {
        scaler: StandardScaler {
            mean: reference.mean,
            scale: reference.scale,
        },
        gamma: reference.gamma,
        rows: reference.rows,
        targets: targets
            .map(|(intercept, dual_coef)| TargetModel {
                intercept,
                dual_coef,
            })
            .collect(),
    }
}

fn bytes() -> Vec<u8> {
    let regressor = FeatureRegressor::new(model(), TARGETS.to_vec(), "features.bin");
    regressor.unwrap().to_bytes().unwrap()
}

fn target(name: Target, measured: bool) -> TargetCard {
    TargetCard {
        name,
        measured,
        fit: Fit::default(),
        held_out: None,
        rival: None,
    }
}

fn card(bytes: &[u8]) -> FeaturesCard {
    FeaturesCard {
        stamp: FileStamp::of("features.bin", bytes),
        inputs: NAMES.map(str::to_owned).to_vec(),
        targets: TARGETS.map(|name| target(name, true)).to_vec(),
        about: About {
            label_space: LabelSpace::TeacherScores,
            ..About::default()
        },
    }
}

/// Reads bytes whose stamp is right, whatever they hold.
fn read(bytes: &[u8]) -> Result<FeatureRegressor, ModelError> {
    FeatureRegressor::from_bytes(bytes, &card(bytes), &NAMES)
}

/// What is wrong with that model.
fn refusal(model: RegressorModel) -> String {
    let refused = FeatureRegressor::new(model, TARGETS.to_vec(), "features.bin");
    refused.unwrap_err().to_string()
}

#[test]
fn estimates_are_those_of_scikit_learn() {
    let Reference { probe, predict, .. } = reference();
    let bytes = bytes();
    let regressor = read(&bytes).unwrap();
    assert_eq!(regressor.to_bytes().unwrap(), bytes);
    assert_eq!(regressor.targets(), TARGETS);
    for (row, expected) in probe.iter().zip(predict) {
        let estimates = regressor.predict(row).unwrap();
        for ((estimate, expected), target) in estimates.iter().zip(expected).zip(TARGETS) {
            assert_eq!(estimate.target, target);
            let got = estimate.value;
            // The file holds coefficients as f32: 50 of up to 20, 2⁻²⁴ each.
            assert!((got - expected).abs() < 1e-5, "{got} {expected}");
        }
    }
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = bytes();
    for n in 0..bytes.len() {
        let error = read(&bytes[..n]).unwrap_err();
        assert!(matches!(error, ModelError::Invalid { .. }), "{error}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(matches!(read(&longer), Err(ModelError::Invalid { .. })));
}

#[test]
fn damaged_bytes_are_an_error_or_still_give_estimates() {
    let row = &reference().probe[0];
    let whole = bytes();
    let mut draws = Draws(1);
    for round in 0..4_000 {
        let mut bytes = whole.clone();
        for _ in 0..=round % 4 {
            // Half of the damage near the start, where the lengths are.
            let end = if round % 2 == 0 { 120 } else { bytes.len() };
            let at = draws.below(end);
            bytes[at] = draws.below(256) as u8;
        }
        let Ok(regressor) = read(&bytes) else {
            continue;
        };
        for values in [row.clone(), vec![f64::MAX; 6], vec![f64::MIN; 6]] {
            for estimate in regressor.predict(&values).unwrap() {
                let value = estimate.value;
                assert!((0.0..=1.0).contains(&value), "round {round}: {value}");
            }
        }
    }
}

#[test]
fn noise_and_claimed_lengths_are_an_error() {
    let mut draws = Draws(2);
    for length in 0..2_000 {
        let bytes: Vec<u8> = (0..length).map(|_| draws.below(256) as u8).collect();
        assert!(read(&bytes).is_err());
    }
    // Layout 1, then a vector that claims 2⁶³ numbers.
    let claim = [&[1_u8][..], &[0xff; 8], &[0x7f]].concat();
    assert!(read(&claim).is_err());
    let long = vec![0; undertone::regressor::MAX_BYTES + 1];
    let text = read(&long).unwrap_err().to_string();
    assert!(text.contains("expected at most"), "{text}");
}

#[test]
fn another_card_or_layout_is_refused() {
    let bytes = bytes();
    let refusal = |card| {
        FeatureRegressor::from_bytes(&bytes, &card, &NAMES)
            .unwrap_err()
            .to_string()
    };
    let mut other = card(&bytes);
    other.stamp.sha256 = "0".repeat(64);
    assert!(refusal(other).contains("does not match its card"));
    let mut renamed = card(&bytes);
    renamed.inputs[3] = "z".to_owned();
    assert!(refusal(renamed).contains("names other inputs"));
    let mut unmeasured = card(&bytes);
    unmeasured.targets[0].measured = false;
    assert!(refusal(unmeasured).contains("2 targets, the card lists 1"));
    let mut twice = card(&bytes);
    twice.targets[1].name = Target::Energy;
    assert!(refusal(twice).contains("energy twice"));
    let mut layout = bytes.clone();
    layout[0] = 2;
    let text = read(&layout).unwrap_err().to_string();
    assert!(text.contains("layout 2"), "{text}");
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    type Edit = fn(&mut RegressorModel);
    let change = |edit: fn(&mut RegressorModel)| {
        let mut model = model();
        edit(&mut model);
        refusal(model)
    };
    let cases: [(Edit, &str); 6] = [
        (|model| model.gamma = f64::NAN, "gamma is NaN"),
        (|model| model.gamma = -1.0, "gamma is -1"),
        (|model| model.rows.truncate(299), "rows of 6"),
        (
            |model| model.targets[1].dual_coef.truncate(49),
            "valence: 49",
        ),
        (
            |model| model.targets[0].dual_coef[3] = f32::NAN,
            "energy: a",
        ),
        (
            |model| model.targets[1].intercept = f64::INFINITY,
            "valence: a",
        ),
    ];
    for (edit, words) in cases {
        let text = change(edit);
        assert!(text.contains(words), "{words:?} is not in: {text}");
    }
}

#[test]
fn a_wrong_row_says_what_was_expected() {
    let regressor = read(&bytes()).unwrap();
    let text = regressor.predict(&[0.0; 5]).unwrap_err().to_string();
    assert!(text.contains("5 descriptors came, expected 6"), "{text}");
    let text = regressor.predict(&[f64::NAN; 6]).unwrap_err().to_string();
    assert!(text.contains("descriptor 0 is NaN"), "{text}");
}

fn bundled() -> FeatureRegressor {
    let card: FeaturesCard = card::parse("features.json", FEATURES_CARD).unwrap();
    FeatureRegressor::from_bytes(FEATURES, &card, &Descriptors::NAMES).unwrap()
}

fn estimates(regressor: &FeatureRegressor, samples: Vec<f32>) -> Vec<f64> {
    let signal = Signal::from_pcm(&Pcm::new(vec![samples], 16_000).unwrap()).unwrap();
    let heard = Measurement::of(signal).unwrap().heard;
    let estimates = regressor.predict(&heard.descriptors.values).unwrap();
    estimates.iter().map(|estimate| estimate.value).collect()
}

#[test]
fn a_volume_knob_and_a_shift_move_no_estimate() {
    let regressor = bundled();
    let song = samples(SONG);
    let reference = estimates(&regressor, song.clone());
    assert_eq!(reference.len(), regressor.targets().len());
    let scaled = |gain: f32| song.iter().map(|sample| gain * sample).collect();
    let delayed = |milliseconds: usize| {
        let silence = std::iter::repeat_n(0.0, 16 * milliseconds);
        silence.chain(song.iter().copied()).collect()
    };
    let versions: Vec<(&str, Vec<f32>)> = vec![
        ("gain 0.05", scaled(0.05)),
        ("gain 4", scaled(4.0)),
        ("7 ms later", delayed(7)),
        ("50 ms later", delayed(50)),
        ("25 ms earlier", song[16 * 25..].to_vec()),
        ("50 ms earlier", song[16 * 50..].to_vec()),
    ];
    for (what, version) in versions {
        let moved = estimates(&regressor, version);
        for ((a, b), target) in moved.iter().zip(&reference).zip(regressor.targets()) {
            let change = (a - b).abs();
            assert!(change <= BOUND, "{what}: {} by {change}", target.name());
        }
    }
}

#[test]
fn the_bundled_card_says_what_is_measured() {
    let card: FeaturesCard = card::parse("features.json", FEATURES_CARD).unwrap();
    assert!(card.measured().count() > 0);
    for target in &card.targets {
        let (fit, name) = (&target.fit, target.name.name());
        assert!(TrackFeatures::NAMES.contains(&name));
        assert!(
            fit.r2_interval[0] <= fit.r2 && fit.r2 <= fit.r2_interval[1],
            "{name}"
        );
        if target.measured {
            assert!(fit.r2_interval[0] > 0.0, "{name}");
        }
    }
}

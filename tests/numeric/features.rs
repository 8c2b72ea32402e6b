//! Musical features: danceability against Essentia, all of them against what may change
//! nothing, and in WebAssembly against the native ones.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::f64::consts::PI;

use serde::Deserialize;
use undertone::features::{Descriptors, Heard, TrackFeatures, danceability};
use undertone::{Measurement, Pcm, Signal};

use crate::references::samples;

const RATE: usize = 16_000;
/// Made by `tests/data/make_danceability.py`, which says how each signal is made.
const DANCEABILITY: &str = include_str!("../data/danceability.json");
/// 12 s of a song at 16 kHz.
const SONG: &[u8] = include_bytes!("../data/song_signal.npy");
/// Written by the native run with `UNDERTONE_UPDATE=1`.
const GOLDEN: &str = include_str!("../data/features_golden.json");

#[derive(Deserialize)]
struct Reference {
    name: String,
    danceability: f64,
}

/// Noise of the linear congruential generator of Numerical Recipes, in [-1, 1).
fn noise(seed: u32) -> impl Iterator<Item = f64> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(seed), next)
        .skip(1)
        .map(|state| f64::from(state) / f64::from(1_u32 << 31) - 1.0)
}

/// The signals of the references, 30 s each.
fn reference_signal(name: &str) -> Vec<f32> {
    let sine = |hz: f64, n: usize| (2.0 * PI * hz * n as f64 / RATE as f64).sin();
    let samples: Vec<f64> = match name {
        "modulated_noise" => (0..)
            .zip(noise(1))
            .map(|(n, noise)| (0.5 + 0.4 * sine(2.0, n)) * noise)
            .take(30 * RATE)
            .collect(),
        "clicks" => (0..)
            .zip(noise(2))
            .map(|(n, noise)| (0.8 * (-f64::from(n % 8_000) / 400.0).exp() + 0.001) * noise)
            .take(30 * RATE)
            .collect(),
        "tremolo" => (0..30 * RATE)
            .map(|n| 0.5 * (1.0 + 0.3 * sine(0.25, n)) * sine(440.0, n))
            .collect(),
        "random_walk" => {
            let steps = noise(3).scan(0.5, |level: &mut f64, step| {
                *level = (*level + 0.02 * step).clamp(0.05, 1.0);
                Some(*level)
            });
            let levels = std::iter::once(0.5).chain(steps);
            levels
                .flat_map(|level| std::iter::repeat_n(level, 160))
                .zip(noise(4))
                .map(|(level, noise)| level * noise)
                .take(30 * RATE)
                .collect()
        }
        other => panic!("{other} is not described here"),
    };
    samples.into_iter().map(|sample| sample as f32).collect()
}

#[test]
fn danceability_is_a_third_of_essentias() {
    let references: Vec<Reference> = serde_json::from_str(DANCEABILITY).unwrap();
    assert_eq!(references.len(), 4);
    for reference in references {
        let ours = danceability(&reference_signal(&reference.name)).unwrap();
        let expected = (reference.danceability / 3.0).min(1.0);
        assert!(
            (ours - expected).abs() < 1e-3,
            "{}: {ours}, not {expected}",
            reference.name
        );
    }
}

#[test]
fn what_is_too_short_or_even_has_no_danceability() {
    assert_eq!(danceability(&[]), None);
    assert_eq!(danceability(&vec![0.1; RATE / 4]), None);
    assert_eq!(danceability(&vec![0.0; 10 * RATE]), None);
}

/// A song as long as one of the spans (447 frames of 10 ms) is no exception.
#[test]
fn every_longer_length_has_a_danceability() {
    let song = samples(SONG);
    for frames in [100, 446, 447, 448, 871] {
        let value = danceability(&song[..frames * 160]).unwrap();
        assert!((0.0..=1.0).contains(&value), "{frames} frames: {value}");
    }
}

fn heard(channels: Vec<Vec<f32>>, rate: u32) -> Heard {
    let signal = Signal::from_pcm(&Pcm::new(channels, rate).unwrap()).unwrap();
    Measurement::of(signal).unwrap().heard
}

/// A tune in D major, 3/4, 96 BPM, 40 s: bass on one, chords on two and three, a melody.
fn waltz(rate: u32, tuning_cents: f64) -> Vec<f32> {
    let beat_s = 60.0 / 96.0;
    let hz = |midi: f64| 440.0 * 2_f64.powf((midi - 69.0 + tuning_cents / 100.0) / 12.0);
    // Roots of D, G, A and D again, with the third and fifth of each.
    let bars = [
        [38.0, 66.0, 69.0],
        [43.0, 67.0, 71.0],
        [45.0, 69.0, 73.0],
        [38.0, 66.0, 74.0],
    ];
    (0..40 * rate as usize)
        .map(|n| {
            let t = n as f64 / f64::from(rate);
            let beat = (t / beat_s) as usize;
            let bar = bars[beat / 3 % 4];
            let decay = (-5.0 * (t % beat_s)).exp();
            let tone = |midi: f64| {
                let partial = |k: f64| (2.0 * PI * k * hz(midi) * t).sin() / (k * k);
                (1..=4).map(|k| partial(f64::from(k))).sum::<f64>()
            };
            let notes = if beat.is_multiple_of(3) {
                1.5 * tone(bar[0]) + 0.4 * tone(bar[1])
            } else {
                0.5 * (tone(bar[1]) + tone(bar[2]))
            };
            (0.2 * decay * notes) as f32
        })
        .collect()
}

#[test]
fn a_waltz_in_d_is_heard_as_one() {
    for tuning in [0.0, 30.0, -35.0] {
        let heard = heard(vec![waltz(44_100, tuning)], 44_100);
        let features = heard.features;
        assert_eq!((features.key, features.mode), (Some(2.0), Some(1.0)));
        assert!((features.tempo.unwrap() / 96.0 - 1.0).abs() < 0.01);
        assert_eq!(features.time_signature, Some(3.0));
        assert!((heard.sound.tuning_cents - tuning).abs() < 5.0);
        assert!((features.duration_ms.unwrap() - 40_000.0).abs() < 1_000.0);
    }
}

#[test]
fn noise_has_no_key_and_no_tempo() {
    let noise: Vec<f32> = noise(5).take(20 * RATE).map(|x| 0.3 * x as f32).collect();
    let features = heard(vec![noise], 16_000).features;
    assert_eq!((features.key, features.mode), (Some(-1.0), None));
    assert_eq!((features.tempo, features.time_signature), (None, None));
}

/// Tempo within 1 %, key and mode and metre the same, loudness within 0.3 LU, duration
/// within 20 ms, the other features within 0.05.
fn assert_alike(a: &TrackFeatures, b: &TrackFeatures, what: &str) {
    assert_eq!((a.key, a.mode), (b.key, b.mode), "{what}");
    assert_eq!(a.time_signature, b.time_signature, "{what}");
    for (name, (a, b)) in TrackFeatures::NAMES
        .iter()
        .zip(a.to_array().into_iter().zip(b.to_array()))
    {
        assert_eq!(a.is_some(), b.is_some(), "{what}: {name}");
        let (a, b) = (a.unwrap_or(0.0), b.unwrap_or(0.0));
        let bound = match *name {
            "loudness" => 0.3,
            "tempo" => 0.01 * a,
            "duration_ms" => 20.0,
            _ => 0.05,
        };
        let moved = (a - b).abs();
        assert!(moved <= bound, "{what}: {name} moved by {moved}");
    }
}

#[test]
fn rates_channels_and_shifts_change_nothing() {
    let reference = heard(vec![waltz(44_100, 0.0)], 44_100).features;
    let stereo = heard(vec![waltz(44_100, 0.0); 2], 44_100).features;
    assert_alike(&reference, &stereo, "stereo");
    for rate in [22_050, 48_000] {
        let other = heard(vec![waltz(rate, 0.0)], rate).features;
        assert_alike(&reference, &other, &format!("{rate} Hz"));
    }
    let mut late = vec![0.0; 2_205];
    late.extend(waltz(44_100, 0.0));
    assert_alike(
        &reference,
        &heard(vec![late], 44_100).features,
        "50 ms late",
    );
}

#[test]
fn gain_moves_the_loudness_only() {
    let song = samples(SONG);
    let reference = heard(vec![song.clone()], 16_000);
    for gain in [0.05_f32, 4.0] {
        let scaled = song.iter().map(|s| gain * s).collect();
        let mut other = heard(vec![scaled], 16_000);
        let decibels = 20.0 * f64::from(gain).log10();
        other.features.loudness = other.features.loudness.map(|lufs| lufs - decibels);
        assert_alike(
            &reference.features,
            &other.features,
            &format!("gain {gain}"),
        );
        let peak = other.sound.true_peak_dbtp - decibels;
        assert!((peak - reference.sound.true_peak_dbtp).abs() < 0.01);
    }
}

/// A gap of silence or of faint hiss moves no descriptor by more than 2 %, and no feature.
#[test]
fn a_silent_gap_weighs_nothing() {
    let song = waltz(16_000, 0.0);
    // The frames of both hang on one accent, so that they are the same moments.
    let mut accented = song.clone();
    for sample in &mut accented[90_000..92_000] {
        *sample *= 2.0;
    }
    let reference = heard(vec![[&accented[..], &song].concat()], 16_000);
    let hiss = noise(7).map(|x| 2e-4 * x as f32);
    let gaps = [vec![0.0; 150 * 16_000], hiss.take(150 * 16_000).collect()];
    for gap in gaps {
        let with_gap = heard(vec![[&accented[..], &gap, &song].concat()], 16_000);
        let mut features = with_gap.features;
        features.duration_ms = features.duration_ms.map(|ms| ms - 150_000.0);
        assert_alike(&reference.features, &features, "gap");
        let named = Descriptors::NAMES.iter();
        let values = reference.descriptors.values.iter();
        for ((name, a), b) in named.zip(values).zip(&with_gap.descriptors.values) {
            let moved = (a - b).abs();
            assert!(moved <= 0.02 * a.abs().max(1.0), "{name}: {a}, then {b}");
        }
        // No beat within the gap, and those after it in their own time.
        let beats = &with_gap.sound.beats_s;
        assert!(beats.iter().all(|beat| !(41.0..189.0).contains(beat)));
        assert!(beats.last().is_some_and(|&beat| beat > 220.0));
    }
}

/// Native and WebAssembly are both held to the same numbers.
#[test]
fn features_are_those_of_the_native_run() {
    let song = heard(vec![samples(SONG)], 16_000);
    let waltz = heard(vec![waltz(16_000, 10.0)], 16_000);
    let now: Vec<Vec<Option<f64>>> = [song, waltz]
        .iter()
        .map(|heard| {
            let sound = &heard.sound;
            let plain = [
                sound.loudness_range_lu,
                sound.true_peak_dbtp,
                sound.dynamic_range_db,
                sound.spectral_flux,
                sound.onset_rate_hz,
                sound.pulse_clarity,
                sound.tempo_confidence,
                sound.key_confidence,
                sound.tuning_cents,
                sound.beats_s.len() as f64,
                sound.beats_s.iter().sum(),
            ];
            let features = heard.features.to_array().into_iter();
            features.chain(plain.map(Some)).collect()
        })
        .collect();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UNDERTONE_UPDATE").is_some() {
        let json = serde_json::to_string_pretty(&now).unwrap() + "\n";
        std::fs::write("tests/data/features_golden.json", json).unwrap();
        return;
    }
    let golden: Vec<Vec<Option<f64>>> = serde_json::from_str(GOLDEN).unwrap();
    let lengths = |rows: &[Vec<_>]| rows.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lengths(&now), lengths(&golden));
    for (now, golden) in now.iter().flatten().zip(golden.iter().flatten()) {
        assert_eq!(now.is_some(), golden.is_some());
        let (now, golden) = (now.unwrap_or(0.0), golden.unwrap_or(0.0));
        let bound = 1e-4 * golden.abs().max(1.0);
        assert!((now - golden).abs() <= bound, "{now}, not {golden}");
    }
}

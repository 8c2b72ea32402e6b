//! Loudness against the test signals of EBU Tech 3341 and 3342 (synthesised here).

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use undertone::audio::Loudness;
use undertone::{Pcm, Signal};

const RATE: u32 = 48_000;

/// A 1 kHz sine on each of `channels`, in segments of (level in dBFS, seconds).
fn tones(segments: &[(f64, f64)], channels: usize) -> Loudness {
    let mut samples = Vec::new();
    for &(level, seconds) in segments {
        let amplitude = 10_f64.powf(level / 20.0);
        samples.extend((0..(seconds * f64::from(RATE)) as usize).map(|n| {
            let phase = 2.0 * std::f64::consts::PI * 1_000.0 * n as f64 / f64::from(RATE);
            (amplitude * phase.sin()) as f32
        }));
    }
    let pcm = Pcm::new(vec![samples; channels], RATE).unwrap();
    Signal::from_pcm(&pcm).unwrap().loudness
}

fn integrated(segments: &[(f64, f64)]) -> f64 {
    tones(segments, 2).integrated_lufs.unwrap()
}

#[test]
fn tech_3341_cases_1_and_2() {
    assert!((integrated(&[(-23.0, 20.0)]) + 23.0).abs() <= 0.1);
    assert!((integrated(&[(-33.0, 20.0)]) + 33.0).abs() <= 0.1);
}

#[test]
fn tech_3341_cases_3_to_5_are_gated() {
    let case_3 = [(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)];
    let case_4 = [
        (-72.0, 10.0),
        (-36.0, 10.0),
        (-23.0, 60.0),
        (-36.0, 10.0),
        (-72.0, 10.0),
    ];
    let case_5 = [(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)];
    for case in [&case_3[..], &case_4, &case_5] {
        let lufs = integrated(case);
        assert!((lufs + 23.0).abs() <= 0.1, "{lufs}");
    }
}

#[test]
fn mono_reads_as_two_equal_loudspeakers() {
    let mono = tones(&[(-23.0, 10.0)], 1).integrated_lufs.unwrap();
    assert!((mono + 23.0).abs() <= 0.1, "{mono}");
}

#[test]
fn tech_3342_cases_1_to_3() {
    let range = |a: f64, b: f64| tones(&[(a, 20.0), (b, 20.0)], 2).range_lu;
    assert!((range(-20.0, -30.0) - 10.0).abs() <= 1.0);
    assert!((range(-20.0, -15.0) - 5.0).abs() <= 1.0);
    assert!((range(-40.0, -20.0) - 20.0).abs() <= 1.0);
}

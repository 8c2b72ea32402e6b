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

/// Half of [`RATE`]: what lies above 8 kHz alone would be no song. The cases are given
/// relative to the rate, and so is the oversampling.
const PEAK_RATE: u32 = 24_000;

/// A sine of `hz` that starts at `degrees`, at the level of its own waveform in dBFS,
/// faded in and out over 0.1 s.
fn true_peak(hz: f64, degrees: f64, amplitude: f64) -> f64 {
    let seconds = 4.0;
    let sine = |n: usize| {
        let t = n as f64 / f64::from(PEAK_RATE);
        let fade = (10.0 * t.min(seconds - t)).clamp(0.0, 1.0);
        let phase = 2.0 * std::f64::consts::PI * hz * t + degrees.to_radians();
        (amplitude * fade * phase.sin()) as f32
    };
    let samples: Vec<f32> = (0..(seconds * f64::from(PEAK_RATE)) as usize)
        .map(sine)
        .collect();
    let pcm = Pcm::new(vec![samples.clone(), samples], PEAK_RATE).unwrap();
    Signal::from_pcm(&pcm).unwrap().loudness.true_peak_dbtp
}

/// The samples of these sines miss their peaks by up to 3 dB.
#[test]
fn tech_3341_cases_15_to_19_find_the_true_peak() {
    let rate = f64::from(PEAK_RATE);
    let cases = [
        (rate / 4.0, 0.0, 0.5, -6.0),
        (rate / 4.0, 45.0, 0.5, -6.0),
        (rate / 6.0, 60.0, 0.5, -6.0),
        (rate / 8.0, 67.5, 0.5, -6.0),
        (rate / 4.0, 45.0, 1.41, 3.0),
    ];
    for (hz, degrees, amplitude, expected) in cases {
        let peak = true_peak(hz, degrees, amplitude);
        // The tolerance of Tech 3341, table 1.
        let within = (expected - 0.4..=expected + 0.2).contains(&peak);
        assert!(within, "{hz} Hz, {degrees} degrees: {peak} dBTP");
    }
}

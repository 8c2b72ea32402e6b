//! What must hold for any song, with stand-ins for the two judges that answer from
//! what they are shown.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use undertone::{AnalysisError, Intake, Pcm, Signal};

/// A deterministic tune: three decaying partials a note, a note each 0.3 s.
fn tune(rate: u32, seconds: f64) -> Vec<f32> {
    let notes = [220.0, 277.2, 329.6, 440.0, 329.6, 277.2];
    (0..(seconds * f64::from(rate)) as usize)
        .map(|n| {
            let t = n as f64 / f64::from(rate);
            let hz = notes[(t / 0.3) as usize % notes.len()];
            let decay = (-6.0 * (t % 0.3)).exp();
            let partials = (1..=3).map(|k| {
                let k = f64::from(k);
                (2.0 * std::f64::consts::PI * k * hz * t).sin() / (k * k)
            });
            (0.3 * decay * partials.sum::<f64>()) as f32
        })
        .collect()
}

fn signal(channels: Vec<Vec<f32>>, rate: u32) -> Result<Signal, AnalysisError> {
    Signal::from_pcm(&Pcm::new(channels, rate)?)
}

fn kind(result: Result<Signal, AnalysisError>) -> &'static str {
    result.map_or_else(|error| error.kind(), |_| "ok")
}

#[test]
fn every_supported_rate_gives_the_same_length() {
    for rate in [
        8_000, 11_025, 16_000, 22_050, 44_100, 44_101, 48_000, 96_000, 192_000,
    ] {
        let signal = signal(vec![tune(rate, 3.5)], rate).unwrap();
        let end_s = signal.start_s + signal.samples.len() as f64 / 16_000.0;
        assert!((end_s - 3.5).abs() < 0.01, "{rate} Hz: {end_s}");
        assert!((signal.duration_s - 3.5).abs() < 1e-3);
    }
}

#[test]
fn any_length_in_any_chunks_is_the_same_signal() {
    let tune = tune(44_100, 3.3);
    let whole = signal(vec![tune.clone()], 44_100).unwrap();
    for chunk in [1_001, 4_410, 65_537] {
        let mut intake = Intake::new(44_100, 1).unwrap();
        for part in tune.chunks(chunk) {
            intake.push(&[part]).unwrap();
        }
        assert_eq!(intake.finish().unwrap().samples, whole.samples, "{chunk}");
    }
}

#[test]
fn the_volume_knob_and_the_channels_change_nothing() {
    let tune = tune(44_100, 4.0);
    let reference = signal(vec![tune.clone()], 44_100).unwrap().samples;
    let scaled = |gain: f32| tune.iter().map(|s| gain * s).collect::<Vec<_>>();
    let versions = [
        vec![scaled(0.05)],
        vec![scaled(4.0)],
        vec![tune.clone(), tune.clone()],
        vec![tune.clone(); 8],
    ];
    for version in versions {
        let samples = signal(version, 44_100).unwrap().samples;
        let worst = samples
            .iter()
            .zip(&reference)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(worst < 1e-4, "{worst}");
    }
}

#[test]
fn what_is_not_a_song_is_named() {
    let tune = tune(44_100, 4.0);
    let opposite: Vec<f32> = tune.iter().map(|s| -s).collect();
    let mut broken = tune.clone();
    broken[100] = f32::NAN;
    let mut loud = tune.clone();
    loud[100] = f32::INFINITY;
    let silence = vec![0.0; 4 * 44_100];
    let dither: Vec<f32> = tune.iter().map(|s| 1e-4 * s).collect();
    assert_eq!(kind(signal(vec![], 44_100)), "unsupported-channels");
    assert_eq!(
        kind(signal(vec![vec![]; 33], 44_100)),
        "unsupported-channels"
    );
    assert_eq!(kind(signal(vec![vec![]], 44_100)), "empty");
    assert_eq!(kind(signal(vec![tune.clone()], 1)), "unsupported-rate");
    assert_eq!(
        kind(signal(vec![tune.clone()], 400_000)),
        "unsupported-rate"
    );
    assert_eq!(
        kind(signal(vec![tune[..22_050].to_vec()], 44_100)),
        "too-short"
    );
    assert_eq!(
        kind(signal(vec![tune.clone(), vec![]], 44_100)),
        "unequal-channels"
    );
    assert_eq!(kind(signal(vec![broken], 44_100)), "not-finite");
    assert_eq!(kind(signal(vec![loud], 44_100)), "not-finite");
    assert_eq!(kind(signal(vec![silence], 44_100)), "silent");
    assert_eq!(kind(signal(vec![dither], 44_100)), "silent");
    assert_eq!(kind(signal(vec![tune, opposite], 44_100)), "cancelling");
}

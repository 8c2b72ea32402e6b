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
}

fn worst(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, f32::max)
}

fn times(samples: &[f32], gain: f32) -> Vec<f32> {
    samples.iter().map(|sample| gain * sample).collect()
}

#[test]
fn a_song_that_cancels_out_in_the_mean_is_heard() {
    let tune = tune(44_100, 8.0);
    let reference = signal(vec![tune.clone()], 44_100).unwrap().samples;
    let opposite = times(&tune, -1.0);
    let turned = signal(vec![tune.clone(), opposite.clone()], 44_100).unwrap();
    assert!(worst(&turned.samples, &reference) < 1e-4);
    // What a codec leaves on each channel is not heard instead.
    let noise = |seed: u32| {
        let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let states = std::iter::successors(Some(seed), next);
        states.map(|state| 1e-3 * (state as f32 / (1_u32 << 31) as f32 - 1.0))
    };
    let add = |samples: &[f32], seed: u32| -> Vec<f32> {
        samples
            .iter()
            .zip(noise(seed))
            .map(|(s, n)| s + n)
            .collect()
    };
    let coded = signal(vec![add(&tune, 1), add(&opposite, 2)], 44_100).unwrap();
    assert!(worst(&coded.samples, &reference) < 0.02);
    // In surround, the front against the back.
    let quad = vec![tune.clone(), tune, opposite.clone(), opposite];
    let quad = signal(quad, 44_100).unwrap();
    assert!(worst(&quad.samples, &reference) < 1e-4);
}

/// Cancels out in its second third.
#[test]
fn what_cancels_out_in_any_chunks_is_the_same_signal() {
    let left = tune(22_050, 10.0);
    let mut right = left.clone();
    for sample in &mut right[66_150..140_000] {
        *sample *= -1.0;
    }
    let whole = signal(vec![left.clone(), right.clone()], 22_050).unwrap();
    for chunk in [997, 66_150, 200_000] {
        let mut intake = Intake::new(22_050, 2).unwrap();
        for (left, right) in left.chunks(chunk).zip(right.chunks(chunk)) {
            intake.push(&[left, right]).unwrap();
        }
        assert_eq!(intake.finish().unwrap(), whole, "{chunk}");
    }
}

#[test]
fn one_sample_or_a_thump_does_not_drown_the_song() {
    let tune = tune(44_100, 10.0);
    let reference = signal(vec![tune.clone(); 2], 44_100).unwrap();
    let length = reference.sounding_s;
    for gain in [1.0, 1e-3] {
        let quiet = times(&tune, gain);
        for spike in [3e38, -50.0, 0.9] {
            let mut left = quiet.clone();
            left[200_000] = spike;
            let heard = signal(vec![left, quiet.clone()], 44_100).unwrap();
            assert!((heard.sounding_s - length).abs() < 0.1, "{spike} in {gain}");
            assert_eq!(heard.clipped, usize::from(spike.abs() > 16.0));
        }
        for at in [0, 22_000, 350_000] {
            let mut thump = quiet.clone();
            for (n, sample) in thump[at..at + 441].iter_mut().enumerate() {
                *sample += 0.9 * (0.05 * n as f32).sin();
            }
            let heard = signal(vec![thump; 2], 44_100).unwrap();
            assert!((heard.sounding_s - length).abs() < 0.1, "{at} in {gain}");
            // Away from the thump it is the song at its own level.
            let level = |signal: &Signal, from_s: f64| {
                let from = ((from_s - signal.start_s) * 16_000.0) as usize;
                let part = &signal.samples[from..from + 16_000];
                part.iter().map(|s| s * s).sum::<f32>().sqrt()
            };
            let ratio = level(&heard, 4.0) / level(&reference, 4.0);
            assert!((0.8..1.25).contains(&ratio), "{at} in {gain}: {ratio}");
        }
    }
}

#[test]
fn another_full_scale_is_another_volume() {
    let tune = tune(44_100, 4.0);
    let reference = signal(vec![tune.clone()], 44_100).unwrap();
    let integers = signal(vec![times(&tune, 32_768.0)], 44_100).unwrap();
    assert_eq!(integers.clipped, 0);
    assert!(worst(&integers.samples, &reference.samples) < 1e-4);
}

#[test]
fn an_offset_is_no_sound() {
    let tune = tune(44_100, 6.0);
    let shifted = |samples: &[f32], offset: f32| -> Vec<f32> {
        samples.iter().map(|sample| sample + offset).collect()
    };
    let dither: Vec<f32> = tune.iter().map(|s| 1e-4 * s).collect();
    for offset in [0.01, -0.5] {
        let blank = signal(vec![shifted(&dither, offset); 2], 44_100);
        assert_eq!(kind(blank), "silent", "{offset}");
    }
    let reference = signal(vec![tune.clone()], 44_100).unwrap();
    let heard = signal(vec![shifted(&tune, 0.5)], 44_100).unwrap();
    assert!((heard.sounding_s - reference.sounding_s).abs() < 0.1);
    // One click in a blank recording.
    let mut click = vec![0.0; 6 * 44_100];
    click[100_000] = 1.0;
    assert_eq!(kind(signal(vec![click], 44_100)), "silent");
}

#[test]
fn silent_stretches_are_known_by_their_time() {
    let tune = tune(44_100, 10.0);
    let gap = vec![0.0; 20 * 44_100];
    let hiss: Vec<f32> = times(&tune, 1e-3)
        .into_iter()
        .cycle()
        .take(gap.len())
        .collect();
    for gap in [gap, hiss] {
        for gain in [0.05, 4.0] {
            let song = times(&[&tune[..], &gap, &tune].concat(), gain);
            let signal = signal(vec![song], 44_100).unwrap();
            assert_eq!(signal.silence.stretches().len(), 1);
            let silent_s = (signal.samples.len() - signal.sounding().len()) as f64 / 16_000.0;
            assert!((silent_s - 20.0).abs() < 0.3, "{silent_s}");
            let silent = |from_s: f64, to_s: f64| {
                let sample = |seconds: f64| ((seconds - signal.start_s) * 16_000.0) as usize;
                signal.silence.is_most_of(sample(from_s)..sample(to_s))
            };
            assert!(silent(10.5, 11.5) && silent(29.0, 29.9));
            assert!(!silent(8.5, 9.5) && !silent(30.2, 31.2));
            assert!(!silent(29.5, 31.0) && silent(9.8, 11.0));
            assert!(!silent(39.0, 49.0));
        }
    }
    let whole = signal(vec![tune], 44_100).unwrap();
    assert!(whole.silence.is_empty() && whole.sounding().len() == whole.samples.len());
}

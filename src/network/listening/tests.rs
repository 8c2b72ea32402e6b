//! Networks that answer with what the spectrogram shows.

use ndarray::ArrayView2;

use super::*;
use crate::network::made_up::MadeUp;

/// Calls the level of each second its sadness.
fn level(most_windows: usize) -> impl MoodNetwork {
    let answer = |mel_db: ArrayView2<f32>, second: usize| {
        let mut row = [0.0; OUTPUTS];
        // The middle of the second, away from its neighbours.
        row[0] = mel_db[[20, second * 100 + 50]];
        row[Mood::COUNT + 2] = 5.0;
        row
    };
    let mut network = MadeUp::of(answer);
    network.card.most_windows = u32::try_from(most_windows).ok();
    network
}

/// A tone whose level in dB is that of each second.
fn tone(levels: &[f32]) -> Vec<f32> {
    // 880 Hz, the middle of the band that is looked at: 11 periods in 200 samples.
    let wave = |n: usize| (std::f32::consts::TAU * (n * 11 % 200) as f32 / 200.0).sin();
    let samples = levels.iter().enumerate().flat_map(|(second, level)| {
        let gain = 10_f32.powf(level / 20.0);
        (second * STEP..(second + 1) * STEP).map(move |n| gain * wave(n))
    });
    samples.collect()
}

/// What is below -60 dB is silent.
fn listening(levels: &[f32], most_windows: usize) -> Listening {
    let silent = levels
        .iter()
        .enumerate()
        .filter(|(_, level)| **level < -60.0);
    let silent = silent.map(|(second, _)| second * STEP..(second + 1) * STEP);
    let silence = Silence::at(silent.collect());
    Listening::of(&level(most_windows), &tone(levels), &silence).unwrap()
}

fn heard(levels: &[f32], most_windows: usize) -> Vec<Step> {
    listening(levels, most_windows).steps().collect()
}

#[test]
fn windows_lie_side_by_side_and_end_with_the_song() {
    assert_eq!(windows(1, 3), [0]);
    assert_eq!(windows(10, 3), [0]);
    assert_eq!(windows(20, 3), [0, 10]);
    assert_eq!(windows(23, 3), [0, 10, 13]);
    assert_eq!(windows(50, 3), [0, 20, 40]);
    assert_eq!(windows(600, 16).len(), 16);
    assert_eq!(windows(600, 16)[15], 590);
}

#[test]
fn a_short_song_starts_again() {
    let short = window(&[1.0, 2.0, 3.0], 0);
    assert_eq!((short.len(), short[3]), (WINDOW, 1.0));
    assert!(window(&[1.0], 7).is_empty());
    let steps = heard(&[-20.0, -14.0, -8.0], usize::MAX);
    assert_eq!(steps.len(), 3);
    for (step, expected) in steps.iter().zip([0.0, 6.0, 12.0]) {
        assert!((step.logits[0] - steps[0].logits[0] - expected).abs() < 0.2);
    }
}

#[test]
fn every_second_is_heard_once_in_its_place() {
    for seconds in [9, 10, 11, 19, 20, 34] {
        let levels: Vec<f32> = (0..seconds).map(|second| -(second as f32)).collect();
        let steps = heard(&levels, usize::MAX);
        assert_eq!(steps.len(), seconds);
        for (second, step) in steps.iter().enumerate() {
            let fall = steps[0].logits[0] - step.logits[0];
            assert!((fall - second as f32).abs() < 0.2, "{second}: {fall}");
            assert!(step.heard && step.sounds);
        }
    }
}

#[test]
fn what_lies_between_two_windows_is_drawn_between_their_ends() {
    // Level from 0 to 9 s, another from 30 s on; most windows 2.
    let mut levels = [-10.0; 40];
    levels[30..].fill(-20.0);
    let steps = heard(&levels, 2);
    assert_eq!(steps.len(), 40);
    for (second, step) in steps.iter().enumerate() {
        assert_eq!(step.heard, !(10..30).contains(&second), "{second}");
        let fall = steps[0].logits[0] - step.logits[0];
        let expected = 10.0 * (second as f32 - 9.0).clamp(0.0, 21.0) / 21.0;
        assert!((fall - expected).abs() < 0.2, "{second}: {fall}");
    }
}

#[test]
fn whoever_answers_and_whenever_the_song_is_the_same() {
    let levels: Vec<f32> = (0..57).map(|second| -((second * 7 % 20) as f32)).collect();
    let network = level(9);
    let (samples, silence) = (tone(&levels), Silence::at(Vec::new()));
    let alone = Listening::of(&network, &samples, &silence).unwrap();
    // So many workers, each of which has one window at a time; the last is done first.
    for workers in 1..=4 {
        let mut shared = Listening::new(&samples, &silence, 9);
        while shared.questions() > 0 {
            let asked: Vec<_> = (0..workers)
                .map(|_| shared.ask(&samples).unwrap())
                .collect();
            for question in asked.into_iter().flatten().rev() {
                let answer = network.run(question.mel_db.view()).unwrap();
                shared.answer(question.number, &answer);
            }
        }
        assert_eq!(shared.progress(), alone.progress());
        assert!(shared.steps().eq(alone.steps()), "{workers}");
        assert!(shared.windows().eq(alone.windows()), "{workers}");
        let bits = |bands: [f32; BANDS]| bands.map(f32::to_bits);
        assert_eq!(
            bits(shared.mean_bands()),
            bits(alone.mean_bands()),
            "{workers}"
        );
    }
}

#[test]
fn silence_weighs_nothing() {
    let song = [-14.0; 20];
    let mut gap = [-14.0; 30];
    gap[10..20].fill(-62.0);
    let (song, gap) = (listening(&song, 9), listening(&gap, 9));
    assert!((song.logits()[0] - gap.logits()[0]).abs() < 0.05);
    let kinds: Vec<Kind> = gap.steps().map(|step| step.kind(0.5)).collect();
    assert!(kinds[..10].iter().all(|kind| kind.is_music()));
    assert!(kinds[10..20].iter().all(|kind| *kind == Kind::Silence));
    assert_eq!(
        (gap.kind(0.5), listening(&[-90.0; 4], 9).kind(0.5)),
        (Kind::Music, Kind::Silence)
    );
}

//! Networks that are known to listen to one thing.

use std::ops::Range;

use ndarray::{ArrayView2, s};

use super::*;
use crate::audio::Silence;
use crate::explain::evidence::strongest;
use crate::network::made_up::MadeUp;
use crate::network::{MoodNetwork, OUTPUTS, STEP};

/// Happy by the mean of some mel rows.
fn listener(rows: Range<usize>) -> impl MoodNetwork {
    MadeUp::of(move |mel_db: ArrayView2<f32>, second: usize| {
        let mut row = [0.0; OUTPUTS];
        let heard = mel_db.slice(s![rows.clone(), second * 100..(second + 1) * 100]);
        row[Mood::Happy.index()] = heard.mean().unwrap_or(0.0);
        row
    })
}

/// Noise of all frequencies, ten times as loud in some seconds.
fn song(steps: usize, loud: Range<usize>) -> Vec<f32> {
    let mut state = 1_u32;
    let mut noise = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / f64::from(u32::MAX) - 0.5
    };
    let gain = |second| if loud.contains(&second) { 1.0 } else { 0.1 };
    (0..steps * STEP)
        .map(|n| (gain(n / STEP) * noise()) as f32)
        .collect()
}

fn covered(network: &dyn MoodNetwork, samples: &[f32]) -> (Stretch, Vec<BandEvidence>) {
    let listening = Listening::of(network, samples, &Silence::default()).unwrap();
    let stretch = strongest(listening.windows(), Mood::Happy);
    let mut occlusion = Occlusion::new(samples, &listening, stretch, Mood::Happy).unwrap();
    for band in 0..BANDS {
        assert_eq!(
            (occlusion.done(), occlusion.questions()),
            (band, BANDS - band)
        );
        let question = occlusion.ask().unwrap();
        let answer = network.run(question.mel_db.view()).unwrap();
        occlusion.answer(question.number, &answer);
    }
    assert_eq!((occlusion.done(), occlusion.ask()), (BANDS, None));
    (stretch, occlusion.into_bands())
}

#[test]
fn the_band_that_is_listened_to_is_found() {
    for band in 0..BANDS {
        let network = listener(nearest_row(band)..nearest_row(band + 1));
        for loud in [0, 12, 23] {
            let (stretch, bands) = covered(&network, &song(30, loud..loud + 7));
            assert_eq!((stretch.window + stretch.first, stretch.length), (loud, 7));
            // 20 dB louder than the rest, for 7 of 30 steps.
            let expected = 20.0 * 23.0 / 30.0;
            for (at, found) in bands.iter().enumerate() {
                let right = if at == band { expected } else { 0.0 };
                assert!((found.drop - right).abs() < 0.5, "{loud}: {found:?}");
            }
        }
    }
}

#[test]
fn who_listens_to_nothing_gives_zeros() {
    let (_, bands) = covered(&listener(0..0), &song(30, 4..20));
    assert_eq!(bands.len(), BANDS);
    assert!(bands.iter().all(|band| band.drop.abs() < f32::EPSILON));
}

#[test]
fn short_songs_are_one_window() {
    let network = listener(0..ROWS);
    for steps in [1, 2, 7, 9, 10, 11] {
        let (stretch, bands) = covered(&network, &song(steps, 0..1));
        assert_eq!(stretch.length, steps.min(7));
        assert!(bands.iter().all(|band| band.drop.is_finite()));
    }
}

#[test]
fn bands_lie_side_by_side_near_their_edges() {
    let (_, bands) = covered(&listener(0..1), &song(12, 0..7));
    for (at, band) in bands.iter().enumerate() {
        // Half a mel row.
        let nearest = 30.0 + 0.03 * EDGES_HZ[at];
        assert!((band.low_hz - EDGES_HZ[at]).abs() <= nearest, "{band:?}");
        assert!(band.high_hz > band.low_hz);
    }
    let pairs = bands.windows(2);
    assert!(
        pairs
            .into_iter()
            .all(|pair| (pair[0].high_hz - pair[1].low_hz).abs() < 1e-9)
    );
    assert!(bands[0].low_hz.abs() < 1e-9 && (bands[3].high_hz - 8_000.0).abs() < 1e-9);
}

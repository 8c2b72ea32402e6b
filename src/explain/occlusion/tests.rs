//! Networks that are known to listen to one thing.

use ndarray::ArrayView2;

use super::*;
use crate::explain::evidence::strongest;
use crate::network::OUTPUTS;

/// Happy by the mean of some mel rows.
struct Listener {
    rows: std::ops::Range<usize>,
}

impl MoodNetwork for Listener {
    fn run(&self, log_mel: ArrayView2<f32>) -> Result<Array2<f32>, ModelError> {
        let steps = log_mel.nrows() / STEP_FRAMES;
        let mut output = Array2::zeros((steps, OUTPUTS));
        for (step, mut row) in output.outer_iter_mut().enumerate() {
            let frames = step * STEP_FRAMES..(step + 1) * STEP_FRAMES;
            let heard = log_mel.slice(s![frames, self.rows.clone()]);
            row[Mood::Happy.index()] = heard.mean().unwrap_or(0.0);
        }
        Ok(output)
    }

    fn id(&self) -> &'static str {
        "listener"
    }

    fn temperature(&self) -> f32 {
        1.0
    }
}

/// Silence but for some steps, where all rows are 3.
fn song(steps: usize, loud: std::ops::Range<usize>) -> Array2<f32> {
    let mut log_mel = Array2::zeros((steps * STEP_FRAMES + 5, N_MELS));
    let frames = loud.start * STEP_FRAMES..loud.end * STEP_FRAMES;
    log_mel.slice_mut(s![frames, ..]).fill(3.0);
    log_mel
}

fn covered(network: &Listener, log_mel: &Array2<f32>) -> ((usize, usize), Vec<BandEvidence>) {
    let heard = network.run(log_mel.slice(s![..log_mel.nrows() / STEP_FRAMES * STEP_FRAMES, ..]));
    let steps: Vec<_> = network::steps(&heard.unwrap()).collect();
    let stretch = strongest(&margins(&steps, Mood::Happy));
    let mut occlusion = Occlusion::new(log_mel, stretch, Mood::Happy);
    for step in 0..Occlusion::STEPS {
        assert_eq!(occlusion.done(), step);
        occlusion.step(network, log_mel).unwrap();
    }
    occlusion.step(network, log_mel).unwrap();
    assert_eq!(occlusion.done(), Occlusion::STEPS);
    (stretch, occlusion.into_bands())
}

#[test]
fn the_band_that_is_listened_to_is_found() {
    for band in 0..BANDS {
        let network = Listener {
            rows: nearest_row(band)..nearest_row(band + 1),
        };
        for loud in [0, 8, 23] {
            let log_mel = song(30, loud..loud + 7);
            let (stretch, bands) = covered(&network, &log_mel);
            assert_eq!(stretch, (loud, 7));
            // All rows are at 3 for 7 of 30 steps and 5 frames.
            let expected = 3.0 - 3.0 * (7 * STEP_FRAMES) as f32 / log_mel.nrows() as f32;
            for (at, found) in bands.iter().enumerate() {
                let right = if at == band { expected } else { 0.0 };
                assert!((found.drop - right).abs() < 1e-4, "{loud}: {found:?}");
            }
        }
    }
}

#[test]
fn who_listens_to_nothing_gives_zeros() {
    let (_, bands) = covered(&Listener { rows: 0..0 }, &song(30, 4..20));
    assert_eq!(bands.len(), BANDS);
    assert!(bands.iter().all(|band| band.drop.abs() < f32::EPSILON));
}

#[test]
fn short_songs_are_one_window() {
    let network = Listener { rows: 0..N_MELS };
    for steps in [1, 2, 7, 9, 10, 11] {
        let (stretch, bands) = covered(&network, &song(steps, 0..1));
        assert_eq!(stretch.1, steps.min(7));
        assert!(bands.iter().all(|band| band.drop.is_finite()));
    }
}

#[test]
fn bands_lie_side_by_side_near_their_edges() {
    let (_, bands) = covered(&Listener { rows: 0..1 }, &song(12, 0..7));
    for (at, band) in bands.iter().enumerate() {
        assert!(
            (band.low_hz - EDGES_HZ[at]).abs() <= 0.04 * EDGES_HZ[at],
            "{band:?}"
        );
        assert!(band.high_hz > band.low_hz);
    }
    assert!(
        bands
            .windows(2)
            .all(|pair| (pair[0].high_hz - pair[1].low_hz).abs() < 1e-9)
    );
    assert!(bands[0].low_hz.abs() < 1e-9 && (bands[5].high_hz - 8_000.0).abs() < 1e-9);
}

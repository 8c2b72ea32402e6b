//! Where the labels of time and frequency axes stand.

/// Steps between time labels in seconds, as on a clock.
const TIME_STEPS: [f64; 11] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0,
];

/// Labels of a time axis: seconds, from 0, evenly spaced on round times, at most
/// `most` intervals where a step of half an hour allows it.
#[must_use]
pub fn time_ticks(duration_s: f64, most: usize) -> Vec<f64> {
    if !duration_s.is_finite() || duration_s <= 0.0 {
        return vec![0.0];
    }
    let least = duration_s / most.max(1) as f64;
    let step = TIME_STEPS
        .into_iter()
        .find(|step| *step >= least)
        .unwrap_or(TIME_STEPS[TIME_STEPS.len() - 1]);
    (0..=(duration_s / step) as usize)
        .map(|i| i as f64 * step)
        .collect()
}

/// Height of a frequency on the spectrogram, from 0 (0 Hz) to 1 (`top_hz`), on Slaney's
/// mel scale: linear to 1 kHz, then logarithmic (Auditory Toolbox, 1998).
#[must_use]
pub fn mel_height(hz: f64, top_hz: f64) -> f64 {
    slaney_mel(hz) / slaney_mel(top_hz)
}

/// Slaney's mel scale: 15 mel at 1 kHz, above it 27 steps for each factor of 6.4.
fn slaney_mel(hz: f64) -> f64 {
    if hz < 1000.0 {
        hz * 3.0 / 200.0
    } else {
        15.0 + (hz / 1000.0).ln() * 27.0 / 6.4_f64.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_ticks_are_few_and_within_the_song() {
        for duration in [3.0, 29.9, 213.4, 5400.0] {
            let ticks = time_ticks(duration, 6);
            assert!(
                ticks.len() <= 7 && ticks.len() >= 2,
                "{duration}: {ticks:?}"
            );
            assert!(ticks.iter().all(|tick| *tick <= duration));
        }
        assert_eq!(time_ticks(f64::NAN, 6), [0.0]);
    }

    #[test]
    fn mel_heights_rise_to_one() {
        let heights = [0.0, 500.0, 1000.0, 4000.0, 8000.0].map(|hz| mel_height(hz, 8000.0));
        assert!(heights.is_sorted());
        assert!(heights[0].abs() < 1e-12 && (heights[4] - 1.0).abs() < 1e-12);
    }
}

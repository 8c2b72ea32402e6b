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
    let whole = Window {
        start_s: 0.0,
        span_s: duration_s,
    };
    whole.ticks(most)
}

/// The least round step that parts a span into at most `most` intervals.
fn time_step(span_s: f64, most: usize) -> f64 {
    let least = span_s / most.max(1) as f64;
    TIME_STEPS
        .into_iter()
        .find(|step| *step >= least)
        .unwrap_or(TIME_STEPS[TIME_STEPS.len() - 1])
}

/// Lowest and highest frequency of the spectrogram, in Hz: the lowest octave holds less
/// than two mel bands, and above the highest nothing was measured.
const BOTTOM_HZ: f64 = 62.5;
const TOP_HZ: f64 = 8000.0;

/// Height of a frequency on the spectrogram, from 0 to 1: each octave is as high as the
/// others.
#[must_use]
pub fn octave_height(hz: f64) -> f64 {
    (hz / BOTTOM_HZ).ln() / (TOP_HZ / BOTTOM_HZ).ln()
}

/// The mel band at that height of the spectrogram, of `bands` up to [`TOP_HZ`], with its
/// fraction: band `i` of librosa's filters has its middle at `i + 1` of `bands + 1` steps.
#[must_use]
pub fn band_at(height: f64, bands: usize) -> f64 {
    let hz = BOTTOM_HZ * (TOP_HZ / BOTTOM_HZ).powf(height);
    slaney_mel(hz) / slaney_mel(TOP_HZ) * (bands + 1) as f64 - 1.0
}

/// A part of the song that a picture shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Its start in seconds.
    pub start_s: f64,
    /// Its length in seconds.
    pub span_s: f64,
}

impl Window {
    /// The part, one of `zoom` of the song's, in which `at_s` lies.
    #[must_use]
    pub fn around(at_s: f64, duration_s: f64, zoom: u32) -> Self {
        let span_s = duration_s.max(f64::MIN_POSITIVE) / f64::from(zoom.max(1));
        let last = f64::from(zoom.max(1) - 1);
        let part = (at_s / span_s).floor().clamp(0.0, last);
        Self {
            start_s: part * span_s,
            span_s,
        }
    }

    /// The second at that share of the window.
    #[must_use]
    pub fn at(self, share: f64) -> f64 {
        self.start_s + share.clamp(0.0, 1.0) * self.span_s
    }

    /// The share of the window at which a second lies, 0 to 1 within it.
    #[must_use]
    pub fn share(self, seconds: f64) -> f64 {
        (seconds - self.start_s) / self.span_s
    }

    /// Labels of a time axis under it; see [`time_ticks`].
    #[must_use]
    pub fn ticks(self, most: usize) -> Vec<f64> {
        let step = time_step(self.span_s, most);
        let first = (self.start_s / step).ceil() as usize;
        let last = ((self.start_s + self.span_s) / step).floor() as usize;
        (first..=last).map(|i| i as f64 * step).collect()
    }
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
    fn octaves_are_equally_high_and_end_with_the_bands() {
        let heights = [62.5, 125.0, 250.0, 4000.0, 8000.0].map(octave_height);
        let expected = [0.0, 1.0 / 7.0, 2.0 / 7.0, 6.0 / 7.0, 1.0];
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12;
        assert!(heights.iter().zip(&expected).all(near), "{heights:?}");
        // 1 kHz is 15 of 45.25 mel to 8 kHz.
        let middle = band_at(octave_height(1000.0), 96);
        assert!(
            (middle - (15.0 / 45.245_6 * 97.0 - 1.0)).abs() < 0.01,
            "{middle}"
        );
        assert!((band_at(1.0, 96) - 96.0).abs() < 1e-9);
        assert!(band_at(0.0, 96) > 0.0);
    }

    #[test]
    fn a_window_holds_what_it_is_around() {
        for (at_s, start_s) in [(0.0, 0.0), (29.9, 0.0), (30.0, 30.0), (120.0, 90.0)] {
            let window = Window::around(at_s, 120.0, 4);
            assert_eq!(
                window,
                Window {
                    start_s,
                    span_s: 30.0
                },
                "{at_s}"
            );
            assert!((window.at(window.share(at_s)) - at_s).abs() < 1e-9);
        }
        let window = Window::around(50.0, 120.0, 4);
        assert_eq!(window.ticks(3), [30.0, 40.0, 50.0, 60.0]);
    }
}

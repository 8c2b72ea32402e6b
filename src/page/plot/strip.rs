//! Shapes of the strips along the song and of bars to both sides of a middle.
//!
//! A strip is an SVG that is stretched over its box: time runs over [`WIDTH`] units
//! from left to right, values over [`HEIGHT`] units around [`MIDDLE`].

use std::fmt::Write;

/// Units from the start to the end of the song.
pub const WIDTH: f64 = 1000.0;
/// Units from top to bottom.
pub const HEIGHT: f64 = 100.0;
/// Where nothing speaks for or against.
pub const MIDDLE: f64 = HEIGHT / 2.0;
/// Ticks nearer than this many CSS pixels are a grey bar rather than ticks.
const LEAST_GAP_PX: f64 = 4.0;

/// A side of the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Above the middle, or to the right.
    For,
    /// Below the middle, or to the left.
    Against,
}

/// The value that fills a side: the greatest magnitude, but no less than `least`, so
/// that near nothing looks like near nothing.
#[must_use]
pub fn reach(values: impl IntoIterator<Item = f64>, least: f64) -> f64 {
    values
        .into_iter()
        .map(f64::abs)
        .filter(|value| value.is_finite())
        .fold(least, f64::max)
}

/// Start and length of a bar from the middle of its box, in percent of the box.
#[must_use]
pub fn bar(value: f64, reach: f64) -> [f64; 2] {
    let length = 50.0 * share(value, reach);
    [50.0 + length.min(0.0), length.abs()]
}

/// Where a time lies, in units.
#[must_use]
pub fn x_of(seconds: f64, duration_s: f64) -> f64 {
    if duration_s > 0.0 {
        (WIDTH * seconds / duration_s).clamp(0.0, WIDTH)
    } else {
        0.0
    }
}

/// The filled shape of one side of a step line: each of `steps` is a start, an end and
/// a value. Empty without steps.
#[must_use]
pub fn steps_path(
    steps: impl IntoIterator<Item = [f64; 3]>,
    duration_s: f64,
    reach: f64,
    side: Side,
) -> String {
    let mut path = String::new();
    let mut last = 0.0;
    for [start, end, value] in steps {
        let value = match side {
            Side::For => value.max(0.0),
            Side::Against => value.min(0.0),
        };
        let (from, to) = (x_of(start, duration_s), x_of(end, duration_s));
        if path.is_empty() {
            path = format!("M{from:.2} {MIDDLE}");
        }
        let y = MIDDLE * (1.0 - share(value, reach));
        // Writing into a string does not fail.
        let _ = write!(path, "L{from:.2} {y:.2}H{to:.2}");
        last = to;
    }
    if !path.is_empty() {
        let _ = write!(path, "L{last:.2} {MIDDLE}Z");
    }
    path
}

/// A line from top to bottom at each time.
#[must_use]
pub fn ticks_path(times_s: &[f64], duration_s: f64) -> String {
    times_s.iter().fold(String::new(), |mut path, time| {
        let _ = write!(path, "M{:.2} 0V{HEIGHT}", x_of(*time, duration_s));
        path
    })
}

/// Whether that many ticks can be told apart on that many CSS pixels.
#[must_use]
pub fn can_be_told_apart(ticks: usize, pixels: i32) -> bool {
    ticks > 0 && f64::from(pixels) >= LEAST_GAP_PX * ticks as f64
}

/// A value against the reach, in [-1, 1].
fn share(value: f64, reach: f64) -> f64 {
    if value.is_finite() && reach > 0.0 {
        (value / reach).clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [[f64; 3]; 3] = [[0.0, 1.0, 2.0], [1.0, 2.0, -1.0], [2.0, 3.0, 0.5]];

    #[test]
    fn bars_grow_from_the_middle() {
        let bars = [
            ((2.0, 4.0), [50.0, 25.0]),
            ((-4.0, 4.0), [0.0, 50.0]),
            ((-9.0, 4.0), [0.0, 50.0]),
            ((f64::NAN, 4.0), [50.0, 0.0]),
            ((1.0, 0.0), [50.0, 0.0]),
        ];
        for ((value, reach), [start, length]) in bars {
            let got = bar(value, reach);
            assert!(
                near(got[0], start) && near(got[1], length),
                "{value} of {reach}: {got:?}"
            );
        }
    }

    #[test]
    fn the_reach_is_the_greatest_magnitude() {
        assert!(near(reach([0.5, -2.0, f64::NAN], 1.0), 2.0));
        assert!(near(reach([], 1.0), 1.0));
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn each_side_shows_its_own_steps() {
        let above = steps_path(STEPS, 4.0, 2.0, Side::For);
        let flat = "L250.00 50.00H500.00";
        assert_eq!(
            above,
            format!("M0.00 50L0.00 0.00H250.00{flat}L500.00 37.50H750.00L750.00 50Z")
        );
        let below = steps_path(STEPS, 4.0, 2.0, Side::Against);
        assert!(below.contains("L250.00 75.00H500.00"), "{below}");
        assert_eq!(steps_path([], 4.0, 2.0, Side::For), "");
    }

    #[test]
    fn strips_end_with_the_song() {
        assert!(near(x_of(5.0, 4.0), WIDTH));
        assert!(near(x_of(5.0, 0.0), 0.0));
        assert_eq!(ticks_path(&[1.0, 2.0], 4.0), "M250.00 0V100M500.00 0V100");
    }

    #[test]
    fn dense_ticks_are_left_out() {
        assert!(can_be_told_apart(100, 400));
        assert!(!can_be_told_apart(101, 400));
        assert!(!can_be_told_apart(0, 400));
    }
}

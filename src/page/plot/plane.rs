//! The plane of arousal and valence as a picture.

use crate::mood::Affect;

/// Share of half the side that the plane's values take; the rest is margin.
const REACH: f64 = 0.94;

/// Where a song lies: shares of the picture's width, from the left, and height, from the top.
#[must_use]
pub fn place(affect: Affect) -> [f64; 2] {
    let share = |value: f32| f64::midpoint(1.0, f64::from(value.clamp(-1.0, 1.0)) * REACH);
    [share(affect.valence), 1.0 - share(affect.arousal)]
}

/// Whether that place lies within a rectangle of two opposite corners.
#[must_use]
pub fn is_within([x, y]: [f64; 2], corners: [[f64; 2]; 2]) -> bool {
    let between = |value: f64, a: f64, b: f64| (a.min(b)..=a.max(b)).contains(&value);
    let [[left, top], [right, bottom]] = corners;
    between(x, left, right) && between(y, top, bottom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pleasant_lies_to_the_right_and_excited_above() {
        let at = |valence, arousal| place(Affect { arousal, valence });
        let is_middle = |share: f64| (share - 0.5).abs() < 1e-9;
        assert!(at(0.0, 0.0).into_iter().all(is_middle));
        let [x, y] = at(1.0, 0.5);
        assert!(x > 0.9 && x < 1.0 && y < 0.5);
        assert!((at(-7.0, 0.0)[0] - at(-1.0, 0.0)[0]).abs() < 1e-9);
    }

    #[test]
    fn a_rectangle_has_any_two_corners() {
        for corners in [[[0.2, 0.2], [0.6, 0.6]], [[0.6, 0.2], [0.2, 0.6]]] {
            assert!(is_within([0.5, 0.5], corners));
            assert!(!is_within([0.7, 0.5], corners));
        }
    }
}

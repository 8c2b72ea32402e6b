//! What a teacher says, as targets beside the labels.

use std::collections::HashMap;

use crate::earlier::{STEP_FRAMES, WINDOW_FRAMES};
use anyhow::{Result, ensure};
use ndarray::{Array2, ArrayView2};

use crate::learn::teach::TOKEN_WIDTH;

/// Farthest from the mean that a target lies, in standard deviations.
const FARTHEST: f32 = 4.0;

/// A teacher's lessons, brought to zero mean and unit deviation over all of them.
#[derive(Debug, Clone, Default)]
pub struct Lessons {
    by_id: HashMap<String, Array2<f32>>,
    width: usize,
}

impl Lessons {
    /// Of raw lessons `[steps, width]` by name; mean and deviation come from `fitted`.
    ///
    /// # Errors
    /// Where a lesson is empty, has another width, or holds a value that is not finite.
    pub fn new(raw: HashMap<String, Array2<f32>>, fitted: &[&str]) -> Result<Self> {
        let width = raw.values().next().map_or(0, Array2::ncols);
        for (id, lesson) in &raw {
            ensure!(
                lesson.nrows() > 0 && lesson.ncols() == width,
                "the lesson of {id} is {:?}, expected [at least 1, {width}]",
                lesson.shape()
            );
            ensure!(
                lesson.iter().all(|value| value.is_finite()),
                "the lesson of {id} holds a value that is not a number"
            );
        }
        let (mut sums, mut squares) = (vec![0.0_f64; width], vec![0.0_f64; width]);
        let mut count = 0.0;
        for row in fitted
            .iter()
            .filter_map(|id| raw.get(*id))
            .flat_map(|lesson| lesson.rows())
        {
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(row) {
                *sum += f64::from(*value);
                *square += f64::from(*value).powi(2);
            }
            count += 1.0;
        }
        ensure!(width == 0 || count > 0.0, "no lesson is of a training song");
        let scale = |i: usize| {
            let mean = sums[i] / count;
            let deviation = (squares[i] / count - mean * mean).max(1e-12).sqrt();
            (mean as f32, deviation as f32)
        };
        let scales: Vec<(f32, f32)> = (0..width).map(scale).collect();
        let mut by_id = raw;
        for lesson in by_id.values_mut() {
            for mut row in lesson.rows_mut() {
                for (value, (mean, deviation)) in row.iter_mut().zip(&scales) {
                    *value = ((*value - mean) / deviation).clamp(-FARTHEST, FARTHEST);
                }
            }
        }
        Ok(Self { by_id, width })
    }

    /// Numbers of a step; 0 without lessons.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The lesson of that recording, `[steps, width]`.
    pub fn get(&self, id: &str) -> Option<&Array2<f32>> {
        self.by_id.get(id)
    }

    /// How the numbers of a step share in the loss: the tokens together as much as the
    /// moods together; the mean is 1.
    pub fn shares(&self) -> Vec<f32> {
        let tokens = TOKEN_WIDTH.min(self.width);
        let moods = self.width - tokens;
        let share = |count: usize| self.width as f32 / (2 * count.max(1)) as f32;
        if moods == 0 || tokens == 0 {
            return vec![1.0; self.width];
        }
        (0..self.width)
            .map(|i| share(if i < tokens { tokens } else { moods }))
            .collect()
    }
}

/// Appends the lesson of the window from frame `start` on to `out`, one row a step,
/// between two steps by straight lines. A song of `frames` frames that is shorter than
/// the window starts again at its end, as its frames do.
pub fn append_lesson(lesson: ArrayView2<f32>, frames: usize, start: usize, out: &mut Vec<f32>) {
    let last = lesson.nrows() - 1;
    for step in 0..WINDOW_FRAMES / STEP_FRAMES {
        let at = ((start + step * STEP_FRAMES) % frames) as f32 / STEP_FRAMES as f32;
        let (left, share) = ((at as usize).min(last), at.fract());
        let right = (left + 1).min(last);
        let pairs = lesson.row(left).into_iter().zip(lesson.row(right));
        out.extend(pairs.map(|(a, b)| a + share * (b - a)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_scaled_by_the_fitted_songs() -> Result<()> {
        let raw = HashMap::from([
            ("a".to_owned(), ndarray::array![[1.0_f32, 5.0], [3.0, 5.0]]),
            ("b".to_owned(), ndarray::array![[100.0_f32, 5.0]]),
        ]);
        let lessons = Lessons::new(raw.clone(), &["a"])?;
        assert_eq!(lessons.width(), 2);
        let a = lessons.get("a").map(|l| l.column(0).to_vec());
        assert_eq!(a, Some(vec![-1.0, 1.0]));
        let b = lessons.get("b").map(|l| l[[0, 0]]);
        assert_eq!(b, Some(FARTHEST));
        assert!(Lessons::new(raw, &["c"]).is_err());
        let bad = HashMap::from([("a".to_owned(), ndarray::array![[f32::NAN]])]);
        assert!(Lessons::new(bad, &["a"]).is_err());
        Ok(())
    }

    #[test]
    fn a_crop_between_steps_gets_what_lies_between() {
        let lesson = Array2::from_shape_fn((20, 1), |(step, _)| step as f32);
        let mut out = Vec::new();
        append_lesson(lesson.view(), 20 * STEP_FRAMES, STEP_FRAMES / 2, &mut out);
        let expected: Vec<f32> = (0..10_u8).map(|step| f32::from(step) + 0.5).collect();
        assert_eq!(out, expected);
        out.clear();
        append_lesson(lesson.view(), 5 * STEP_FRAMES, 0, &mut out);
        assert!(out[5].abs() < f32::EPSILON);
    }
}

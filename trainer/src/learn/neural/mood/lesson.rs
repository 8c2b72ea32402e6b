//! What a teacher says, as targets beside the labels.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use ndarray::{Array2, ArrayView2};
use undertone::network::{STEP_FRAMES, WINDOW_FRAMES};

use super::super::scale::Moments;

/// Farthest from the mean that a target lies, in standard deviations.
const FARTHEST: f32 = 4.0;

/// A teacher's lessons, brought to zero mean and unit deviation over all of them.
#[derive(Debug, Clone, Default)]
pub struct Lessons {
    by_id: HashMap<String, Array2<f32>>,
    /// How the numbers of a step share in the loss; the mean is 1.
    shares: Vec<f32>,
}

impl Lessons {
    /// Of raw lessons `[steps, width]` by name; mean and deviation come from `fitted`. The
    /// first `tokens` numbers of a step count in the loss as much as all the others.
    ///
    /// # Errors
    /// Where a lesson is empty, has another width, or holds a value that is not finite.
    pub fn new(raw: HashMap<String, Array2<f32>>, fitted: &[&str], tokens: usize) -> Result<Self> {
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
        let mut moments = Moments::new(width);
        let fitted: Vec<_> = fitted.iter().filter_map(|id| raw.get(*id)).collect();
        ensure!(
            width == 0 || !fitted.is_empty(),
            "no lesson is of a training song"
        );
        for row in fitted.iter().flat_map(|lesson| lesson.rows()) {
            moments.add(row);
        }
        let scale = |(mean, variance): (f64, f64)| (mean as f32, variance.max(1e-12).sqrt() as f32);
        let scales: Vec<(f32, f32)> = moments.columns().map(scale).collect();
        let mut by_id = raw;
        for lesson in by_id.values_mut() {
            for mut row in lesson.rows_mut() {
                for (value, (mean, deviation)) in row.iter_mut().zip(&scales) {
                    *value = ((*value - mean) / deviation).clamp(-FARTHEST, FARTHEST);
                }
            }
        }
        Ok(Self {
            by_id,
            shares: shares(width, tokens.min(width)),
        })
    }

    /// Numbers of a step; 0 without lessons.
    pub fn width(&self) -> usize {
        self.shares.len()
    }

    /// The lesson of that recording, `[steps, width]`.
    pub fn get(&self, id: &str) -> Option<&Array2<f32>> {
        self.by_id.get(id)
    }

    /// How the numbers of a step share in the loss; the mean is 1.
    pub fn shares(&self) -> &[f32] {
        &self.shares
    }
}

fn shares(width: usize, tokens: usize) -> Vec<f32> {
    let others = width - tokens;
    if others == 0 || tokens == 0 {
        return vec![1.0; width];
    }
    let share = |count: usize| width as f32 / (2 * count) as f32;
    (0..width)
        .map(|i| share(if i < tokens { tokens } else { others }))
        .collect()
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
        let lessons = Lessons::new(raw.clone(), &["a"], 2)?;
        assert_eq!(lessons.width(), 2);
        let a = lessons.get("a").map(|l| l.column(0).to_vec());
        assert_eq!(a, Some(vec![-1.0, 1.0]));
        let b = lessons.get("b").map(|l| l[[0, 0]]);
        assert_eq!(b, Some(FARTHEST));
        assert!(Lessons::new(raw, &["c"], 2).is_err());
        let bad = HashMap::from([("a".to_owned(), ndarray::array![[f32::NAN]])]);
        assert!(Lessons::new(bad, &["a"], 2).is_err());
        Ok(())
    }

    #[test]
    fn tokens_share_as_much_as_the_rest() {
        assert_eq!(shares(4, 1), [2.0, 2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0]);
        assert_eq!(shares(2, 2), [1.0, 1.0]);
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

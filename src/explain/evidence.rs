//! Where in the song the network's verdict comes from.

use serde::{Deserialize, Serialize};

use crate::mood::Mood;
use crate::network::{STEP_SECONDS, Step};

/// Steps of the strongest stretch: 7.2 s, about two phrases at 120 BPM; of a shorter
/// song all of it.
pub const STRETCH_STEPS: usize = 7;

/// What speaks for the verdict's mood, over time and over frequency.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// For each moment of the timeline, the logit of the verdict's mood less the mean
    /// of the other moods' logits. The song's logits are the mean of the moments', so
    /// the mean of these is exactly what the network had to say for the mood (before its
    /// temperature); the ensemble has its own say.
    pub moments: Vec<f32>,
    /// Start and end, in seconds from the start of the song, of the stretch of
    /// [`STRETCH_STEPS`] moments whose mean evidence is highest (the first of equals).
    pub strongest_s: [f64; 2],
    /// What each band of frequencies adds there, lowest first.
    pub bands: Vec<BandEvidence>,
}

/// One band of frequencies, covered up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BandEvidence {
    /// Lower edge in Hz.
    pub low_hz: f64,
    /// Upper edge in Hz.
    pub high_hz: f64,
    /// By how much the evidence for the mood, averaged over the strongest stretch, falls
    /// when each mel row of the band is replaced by its own mean over the song: above 0
    /// the band speaks for the mood, below 0 against it. In logits, as
    /// [`Evidence::moments`].
    pub drop: f32,
}

/// Evidence of some steps for a mood: its logit less the mean of the others', per step.
#[must_use]
pub fn margins(steps: &[Step], mood: Mood) -> Vec<f32> {
    let margin = |step: &Step| {
        let own = step.logits[mood.index()];
        let others = step.logits.iter().sum::<f32>() - own;
        own - others / (Mood::COUNT - 1) as f32
    };
    steps.iter().map(margin).collect()
}

/// Position of the first of the [`STRETCH_STEPS`] margins (or of all, if there are fewer)
/// whose mean is highest, and their number.
#[must_use]
pub fn strongest(margins: &[f32]) -> (usize, usize) {
    let length = STRETCH_STEPS.min(margins.len());
    let sums = margins
        .windows(length.max(1))
        .map(|w| w.iter().sum::<f32>());
    let first = sums
        .enumerate()
        .fold((0, f32::NEG_INFINITY), |best, (at, sum)| {
            if sum > best.1 { (at, sum) } else { best }
        });
    (first.0, length)
}

/// Start and end of a stretch of steps, in seconds from the start of the song.
#[must_use]
pub fn stretch_s((first, length): (usize, usize), start_s: f64) -> [f64; 2] {
    [first, first + length].map(|step| start_s + step as f64 * STEP_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mood::Affect;

    #[test]
    fn margins_average_to_what_decided() {
        let steps = [[1.0, 2.0, 3.0, 4.0], [0.5, -1.0, 0.0, 2.5]].map(|logits| Step {
            logits,
            affect: Affect::default(),
        });
        let got = margins(&steps, Mood::Calm);
        assert!((got[0] - (2.0 - 8.0 / 3.0)).abs() < 1e-6);
        let mean: Vec<f32> = (0..4)
            .map(|m| f32::midpoint(steps[0].logits[m], steps[1].logits[m]))
            .collect();
        let decided = mean[1] - (mean[0] + mean[2] + mean[3]) / 3.0;
        assert!((f32::midpoint(got[0], got[1]) - decided).abs() < 1e-6);
    }

    #[test]
    fn the_strongest_stretch_is_found_wherever_it_lies() {
        for start in [0, 4, 13] {
            let mut values = [0.1; 20];
            values[start..start + STRETCH_STEPS].fill(1.0);
            assert_eq!(strongest(&values), (start, STRETCH_STEPS));
        }
        assert_eq!(strongest(&[0.5; 12]), (0, STRETCH_STEPS));
        assert_eq!(strongest(&[-1.0, -2.0]), (0, 2));
        assert_eq!(strongest(&[]), (0, 0));
        let [from, to] = stretch_s((2, 5), 0.5);
        assert!((from - 2.548).abs() < 1e-9 && (to - 7.668).abs() < 1e-9);
    }
}

//! Where in the song the network's verdict comes from.

use serde::{Deserialize, Serialize};

use crate::mood::Mood;
use crate::network::{STEP_SECONDS, Step};

/// Steps of the strongest stretch: 7 s, about two phrases at 120 BPM; of a shorter song all
/// of it.
pub const STRETCH_STEPS: usize = 7;

/// What speaks for the verdict's mood, over time and over frequency.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// For each moment of the timeline, the logit of the verdict's mood less the mean
    /// of the other moods' logits; 0 where it is silent. The mean over the moments that the
    /// network heard is exactly what it had to say for the mood (before its temperature);
    /// the ensemble has its own say.
    pub moments: Vec<f32>,
    /// Start and end, in seconds from the start of the song, of the stretch of
    /// [`STRETCH_STEPS`] moments within one window of the network whose mean evidence is
    /// highest (the first of equals), among those with the fewest silent moments.
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
    /// when each mel row of the band is replaced by its own mean over what was heard: above 0
    /// the band speaks for the mood, below 0 against it. In logits, as
    /// [`Evidence::moments`].
    pub drop: f32,
}

/// Evidence of some steps for a mood: its logit less the mean of the others', per step; 0 for
/// a silent one.
pub fn margins(steps: impl IntoIterator<Item = Step>, mood: Mood) -> impl Iterator<Item = f32> {
    steps.into_iter().map(move |step| {
        let own = step.logits[mood.index()];
        let others = step.logits.iter().sum::<f32>() - own;
        let margin = own - others / (Mood::COUNT - 1) as f32;
        if step.sounds { margin } else { 0.0 }
    })
}

/// A stretch of steps within one window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stretch {
    /// First step of the window.
    pub window: usize,
    /// First step of the stretch within the window.
    pub first: usize,
    /// Number of its steps.
    pub length: usize,
    /// Mean evidence of the stretch.
    pub margin: f32,
}

impl Stretch {
    /// Start and end in seconds from the start of a song whose first step lies at `start_s`.
    #[must_use]
    pub fn place_s(self, start_s: f64) -> [f64; 2] {
        let first = self.window + self.first;
        [first, first + self.length].map(|step| start_s + step as f64 * STEP_SECONDS)
    }
}

/// The stretch of [`STRETCH_STEPS`] steps (or of all, if there are fewer) within one of the
/// windows (first step and answer) whose mean evidence for a mood is highest, the first of
/// equals, among those with the fewest silent steps.
pub fn strongest(windows: impl Iterator<Item = (usize, Vec<Step>)>, mood: Mood) -> Stretch {
    let mut best: Option<(usize, Stretch)> = None;
    for (window, steps) in windows {
        let length = STRETCH_STEPS.min(steps.len());
        for (first, stretch) in steps.windows(length.max(1)).enumerate() {
            let sounding = stretch.iter().filter(|step| step.sounds).count();
            let sum: f32 = margins(stretch.iter().copied(), mood).sum();
            let stretch = Stretch {
                window,
                first,
                length,
                margin: sum / length.max(1) as f32,
            };
            let better = best.is_none_or(|(most, best)| {
                sounding > most || sounding == most && stretch.margin > best.margin
            });
            if better {
                best = Some((sounding, stretch));
            }
        }
    }
    best.map_or_else(Stretch::default, |(_, stretch)| stretch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mood::Affect;

    fn step(logits: [f32; Mood::COUNT]) -> Step {
        Step {
            logits,
            rated: Affect::default(),
            kinds: [1.0, 0.0, 0.0, 0.0],
            heard: true,
            sounds: true,
        }
    }

    /// Windows of ten steps, side by side, whose evidence for calm is that.
    fn windows(margins: &[f32]) -> impl Iterator<Item = (usize, Vec<Step>)> {
        let steps = margins.chunks(10).enumerate();
        steps.map(|(window, margins)| {
            let steps = margins.iter().map(|margin| step([0.0, *margin, 0.0, 0.0]));
            (window * 10, steps.collect())
        })
    }

    #[test]
    fn margins_average_to_what_decided() {
        let steps = [[1.0, 2.0, 3.0, 4.0], [0.5, -1.0, 0.0, 2.5]].map(step);
        let got: Vec<f32> = margins(steps, Mood::Calm).collect();
        assert!((got[0] - (2.0 - 8.0 / 3.0)).abs() < 1e-6);
        let mean: Vec<f32> = (0..4)
            .map(|m| f32::midpoint(steps[0].logits[m], steps[1].logits[m]))
            .collect();
        let decided = mean[1] - (mean[0] + mean[2] + mean[3]) / 3.0;
        assert!((f32::midpoint(got[0], got[1]) - decided).abs() < 1e-6);
    }

    #[test]
    fn the_strongest_stretch_is_found_wherever_it_lies() {
        for start in [0, 3, 10, 12, 23] {
            let mut values = [0.1; 30];
            values[start..start + STRETCH_STEPS].fill(1.0);
            let found = strongest(windows(&values), Mood::Calm);
            assert_eq!((found.window + found.first, found.length), (start, 7));
            assert!((found.margin - 1.0).abs() < 1e-6);
            let place = found.place_s(0.5);
            assert!((place[0] - start as f64 - 0.5).abs() < 1e-9);
            assert!((place[1] - place[0] - 7.0).abs() < 1e-9);
        }
        let short = strongest(windows(&[-1.0, -2.0]), Mood::Calm);
        assert_eq!((short.first, short.length), (0, 2));
        assert_eq!(strongest(windows(&[]), Mood::Calm), Stretch::default());
    }

    #[test]
    fn silence_is_no_evidence() {
        let mut song: Vec<_> = windows(&[-1.0; 20]).collect();
        for step in &mut song[0].1 {
            step.sounds = false;
        }
        assert!(margins(song[0].1.clone(), Mood::Calm).all(|margin| margin.abs() < 1e-9));
        assert_eq!(strongest(song.into_iter(), Mood::Calm).window, 10);
    }
}

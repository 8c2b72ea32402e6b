//! The three questions that a mood label can answer.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use undertone::Mood;

/// What a system is trained to tell apart.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// The four moods: sad, calm, happy, energetic.
    Moods,
    /// The merged table of the study: sad, healing (calm), joyful (happy or energetic).
    ThreeClass,
    /// Negative (sad or calm) against positive (happy or energetic).
    Binary,
}

impl Task {
    /// All tasks, finest first.
    pub const ALL: [Self; 3] = [Self::Moods, Self::ThreeClass, Self::Binary];

    /// Names of the classes in the order of their numbers.
    pub const fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Moods => &["sad", "calm", "happy", "energetic"],
            Self::ThreeClass => &["sad", "healing", "joyful"],
            Self::Binary => &["negative", "positive"],
        }
    }

    /// Number of the class that a mood belongs to; the merging is that of
    /// [`undertone::MoodProbabilities::three_class`] and
    /// [`undertone::MoodProbabilities::binary`].
    pub const fn class_of(self, mood: Mood) -> usize {
        match self {
            Self::Moods => mood.index(),
            Self::ThreeClass => match mood {
                Mood::Sad => 0,
                Mood::Calm => 1,
                Mood::Happy | Mood::Energetic => 2,
            },
            Self::Binary => match mood {
                Mood::Sad | Mood::Calm => 0,
                Mood::Happy | Mood::Energetic => 1,
            },
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Moods => "moods",
            Self::ThreeClass => "three-class",
            Self::Binary => "binary",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_a_mood() {
        for task in Task::ALL {
            let mut seen: Vec<_> = Mood::ALL.map(|mood| task.class_of(mood)).into();
            seen.dedup();
            let all: Vec<_> = (0..task.classes().len()).collect();
            assert_eq!(seen, all, "{task}");
        }
    }
}

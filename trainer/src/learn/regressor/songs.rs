//! Songs with scores, measured.

use undertone::regressor::Target;

use crate::learn::classic::rows::{group_numbers, pick};
use crate::measured::example::Split;

/// A track of both tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    /// SHA-256 of the file's contents.
    pub content: String,
    /// Name of its group, as in the corpus.
    pub group: String,
    /// Side of the split.
    pub split: Split,
    /// Descriptors in natural units.
    pub descriptors: Vec<f64>,
    /// Scores in [0, 1], in the order of [`Songs::targets`].
    pub scores: Vec<f64>,
}

/// All songs that can be fitted on.
#[derive(Debug, Clone, Default)]
pub struct Songs {
    /// What there are scores of.
    pub targets: Vec<Target>,
    /// The songs.
    pub songs: Vec<Song>,
}

/// The same as columns, for one side of the split.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Descriptors `[song][descriptor]`.
    pub x: Vec<Vec<f64>>,
    /// Scores `[target][song]`.
    pub scores: Vec<Vec<f64>>,
    /// Number of each song's group.
    pub group: Vec<usize>,
}

impl Songs {
    /// The songs of one side, in their order.
    pub fn of(&self, split: Split) -> Vec<&Song> {
        let songs = self.songs.iter();
        songs.filter(|song| song.split == split).collect()
    }

    /// The columns of these songs.
    pub fn columns(&self, songs: &[&Song]) -> Columns {
        let scores = |target: usize| songs.iter().map(|song| song.scores[target]).collect();
        Columns {
            x: songs.iter().map(|song| song.descriptors.clone()).collect(),
            scores: (0..self.targets.len()).map(scores).collect(),
            group: group_numbers(songs.iter().map(|song| song.group.as_str())),
        }
    }
}

impl Columns {
    /// The songs at these positions.
    pub fn select(&self, at: &[usize]) -> Self {
        Self {
            x: pick(&self.x, at),
            scores: self.scores.iter().map(|scores| pick(scores, at)).collect(),
            group: pick(&self.group, at),
        }
    }

    /// Number of songs.
    pub fn len(&self) -> usize {
        self.x.len()
    }
}

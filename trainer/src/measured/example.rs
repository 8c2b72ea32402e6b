//! One recording as the learners see it.

use undertone::Mood;

use crate::songs::song::ARRANGED;

pub use crate::songs::song::Split;

/// A labelled recording with its measured inputs.
#[derive(Debug, Clone)]
pub struct Example {
    /// Unique name in the table of songs.
    pub id: String,
    /// Corpus that it comes from (`"emopia"`, `"music"`, a folder's name).
    pub corpus: String,
    /// Where its label comes from, as in the table (`"listeners"`, `"composer"`).
    pub label_kind: String,
    /// Song or artist: recordings of one group never stand on both sides of a split.
    pub group: String,
    /// Side of the split.
    pub split: Split,
    /// The label.
    pub mood: Mood,
    /// How much the label counts in a loss, in (0, 1].
    pub weight: f32,
    /// Values of [`undertone::features::Descriptors`], in the order of its `NAMES`.
    pub descriptors: Vec<f64>,
}

/// The part of the corpora that recordings of a corpus with that kind of label belong to,
/// whether or not they are arranged.
pub fn part(corpus: &str, label_kind: &str) -> String {
    let kind = label_kind.strip_suffix(ARRANGED).unwrap_or(label_kind);
    format!("{corpus}/{kind}")
}

/// Whether recordings of a corpus with that kind of label belong to `asked`, a corpus or a
/// [`part`].
pub fn is_of(corpus: &str, label_kind: &str, asked: &str) -> bool {
    corpus == asked || part(corpus, label_kind) == asked
}

impl Example {
    /// The part of the corpora that it belongs to: its corpus and the kind of its label
    /// (`"music/composer"`), whether or not it is arranged.
    pub fn part(&self) -> String {
        part(&self.corpus, &self.label_kind)
    }
}

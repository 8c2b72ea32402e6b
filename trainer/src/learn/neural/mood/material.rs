//! All that a network learns from.

use ndarray::{Array2, ArrayView2};
use undertone::Mood;

use super::lesson::Lessons;
use crate::measured::example::{Example, Split};

/// Labelled recordings, recordings without a label, and what a teacher says of both.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// Labelled recordings of both splits.
    pub examples: &'a [Example],
    /// Names and log-mel frames `[frames, bands]` of recordings without a label.
    pub unlabelled: &'a [(String, Array2<f32>)],
    /// What a teacher says of them, by name.
    pub lessons: &'a Lessons,
    /// The part ([`Example::part`]) that is left out of training and validation, so that
    /// the network can be asked about music of a kind that it never met.
    pub without: Option<&'a str>,
}

/// One recording to train on.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// Its name.
    pub id: &'a str,
    /// Log-mel frames `[frames, bands]`.
    pub log_mel: ArrayView2<'a, f32>,
    /// Its label, if it has one.
    pub label: Option<Label<'a>>,
}

/// What a recording is labelled.
#[derive(Debug, Clone, Copy)]
pub struct Label<'a> {
    /// The label.
    pub mood: Mood,
    /// How much it counts in the loss.
    pub weight: f32,
    /// The corpus that it is from.
    pub corpus: &'a str,
}

impl<'a> Material<'a> {
    /// What is trained on: examples of [`Split::Train`], then the recordings without a
    /// label of which the teacher has something to say.
    pub fn training(&self) -> Vec<Item<'a>> {
        let examples = self.of(Split::Train).into_iter().map(|example| Item {
            id: &example.id,
            log_mel: example.log_mel.view(),
            label: Some(Label {
                mood: example.mood,
                weight: example.weight,
                corpus: &example.corpus,
            }),
        });
        let unlabelled = self.unlabelled.iter();
        let taught = unlabelled.filter(|(id, _)| self.lessons.get(id).is_some());
        let unlabelled = taught.map(|(id, log_mel)| Item {
            id,
            log_mel: log_mel.view(),
            label: None,
        });
        examples.chain(unlabelled).collect()
    }

    /// What is validated on.
    pub fn validation(&self) -> Vec<&'a Example> {
        self.of(Split::Validation)
    }

    fn of(&self, split: Split) -> Vec<&'a Example> {
        let examples = self.examples.iter();
        examples
            .filter(|e| e.split == split && self.without.is_none_or(|part| !e.is_of(part)))
            .collect()
    }

    /// Labels alone.
    #[cfg(test)]
    pub fn of_examples(examples: &'a [Example], lessons: &'a Lessons) -> Self {
        Self {
            examples,
            unlabelled: &[],
            lessons,
            without: None,
        }
    }
}

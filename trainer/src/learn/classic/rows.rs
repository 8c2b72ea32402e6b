//! The learners' table: one row of numbers a recording, with label, weight and group.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Result, ensure};
use undertone::Mood;
use undertone::ensemble::scaler::{from_grid, to_grid};

use crate::measured::example::{Example, Split};

/// The values at these positions, in that order.
pub fn pick<T: Clone>(values: &[T], at: &[usize]) -> Vec<T> {
    at.iter().map(|&i| values[i].clone()).collect()
}

/// The numbers of groups, counted by the order of their names.
pub fn group_numbers<'a>(groups: impl Iterator<Item = &'a str> + Clone) -> Vec<usize> {
    let names: BTreeSet<&str> = groups.clone().collect();
    let numbers: HashMap<&str, usize> = names.into_iter().zip(0..).collect();
    groups.map(|name| numbers[name]).collect()
}

/// Squared Euclidean distance of two rows of one length.
pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum()
}

/// The validation examples with their positions.
pub fn validation(examples: &[Example]) -> impl Iterator<Item = (usize, &Example)> {
    let all = examples.iter().enumerate();
    all.filter(|(_, example)| example.split == Split::Validation)
}

/// Rows of numbers; all vectors have one entry a row.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Values `[row][input]`: natural units, or standard deviations once prepared.
    pub x: Vec<Vec<f64>>,
    /// Number of the row's class; for moods the index in [`Mood::ALL`].
    pub y: Vec<usize>,
    /// Number of classes, whether or not they all occur.
    pub n_classes: usize,
    /// How much the row counts, in (0, 1].
    pub weight: Vec<f64>,
    /// Number of the row's group.
    pub group: Vec<usize>,
}

/// The labels of a table.
#[derive(Debug, Clone, Copy)]
pub struct Classes<'a> {
    /// Number of each row's class.
    pub y: &'a [usize],
    /// Number of classes, whether or not they all occur.
    pub n: usize,
}

impl Classes<'_> {
    /// Number of rows of each class.
    pub fn counts(self) -> Vec<usize> {
        let mut counts = vec![0; self.n];
        for &class in self.y {
            counts[class] += 1;
        }
        counts
    }
}

impl Rows {
    /// Rows of the training split, in natural units.
    ///
    /// # Errors
    /// Where there is none, or as [`Self::of`].
    pub fn of_training(examples: &[Example]) -> Result<Self> {
        let train = examples.iter().filter(|e| e.split == Split::Train);
        let train: Vec<&Example> = train.collect();
        ensure!(!train.is_empty(), "no training examples");
        Self::of(&train)
    }

    /// The rows of these examples, in their order.
    ///
    /// # Errors
    /// Where descriptors differ in number or are not finite, or a weight is out of
    /// (0, 1].
    pub fn of(examples: &[&Example]) -> Result<Self> {
        let mut rows = Self {
            n_classes: Mood::COUNT,
            group: group_numbers(examples.iter().map(|example| example.group.as_str())),
            ..Self::default()
        };
        for example in examples {
            let (got, expected) = (example.descriptors.len(), examples[0].descriptors.len());
            ensure!(
                got == expected,
                "{}: {got} descriptors, expected {expected}",
                example.id
            );
            let bad = example.descriptors.iter().position(|v| !v.is_finite());
            ensure!(
                bad.is_none(),
                "{}: descriptor {bad:?} is not finite",
                example.id
            );
            ensure!(
                example.weight > 0.0 && example.weight <= 1.0,
                "{}: weight {}, expected more than 0 and at most 1",
                example.id,
                example.weight
            );
            rows.x.push(example.descriptors.clone());
            rows.y.push(example.mood.index());
            rows.weight.push(f64::from(example.weight));
        }
        Ok(rows)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Number of inputs of a row.
    pub fn n_inputs(&self) -> usize {
        self.x.first().map_or(0, Vec::len)
    }

    /// The labels alone.
    pub fn classes(&self) -> Classes<'_> {
        Classes {
            y: &self.y,
            n: self.n_classes,
        }
    }

    /// Number of rows of each class.
    pub fn counts(&self) -> Vec<usize> {
        self.classes().counts()
    }

    /// The rows at these positions, in that order.
    pub fn select(&self, at: &[usize]) -> Self {
        Self {
            x: pick(&self.x, at),
            y: pick(&self.y, at),
            n_classes: self.n_classes,
            weight: pick(&self.weight, at),
            group: pick(&self.group, at),
        }
    }

    /// The rows rounded to the grid that the file stores ([`to_grid`]).
    pub fn on_grid(mut self) -> Self {
        for value in self.x.iter_mut().flatten() {
            *value = from_grid(to_grid(*value));
        }
        self
    }
}

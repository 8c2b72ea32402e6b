//! The learners' table: one row of numbers a recording, with label, weight and group.

use anyhow::{Context, Result, ensure};
use smartcore::linalg::basic::matrix::DenseMatrix;
use undertone::Mood;
use undertone::ensemble::scaler::{from_grid, to_grid};

use crate::measured::example::Example;

/// Rows of numbers; all vectors have one entry a row.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Values `[row][input]`: natural units, or standard deviations after
    /// [`super::preparation::Preparation::apply`].
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
    /// The rows of these examples, in their order.
    ///
    /// # Errors
    /// Where descriptors differ in number or are not finite, or a weight is out of
    /// (0, 1].
    pub fn of(examples: &[&Example]) -> Result<Self> {
        let mut groups: Vec<&str> = examples.iter().map(|e| e.group.as_str()).collect();
        groups.sort_unstable();
        groups.dedup();
        let mut rows = Self {
            n_classes: Mood::COUNT,
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
            let group = groups.partition_point(|name| *name < example.group.as_str());
            rows.group.push(group);
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
            x: at.iter().map(|&i| self.x[i].clone()).collect(),
            y: at.iter().map(|&i| self.y[i]).collect(),
            n_classes: self.n_classes,
            weight: at.iter().map(|&i| self.weight[i]).collect(),
            group: at.iter().map(|&i| self.group[i]).collect(),
        }
    }

    /// The rows rounded to the grid that the file stores ([`to_grid`]).
    pub fn on_grid(mut self) -> Self {
        for value in self.x.iter_mut().flatten() {
            *value = from_grid(to_grid(*value));
        }
        self
    }

    /// The table as smartcore's matrix `[rows, inputs]`.
    ///
    /// # Errors
    /// Where there are no rows.
    pub fn matrix(&self) -> Result<DenseMatrix<f64>> {
        DenseMatrix::from_2d_vec(&self.x).context("making a matrix of the rows")
    }

    /// The labels as smartcore's classes.
    pub fn labels(&self) -> Vec<u32> {
        self.y.iter().map(|&class| class as u32).collect()
    }
}

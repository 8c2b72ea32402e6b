//! The learners' table: one row of numbers a recording, with label, weight and group.

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use smartcore::linalg::basic::matrix::DenseMatrix;
use undertone::Mood;
use undertone::ensemble::scaler::{StandardScaler, from_grid, to_grid};

use crate::example::Example;

/// Rows of descriptors; all vectors have one entry a row.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Descriptors `[row][input]`: natural units, or standard deviations after
    /// [`Rows::standardised`].
    pub x: Vec<Vec<f64>>,
    /// Index of the label in [`Mood::ALL`].
    pub y: Vec<usize>,
    /// How much the row counts, in (0, 1].
    pub weight: Vec<f64>,
    /// Number of the row's group.
    pub group: Vec<usize>,
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
        let mut rows = Self::default();
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

    /// Number of rows of each mood.
    pub fn counts(&self) -> [usize; Mood::COUNT] {
        let mut counts = [0; Mood::COUNT];
        for &mood in &self.y {
            counts[mood] += 1;
        }
        counts
    }

    /// The rows at these positions, in that order.
    pub fn select(&self, at: &[usize]) -> Self {
        Self {
            x: at.iter().map(|&i| self.x[i].clone()).collect(),
            y: at.iter().map(|&i| self.y[i]).collect(),
            weight: at.iter().map(|&i| self.weight[i]).collect(),
            group: at.iter().map(|&i| self.group[i]).collect(),
        }
    }

    /// Means and population standard deviations, as scikit-learn's
    /// `StandardScaler.fit`.
    pub fn scaler(&self) -> StandardScaler {
        let n = self.len() as f64;
        let columns = 0..self.x.first().map_or(0, Vec::len);
        let (mean, scale) = columns
            .map(|j| {
                let mean = self.x.iter().map(|row| row[j]).sum::<f64>() / n;
                let square = self.x.iter().map(|row| (row[j] - mean).powi(2));
                let std = (square.sum::<f64>() / n).sqrt();
                // A column that only rounding moves is constant.
                let constant = std <= 10.0 * f64::EPSILON * mean.abs().max(f64::MIN_POSITIVE);
                (mean, if constant { 1.0 } else { std })
            })
            .unzip();
        StandardScaler { mean, scale }
    }

    /// The rows in standard deviations, as the library will see them.
    ///
    /// # Errors
    /// Where the scaler is for another number of inputs.
    pub fn standardised(&self, scaler: &StandardScaler) -> Result<Self> {
        let rows = self.x.iter().map(|row| scaler.transform(row));
        let x = rows.collect::<Result<_, _>>().context("standardising")?;
        Ok(Self { x, ..self.clone() })
    }

    /// The rows rounded to the grid that the file stores ([`to_grid`]).
    pub fn on_grid(mut self) -> Self {
        for value in self.x.iter_mut().flatten() {
            *value = from_grid(to_grid(*value));
        }
        self
    }

    /// Keeps each row with its weight as probability: the way in which weights reach
    /// smartcore's trees, which know none. Rows of weight 1 always stay.
    pub fn thinned(&self, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let keep: Vec<usize> = (0..self.len())
            .filter(|&i| rng.random::<f64>() < self.weight[i])
            .collect();
        self.select(&keep)
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
        self.y.iter().map(|&mood| mood as u32).collect()
    }
}

//! What the numbers that a network looks at are brought to zero mean and unit deviation
//! with.

/// Sums from which the mean and the variance of columns follow.
#[derive(Debug, Clone)]
pub struct Moments {
    /// Sum and sum of squares of each column.
    sums: Vec<[f64; 2]>,
    rows: f64,
}

impl Moments {
    /// Of so many columns, before the first row.
    pub fn new(columns: usize) -> Self {
        Self {
            sums: vec![[0.0; 2]; columns],
            rows: 0.0,
        }
    }

    /// Adds a row.
    pub fn add<'v>(&mut self, row: impl IntoIterator<Item = &'v f32>) {
        for (sum, &value) in self.sums.iter_mut().zip(row) {
            let value = f64::from(value);
            sum[0] += value;
            sum[1] += value * value;
        }
        self.rows += 1.0;
    }

    /// Whether all numbers so far are finite.
    pub fn is_finite(&self) -> bool {
        self.sums.iter().flatten().all(|sum| sum.is_finite())
    }

    /// Mean and population variance of each column; NaN without rows.
    pub fn columns(&self) -> impl Iterator<Item = (f64, f64)> {
        self.sums.iter().map(|[sum, square]| {
            let mean = sum / self.rows;
            (mean, square / self.rows - mean * mean)
        })
    }
}

/// How the input of a network is scaled; see [`super::spec::Input`] for what has a scale of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Mean of each column.
    pub mean: Vec<f32>,
    /// Inverse of the standard deviations, as many or a single one.
    pub inverse: Vec<f32>,
}

impl Scale {
    /// From the moments of all training items, of [`super::spec::Input::columns`] columns.
    pub fn of(moments: &Moments) -> Self {
        let mean = moments.columns().map(|(mean, _)| mean as f32).collect();
        let inverse = moments.columns().map(|(mean, variance)| {
            let deviation = variance.max(0.0).sqrt();
            // A constant column has nothing to say, and must not become a large one.
            let varies = deviation > 1e-6 * mean.abs().max(1e-6);
            if varies {
                deviation.recip() as f32
            } else {
                0.0
            }
        });
        Self {
            inverse: inverse.collect(),
            mean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::Input;
    use super::*;

    fn scale(input: Input, rows: &[Vec<f32>]) -> Scale {
        let mut moments = Moments::new(input.columns());
        for row in rows.iter().flat_map(|row| row.chunks(input.columns())) {
            moments.add(row);
        }
        Scale::of(&moments)
    }

    #[test]
    fn features_are_scaled_one_by_one_and_spectrograms_as_a_whole() {
        let rows = [vec![1.0, 10.0, 5.0], vec![3.0, 30.0, 5.0]];
        let features = scale(Input::Features(3), &rows);
        assert_eq!(features.mean, [2.0, 20.0, 5.0]);
        assert_eq!(features.inverse, [1.0, 0.1, 0.0]);
        assert_eq!(scale(Input::Spectrogram([1, 3]), &rows).mean, [9.0]);
        assert_eq!(scale(Input::Sequence([2, 3]), &rows), features);
    }
}

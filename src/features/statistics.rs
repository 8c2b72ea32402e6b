//! Mean, spread and quantiles of frame values.

/// Mean and standard deviation of a stream (Welford's method).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    pub(super) fn push(&mut self, value: f64) {
        self.count += 1.0;
        let delta = value - self.mean;
        self.mean += delta / self.count;
        self.squares += delta * (value - self.mean);
    }

    /// Mean; 0 of nothing.
    pub(super) const fn mean(&self) -> f64 {
        self.mean
    }

    /// Standard deviation of the population; 0 of nothing.
    pub(super) fn std(&self) -> f64 {
        if self.count > 0.0 {
            (self.squares / self.count).sqrt()
        } else {
            0.0
        }
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|value| moments.push(value));
        moments
    }
}

/// Quantile `q` in [0, 1] with linear interpolation, as `numpy.quantile`; 0 of nothing.
pub(super) fn quantile(values: &mut [f64], q: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else {
        return 0.0;
    };
    values.sort_by(f64::total_cmp);
    let at = q * last as f64;
    let low = values[at.floor() as usize];
    let high = values[at.ceil() as usize];
    low + (high - low) * at.fract()
}

/// Pearson's correlation of two arrays; 0 where one of them is constant.
pub(super) fn correlation<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    let mean = |x: &[f64; N]| x.iter().sum::<f64>() / N as f64;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += (x - ma) * (y - mb);
        aa += (x - ma).powi(2);
        bb += (y - mb).powi(2);
    }
    let norm = (aa * bb).sqrt();
    if norm > 0.0 { ab / norm } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_population() {
        let moments: Moments = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
            .into_iter()
            .collect();
        assert!((moments.mean() - 5.0).abs() < 1e-12);
        assert!((moments.std() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn quantiles_interpolate_like_numpy() {
        let mut values = [3.0, 1.0, 2.0, 4.0];
        assert!((quantile(&mut values, 0.5) - 2.5).abs() < 1e-12);
        assert!((quantile(&mut values, 0.1) - 1.3).abs() < 1e-12);
        assert!(quantile(&mut [], 0.5).abs() < f64::EPSILON);
    }
}

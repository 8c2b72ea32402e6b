//! Rounding a matrix such that the errors of its weights make up for each other, given what it is
//! multiplied by (Frantar et al. 2022, "GPTQ: accurate post-training quantization for generative
//! pre-trained transformers"). The order of its steps is that of Babai's nearest plane, which
//! comes to the same and needs no inverse.

use ndarray::{Array2, Axis, s};
use smartcore::error::{Failed, FailedError};
use smartcore::linalg::basic::arrays::Array as _;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linalg::traits::cholesky::CholeskyDecomposable;

/// Added to the diagonal, as a share of its mean: inputs that hardly differ must not be divided
/// by.
const DAMPING: f64 = 0.005;

/// Rounds `weights`, `[inputs, columns]`, to whole numbers of `step`, which are returned. `moments`,
/// `[inputs, inputs]`, are the mean products of the inputs with each other; the mean squared error
/// of what the matrix gives is kept small.
///
/// # Errors
/// Where the moments are not those of numbers.
pub fn round(
    weights: &Array2<f64>,
    moments: &Array2<f64>,
    step: f64,
) -> Result<Array2<f64>, Failed> {
    // The last row is rounded first: it should be the one whose errors count most.
    let mut order: Vec<usize> = (0..weights.nrows()).collect();
    order.sort_by(|&a, &b| moments[[a, a]].total_cmp(&moments[[b, b]]));
    let upper = upper(&moments.select(Axis(0), &order).select(Axis(1), &order))?;

    let mut steps = Array2::zeros(weights.dim());
    let mut errors: Array2<f64> = Array2::zeros(weights.dim());
    for (at, &row) in order.iter().enumerate().rev() {
        let behind = upper.slice(s![at, at + 1..]);
        let made_up = behind.dot(&errors.slice(s![at + 1.., ..])) / upper[[at, at]];
        // What this row should be to make up for the rows that are rounded already.
        let wanted = &weights.row(row) + &made_up;
        let rounded = wanted.mapv(|weight| (weight / step).round());
        let error = &weights.row(row) - &(&rounded * step);
        errors.row_mut(at).assign(&error);
        steps.row_mut(row).assign(&rounded);
    }
    Ok(steps)
}

/// The upper triangle whose product with its own transpose, that first, is the matrix
/// (Cholesky).
fn upper(moments: &Array2<f64>) -> Result<Array2<f64>, Failed> {
    let size = moments.nrows();
    let damping = DAMPING * moments.diag().mean().unwrap_or_default();
    let damped = moments + &(Array2::<f64>::eye(size) * damping.max(f64::MIN_POSITIVE));
    if !damped.iter().all(|value| value.is_finite()) {
        let why = "the moments are no numbers";
        return Err(Failed::because(FailedError::DecompositionFailed, why));
    }
    let values = damped.iter().copied().collect();
    let upper = DenseMatrix::new(size, size, values, false)?.cholesky()?.U();
    Ok(Array2::from_shape_fn((size, size), |at| *upper.get(at)))
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;

    const STEP: f64 = 0.2;

    /// Inputs of which each is much like the one before, and weights.
    fn material() -> [Array2<f64>; 2] {
        let mut rng = StdRng::seed_from_u64(1);
        let mut drawn = |size| Array2::from_shape_fn(size, |_| rng.random_range(-1.0..1.0));
        let (mut inputs, weights) = (drawn((400, 24)), drawn((24, 6)));
        for column in 1..24 {
            let before = inputs.column(column - 1).to_owned() * 0.9;
            let mut column = inputs.column_mut(column);
            column *= 0.3;
            column += &before;
        }
        [inputs, weights]
    }

    #[test]
    fn errors_make_up_for_each_other() {
        let [inputs, weights] = material();
        let moments = inputs.t().dot(&inputs) / inputs.nrows() as f64;
        let error = |steps: &Array2<f64>| {
            let off = inputs.dot(&(&weights - &(steps * STEP)));
            off.mapv(|off| off * off).mean().unwrap()
        };
        let steps = round(&weights, &moments, STEP).unwrap();
        assert!(steps.iter().all(|steps| steps.fract() == 0.0));
        let nearest = (&weights / STEP).mapv(f64::round);
        let [made_up, nearest] = [error(&steps), error(&nearest)];
        assert!(
            made_up < 0.4 * nearest,
            "{made_up}, to the nearest {nearest}"
        );
    }

    #[test]
    fn weights_of_what_says_nothing_are_rounded_to_the_nearest() {
        let [_, weights] = material();
        let steps = round(&weights, &Array2::zeros((24, 24)), STEP).unwrap();
        assert_eq!(steps, (&weights / STEP).mapv(f64::round));
        assert!(round(&weights, &Array2::from_elem((24, 24), f64::NAN), STEP).is_err());
    }
}

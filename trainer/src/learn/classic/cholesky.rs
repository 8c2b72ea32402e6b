//! Linear equations, by smartcore's Cholesky decomposition.

use anyhow::{Context, Result};
use ndarray::Array2;
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linalg::traits::cholesky::CholeskyDecomposable;

/// The `x` of `a · x = b`, `[rows, targets]`; `a` is `[rows, rows]`, symmetric and
/// positive definite.
///
/// # Errors
/// Where the matrices are empty or do not fit, or `a` is not as it should be.
pub fn solve(a: &Array2<f64>, b: &Array2<f64>) -> Result<Array2<f64>> {
    let dense = |matrix: &Array2<f64>| {
        let values = matrix.iter().copied().collect();
        DenseMatrix::new(matrix.nrows(), matrix.ncols(), values, false)
    };
    let solved = dense(a)?.cholesky_solve_mut(dense(b)?);
    let solved = solved.context("solving for the coefficients")?;
    Ok(Array2::from_shape_fn(b.raw_dim(), |at| *solved.get(at)))
}

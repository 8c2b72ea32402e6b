//! Fits the multinomial logistic regression of [`undertone::ensemble::stack`] by
//! smartcore: the combiner, and the baseline that every model must beat.

use anyhow::{Context, Result, ensure};
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{
    LogisticRegression as SmartcoreRegression, LogisticRegressionParameters,
};
use undertone::ensemble::stack::LogisticRegression;

use super::rows::Rows;

/// Copies of a row of weight 1 where weights differ. smartcore knows no weights:
/// rows are repeated to the nearest quarter.
const COPIES: f64 = 4.0;

/// Fits on rows as they are, with the penalty `alpha / 2 * |coef|²` on the sum of the
/// losses (scikit-learn's `LogisticRegression(C=1 / alpha)`).
///
/// # Errors
/// Where a class has no row, or smartcore does not reach finite coefficients.
pub fn fit_logistic(rows: &Rows, alpha: f64) -> Result<LogisticRegression> {
    let counts = rows.counts();
    ensure!(
        counts.iter().all(|&count| count > 0),
        "rows of each class: {counts:?}, expected some of all"
    );
    let uniform = rows.weight.iter().all(|&weight| weight >= 1.0);
    let copies = if uniform { 1.0 } else { COPIES };
    let at: Vec<usize> = (0..rows.len())
        .flat_map(|i| std::iter::repeat_n(i, (copies * rows.weight[i]).round().max(1.0) as usize))
        .collect();
    let rows = rows.select(&at);
    let parameters = LogisticRegressionParameters::default().with_alpha(alpha * copies);
    let x = DenseMatrix::from_2d_vec(&rows.x).context("making a matrix of the rows")?;
    let y: Vec<u32> = rows.y.iter().map(|&class| class as u32).collect();
    let fitted =
        SmartcoreRegression::fit(&x, &y, parameters).context("fitting a logistic regression")?;
    let (coef, intercept) = (fitted.coefficients(), fitted.intercept());
    let n_inputs = coef.shape().1;
    let row = |m: usize| (0..n_inputs).map(|j| *coef.get((m, j))).collect();
    let model = if counts.len() == 2 {
        // One row, for the second class; the first one's logit is 0.
        LogisticRegression {
            coef: vec![vec![0.0; n_inputs], row(0)],
            intercept: vec![0.0, *intercept.get((0, 0))],
        }
    } else {
        LogisticRegression {
            coef: (0..counts.len()).map(row).collect(),
            intercept: (0..counts.len()).map(|m| *intercept.get((m, 0))).collect(),
        }
    };
    model.check(n_inputs)?;
    Ok(model)
}

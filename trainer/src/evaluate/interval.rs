//! The interval of a share that was counted.

/// Quantile 0.975 of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % score interval of `right` of `n` (Wilson 1927), as statsmodels'
/// `proportion_confint(method="wilson")`; all of [0, 1] where `n` is 0.
pub fn wilson(right: usize, n: usize) -> [f64; 2] {
    if n == 0 {
        return [0.0, 1.0];
    }
    let (n, share) = (n as f64, right as f64 / n as f64);
    let centre = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    [
        ((centre - spread) / scale).max(0.0),
        ((centre + spread) / scale).min(1.0),
    ]
}

//! Numbers as they stand in the text and in the tables.

use std::fmt::Display;

use indicatif::{DecimalBytes, HumanCount};
use itertools::Itertools;

/// Stands where there is no number.
pub const NONE: &str = "–";

/// A share or score with three decimals.
pub fn score(value: f64) -> String {
    format!("{value:.3}")
}

/// A score and its interval.
pub fn with_interval(value: f64, [low, high]: [f64; 2]) -> String {
    format!("{value:.3} [{low:.3}, {high:.3}]")
}

/// A difference with its sign, and its interval.
pub fn difference(value: f64, [low, high]: [f64; 2]) -> String {
    format!("{value:+.3} [{low:+.3}, {high:+.3}]")
}

/// A p value; small ones as a bound.
pub fn p_value(p: f64) -> String {
    if p < 0.001 {
        return "< 0.001".to_owned();
    }
    score(p)
}

/// A whole number with separators of thousands.
pub fn count(value: u64) -> String {
    HumanCount(value).to_string()
}

/// A size in the unit that fits (1 kB = 1000 bytes).
pub fn bytes(value: u64) -> String {
    DecimalBytes(value).to_string()
}

/// Seconds, with fewer decimals the more there are.
pub fn seconds(value: f64) -> String {
    match value {
        short if short < 10.0 => format!("{short:.2} s"),
        medium if medium < 120.0 => format!("{medium:.0} s"),
        long => format!("{:.0} min", long / 60.0),
    }
}

/// A number that may be missing.
pub fn or_none<T>(value: Option<T>, text: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| NONE.to_owned(), text)
}

/// A number that may be not finite.
pub fn finite(value: f64) -> String {
    or_none(value.is_finite().then_some(value), score)
}

/// The least and the greatest of whole numbers: `"80"`, `"80 to 90"`.
pub fn range(values: impl Iterator<Item = usize> + Clone) -> String {
    match (values.clone().min(), values.max()) {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => format!("{low} to {high}"),
        _ => NONE.to_owned(),
    }
}

/// Values one after the other.
pub fn list(values: &[impl Display]) -> String {
    values.iter().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_710_233), "1,710,233");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(12_345), "12.35 kB");
        assert_eq!(bytes(1_400_000), "1.40 MB");
        assert_eq!(seconds(0.123), "0.12 s");
        assert_eq!(seconds(61.0), "61 s");
        assert_eq!(seconds(600.0), "10 min");
        assert_eq!(difference(-0.01, [-0.02, 0.03]), "-0.010 [-0.020, +0.030]");
        assert_eq!(p_value(0.000_2), "< 0.001");
        assert_eq!(p_value(0.25), "0.250");
        assert_eq!(finite(f64::NAN), NONE);
        assert_eq!(range([3, 2].into_iter()), "2 to 3");
        assert_eq!(range([3, 3].into_iter()), "3");
        assert_eq!(range([].into_iter()), NONE);
    }
}

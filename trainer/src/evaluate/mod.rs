//! Measures the judges, makes their probabilities honest, and puts them side by side.

pub mod bootstrap;
pub mod calibrate;
pub mod compare;
pub mod counts;
pub mod format;
pub mod interval;
pub mod metrics;
pub mod missed;
pub mod paired;
pub mod precision_recall;
#[cfg(test)]
mod references;
pub mod table;
#[cfg(test)]
mod tests;

pub use compare::{Comparison, Predictions, compare};

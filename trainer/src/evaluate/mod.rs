//! Measures the judges, makes their probabilities honest, and puts them side by side.

pub mod bootstrap;
pub mod calibrate;
pub mod compare;
pub mod metrics;
#[cfg(test)]
mod tests;

pub use compare::{Comparison, Predictions, compare};

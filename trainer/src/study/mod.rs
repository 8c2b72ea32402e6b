//! The whole experiment: every model trained on the same folds, compared in one report.

pub mod nets;
pub mod report;
pub mod run;
mod store;
pub mod task;

//! The whole experiment: every model trained on the same folds, compared in one report.

pub mod report;
pub mod run;
pub mod task;

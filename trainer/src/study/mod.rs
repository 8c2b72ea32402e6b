//! The whole experiment: every model trained on the same folds, compared in one report.

pub mod classic;
pub mod features;
pub mod folds;
pub mod nets;
mod neural;
pub mod report;
pub mod run;
mod store;
pub mod task;

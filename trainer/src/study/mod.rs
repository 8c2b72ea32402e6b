//! The whole experiment: every model trained on the same folds, compared in one report.

pub mod classic;
pub mod conduct;
mod data_sets;
pub mod features;
pub mod folds;
mod gather;
pub mod neural;
pub mod report;
pub mod run;
mod store;

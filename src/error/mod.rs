//! What can go wrong between a song and its verdict, in words a listener can act on.

mod analysis;
mod model;

pub use analysis::AnalysisError;
pub use model::ModelError;

//! Cleaning of the study's table: duplicates, contradictions and gaps, each taken out
//! with its reason on record.

mod cleaned;
mod evidence;
mod fingerprint;
mod links;
mod need;
mod steps;
#[cfg(test)]
mod tests;
mod title;
mod write;

pub use cleaned::Step;
pub use need::Need;
pub use steps::{Options, clean};
pub use write::refuse_input;

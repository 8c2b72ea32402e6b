//! Why: which features spoke for the verdict, and where in the song it comes from.

mod evidence;
mod factor;

pub use evidence::{BandEvidence, Evidence};
pub use factor::{Contribution, Factor};

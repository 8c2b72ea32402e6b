//! Why: which features spoke for the verdict, and where in the song it comes from.
//!
//! Two honest answers, one a judge: Shapley values of the ensemble's inputs, grouped into
//! [`Factor`]s, against a few training songs; and the network's [`Evidence`] over time
//! (exact, as the song's logits are a mean) and over frequency (by occlusion).

mod attribution;
mod evidence;
mod factor;
mod heard;
mod occlusion;
mod reasoning;
mod sentences;
mod shapley;

pub use evidence::{BandEvidence, Evidence, STRETCH_STEPS};
pub use factor::{Contribution, Factor};
pub use heard::{Impression, Word};
pub use occlusion::BANDS;
pub use shapley::{MAX_PLAYERS, Players, shapley_values};

pub(crate) use reasoning::Reasoning;
pub use sentences::{Decision, sentences};

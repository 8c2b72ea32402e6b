//! Why: which features spoke for the verdict, and where in the song it comes from.
//!
//! Two honest answers, one a judge: Shapley values of the ensemble's inputs, grouped into
//! [`Factor`]s, against a few training songs; and the network's [`Evidence`] over time
//! (exact, as the song's logits are a mean) and over frequency (by occlusion).

pub(crate) mod attribution;
mod contribution;
pub(crate) mod evidence;
mod factor;
pub(crate) mod heard;
pub(crate) mod occlusion;
mod sentences;
mod shapley;
mod short;

pub use contribution::Contribution;
pub use evidence::{BandEvidence, Evidence, STRETCH_STEPS};
pub use factor::Factor;
pub use heard::{Impression, Word};
pub use occlusion::BANDS;
pub use shapley::{MAX_PLAYERS, Players, shapley_values};
pub use short::in_short;

pub use sentences::{Decision, sentences};

//! Neural networks: one description ([`spec`], [`zoo`]), one set of weights ([`net`]), one
//! training loop ([`train`]), one ONNX writer ([`onnx`]).
//!
//! What a network is trained for is a [`train::Task`]: [`mood`] for the bundled network,
//! [`classify`] for those of the study.

mod checkpoint;
pub mod classify;
mod experts;
mod history;
mod layer;
mod lstm;
pub mod mood;
mod net;
mod onnx;
mod scale;
mod spec;
#[cfg(test)]
mod tests;
pub mod train;
pub mod zoo;

pub use history::Epoch;
#[cfg(test)]
pub use onnx::{Attribute, Graph};
pub use onnx::{signed, to_onnx};
pub use spec::{Input, Spec};

//! The networks of the study: their layers, their training, their ONNX files.

mod batch;
mod layer;
mod net;
mod onnx;
mod train;
pub mod zoo;

pub use batch::Inputs;
pub use layer::{Input, Spec};
pub use onnx::to_onnx;
pub use train::{Songs, TrainOptions, Trained, train};

#[cfg(test)]
mod tests;

//! The networks of the study: their layers, their training, their ONNX files.

mod batch;
mod layer;
mod net;
mod train;
pub mod zoo;

pub use layer::{Layer, Spec};
pub use train::{TrainOptions, Trained, train};

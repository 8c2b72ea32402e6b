//! The first judge as it is trained: network, data, training loop, checkpoints and the
//! ONNX file that the library runs.
//!
//! Everything here works on log-mel frames `[frames, 96]` as
//! [`undertone::spectrum::mel`] makes them (62.5 frames a second, natural values of
//! log10(1 + 10⁴·power), 0 to about 5).

mod architecture;
pub mod checkpoint;
mod crops;
pub mod history;
mod kernels;
mod lesson;
mod loss;
mod lstm;
mod material;
mod network;
pub mod onnx;
pub mod ops;
mod song;
mod train;

pub use lesson::Lessons;
pub use lstm::Lstm;
pub use material::Material;
pub use network::values;
pub use onnx::{ExportOptions, to_onnx};
pub use train::{TrainOptions, train};

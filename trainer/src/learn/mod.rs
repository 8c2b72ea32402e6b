//! Everything that learns, each from measured inputs.

pub mod body;
pub mod classic;
pub mod neural;
pub mod regressor;
pub mod trained;

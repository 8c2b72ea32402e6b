//! Everything that learns, each from measured inputs.

pub mod classic;
pub mod models;
pub mod neural;
pub mod regressor;
pub mod tagger;
pub mod teach;
pub mod trained;

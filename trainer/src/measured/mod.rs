//! What was measured of every song, kept on disk: the learners' inputs.

pub mod cache;
pub mod example;
pub mod vectors;

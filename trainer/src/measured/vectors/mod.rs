//! Spectral vectors of songs, as the study's networks take them: one array a song, of
//! one shape for all, kept as `.npy` files that `NumPy` opens.

mod build;
mod chroma;
mod constant_q;
mod made;
mod name;
mod png;
mod recipe;
mod spectrogram;
#[cfg(test)]
mod tests;
mod vector;

pub use self::png::draw;
pub use build::build;
pub use recipe::Recipe;

//! Reads the committed `NumPy` files. Made by `tests/data/make_references.py`.

use std::io::Cursor;

use ndarray::{Array, Dimension};
use ndarray_npy::ReadNpyExt;

/// An `f32` array of any dimension.
pub fn floats<D: Dimension>(bytes: &[u8]) -> Array<f32, D> {
    Array::read_npy(Cursor::new(bytes)).unwrap()
}

/// 16-bit samples as floats of full scale ±1.
pub fn samples(bytes: &[u8]) -> Vec<f32> {
    let array = ndarray::Array1::<i16>::read_npy(Cursor::new(bytes)).unwrap();
    array.iter().map(|&s| f32::from(s) / 32_768.0).collect()
}

/// Numbers that look random and are the same everywhere (Knuth's MMIX generator).
pub struct Draws(pub u64);

impl Draws {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

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

//! Arrays as `NumPy` keeps them.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result};
use collections::files::write_whole;
use ndarray::Array2;
use ndarray_npy::{ReadNpyExt, WriteNpyExt};

/// Reads an array as `NumPy` keeps it.
///
/// # Errors
/// When the file can't be read or holds something else.
pub fn read(path: &Path) -> Result<Array2<f32>> {
    let damaged = || format!("{} can't be read; delete it", path.display());
    let file = File::open(path).with_context(damaged)?;
    Array2::read_npy(BufReader::new(file)).with_context(damaged)
}

/// Writes an array as `NumPy` keeps it, as [`write_whole`].
///
/// # Errors
/// As [`write_whole`].
pub fn write(path: &Path, values: &Array2<f32>) -> Result<()> {
    write_whole(path, |out| Ok(values.write_npy(out)?))
}

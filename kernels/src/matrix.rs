//! The matrix product that everything else is made of, by the crate `gemm`.

use gemm::Parallelism;

/// A matrix of 32-bit floats in a slice.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    data: &'a [f32],
    shape: [usize; 2],
    strides: [usize; 2],
}

impl<'a> Matrix<'a> {
    /// `rows` rows of `columns` values, one row after the other.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::strided(data, rows, columns, columns)
    }

    /// The same with `stride` values from one row to the next.
    pub fn strided(data: &'a [f32], rows: usize, columns: usize, stride: usize) -> Self {
        Self {
            data,
            shape: [rows, columns],
            strides: [stride, 1],
        }
    }

    /// The transposed matrix, without moving anything.
    pub fn transposed(self) -> Self {
        let [rows, columns] = self.shape;
        let [row, column] = self.strides;
        Self {
            data: self.data,
            shape: [columns, rows],
            strides: [column, row],
        }
    }

    /// Values from the first to just behind the last.
    fn span(&self) -> usize {
        span(self.shape, self.strides)
    }
}

fn span(shape: [usize; 2], strides: [usize; 2]) -> usize {
    if shape.contains(&0) {
        return 0;
    }
    (shape[0] - 1) * strides[0] + (shape[1] - 1) * strides[1] + 1
}

/// What becomes of the values that the product is written to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Into {
    /// They are overwritten.
    Replace,
    /// The product is added to them.
    Add,
}

/// The product of `a` `[m, k]` and `b` `[k, n]` into the row-major `out` `[m, n]`, on
/// this thread.
///
/// # Panics
/// Where the shapes do not fit the slices: an error of the caller's arithmetic.
// m, n and k are the product's own names.
#[allow(unsafe_code, clippy::many_single_char_names)]
pub fn product(a: Matrix, b: Matrix, out: &mut [f32], into: Into) {
    let [m, k] = a.shape;
    let n = b.shape[1];
    assert_eq!(k, b.shape[0], "the inner lengths differ");
    assert!(a.span() <= a.data.len() && b.span() <= b.data.len());
    assert!(m * n <= out.len());
    let signed = |stride: usize| stride.cast_signed();
    // SAFETY: every element that gemm reads or writes lies inside its slice, by the
    // spans checked above; `out` is borrowed mutably, so that it overlaps neither.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            signed(n),
            into == Into::Add,
            a.data.as_ptr(),
            signed(a.strides[1]),
            signed(a.strides[0]),
            b.data.as_ptr(),
            signed(b.strides[1]),
            signed(b.strides[0]),
            1.0_f32,
            1.0_f32,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

//! Products of matrices in WebAssembly, in half of the engine's time.
//!
//! The engine's kernel for 8 x 8 numbers keeps them in sixteen vectors, in one function with
//! everything else that may be done to them. Browsers have registers for fewer (sixteen in all on
//! x86-64), and store and load some at every step. Here four rows are summed at a time, in a
//! function that does nothing else; the engine's kernel does the rest. Each number is summed in
//! the same order, so that the results are the same to the last bit.

// SAFETY of all below: the engine calls a kernel with pointers to panels that it has packed in
// the kernel's own format, `[k][8]` on both sides.
#![allow(unsafe_code)]

use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_load32_splat};

use tract_linalg::isa::Arch;
use tract_linalg::mmm::{DynKernel, FusedKerSpec, MatMatMul, MatMatMulKer, Query, Suitable};
use tract_linalg::mmm_routines::MmmRoutine;
use tract_linalg::mmm_tiers::MmmTier;
use tract_linalg::wasm::wasm_f32_8x8;
use tract_onnx::prelude::DatumType;

/// Rows and columns of a tile.
const SIDE: usize = 8;
/// Rows that are summed at a time: two vectors each, so that all stay in registers.
const ROWS: usize = SIDE / 2;
/// Most steps that follow a product, with the last, which ends the list. The engine joins no
/// more than a handful.
const MOST_STEPS: usize = 16;
/// By which the engine finds the kernel.
const NAME: &str = "undertone_f32_8x8";

inventory::submit! {
    MmmRoutine { make: routine }
}

inventory::submit! {
    MmmTier {
        arch: Some(Arch::Wasm32Simd128),
        // Above the engine's own.
        precedence: 2,
        name: NAME,
        applies: |_| true,
        preferred: |_, numbers, query, _: &[Suitable]| preferred(numbers, query),
    }
}

/// Keeps this module, which nothing else names, in the program.
pub(super) fn link() {
    std::hint::black_box(routine as fn() -> Box<dyn MatMatMul>);
}

fn routine() -> Box<dyn MatMatMul> {
    let (a, b) = (wasm_f32_8x8.regular_pack_a(), wasm_f32_8x8.regular_pack_b());
    let mut kernel = DynKernel::<SIDE, SIDE, f32>::new(NAME, run, a, b);
    kernel.arch = Some(Arch::Wasm32Simd128);
    kernel.mmm()
}

/// Chosen for all products but those with a vector.
fn preferred(numbers: DatumType, query: &Query) -> Option<&'static str> {
    (numbers == DatumType::F32 && query.n != Some(1)).then_some(NAME)
}

/// Does what the engine lists: the product, then by the engine's kernel what comes behind it.
unsafe fn run(steps: &[FusedKerSpec<f32>]) -> isize {
    let [
        FusedKerSpec::Clear,
        FusedKerSpec::AddMatMul { k, pa, pb, .. },
        rest @ ..,
    ] = steps
    else {
        return wasm_f32_8x8.kernel(steps);
    };
    let mut behind = [FusedKerSpec::Done; MOST_STEPS];
    let Some(room) = behind.get_mut(1..=rest.len()) else {
        return wasm_f32_8x8.kernel(steps);
    };
    room.copy_from_slice(rest);
    let (a, b): (*const f32, *const f32) = (pa.cast(), pb.cast());
    let tile = unsafe { [sum(*k, a, b), sum(*k, a.add(ROWS), b)] };
    behind[0] = FusedKerSpec::LoadTile(tile.as_ptr().cast(), tile.as_ptr().cast());
    wasm_f32_8x8.kernel(&behind)
}

/// Four rows of the product of two panels, both `[k][8]`, of which `a` begins at the first of those
/// rows: of each row the first four columns, then the others.
// By pointers: by slices the compiler loads a vector number by number.
#[inline(never)]
unsafe fn sum(k: usize, mut a: *const f32, mut b: *const f32) -> [v128; 2 * ROWS] {
    let mut sums = [f32x4_splat(0.0); 2 * ROWS];
    for _ in 0..k {
        let (low, high) = unsafe { (v128_load(b.cast()), v128_load(b.add(4).cast())) };
        for row in 0..ROWS {
            let factor = unsafe { v128_load32_splat(a.add(row).cast()) };
            sums[2 * row] = f32x4_add(sums[2 * row], f32x4_mul(factor, low));
            sums[2 * row + 1] = f32x4_add(sums[2 * row + 1], f32x4_mul(factor, high));
        }
        (a, b) = unsafe { (a.add(SIDE), b.add(SIDE)) };
    }
    sums
}

//! The products of matrices in WebAssembly against those of the engine.

use tract_linalg::mmm::{AsInputValue, FusedSpec, MatMatMul};
use tract_linalg::mmm_routines::declared;
use tract_linalg::{BinOp, MmmDispatch};
use tract_onnx::prelude::DatumType::F32;
use tract_onnx::prelude::Tensor;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The kernel of this library.
const OWN: &str = "undertone_f32_8x8";

fn kernel(name: &str) -> Box<dyn MatMatMul> {
    let mut kernels = declared().map(|routine| (routine.make)());
    kernels.find(|kernel| kernel.name() == name).unwrap()
}

/// Numbers that no order of summing adds up alike.
fn matrix(rows: usize, columns: usize) -> Tensor {
    let values: Vec<f32> = (0..rows * columns)
        .map(|index| (index as f32 * 0.7 + rows as f32).sin() * 10_f32.powi(index as i32 % 7 - 3))
        .collect();
    Tensor::from_shape(&[rows, columns], &values).unwrap()
}

/// A product, more to each row, and another product added to that.
// An engine's kernel is asked by pointers.
#[allow(unsafe_code)]
fn product(kernel: &dyn MatMatMul, m: usize, k: usize, n: usize) -> Vec<u32> {
    let (pack_a, pack_b) = &kernel.packings()[0];
    let a = pack_a.prepare_one(&matrix(m, k), 1, 0).unwrap();
    let b = pack_b.prepare_one(&matrix(k, n), 0, 1).unwrap();
    let rows = matrix(m, 1).into_shape(&[m]).unwrap();
    let mut out = Tensor::zero::<f32>(&[m, n]).unwrap();
    let times = || FusedSpec::AddMatMul {
        a: AsInputValue::Borrowed(&*a),
        b: AsInputValue::Borrowed(&*b),
        packing: 0,
    };
    unsafe {
        let store = kernel.c_view(Some(0), Some(1)).wrap(&out.view_mut());
        let rows = FusedSpec::BinPerRow(rows.view(), BinOp::Add);
        let steps = [times(), rows, times(), FusedSpec::Store(store)];
        kernel.run(m, n, &steps).unwrap();
    }
    let values = out.to_plain_array_view::<f32>().unwrap();
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn they_are_the_engines_to_the_last_bit() {
    let (own, engines) = (kernel(OWN), kernel("wasm_f32_8x8"));
    for (m, k, n) in [
        (8, 1, 8),
        (16, 5, 24),
        (248, 192, 64),
        (13, 64, 9),
        (1, 7, 2),
    ] {
        let got = product(&*own, m, k, n);
        assert_eq!(got, product(&*engines, m, k, n), "{m} {k} {n}");
    }
}

#[test]
fn the_engine_takes_them() {
    let chosen = MmmDispatch::native().preferred_kernel(F32, Some(248), Some(192), Some(768));
    assert_eq!(chosen.unwrap().name(), OWN);
}

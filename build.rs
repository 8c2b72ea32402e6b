//! Leaves the names of functions out of the page's WebAssembly, an eighth of its bytes. That of
//! the features stays: wasm-bindgen reads it.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        for argument in ["--strip-all", "--keep-section=target_features"] {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
    }
}

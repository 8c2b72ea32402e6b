//! The page's own WebAssembly.

#[cfg(target_arch = "wasm32")]
fn main() {
    if let Err(error) = undertone::page::start() {
        wasm_bindgen::throw_val(error);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is the page's part; build it with trunk.");
}

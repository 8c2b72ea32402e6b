//! The worker's WebAssembly: the judges.

#[cfg(target_arch = "wasm32")]
fn main() {
    if let Err(error) = undertone::worker::start() {
        wasm_bindgen::throw_val(error);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is the page's worker; build it with trunk.");
}

//! The worker's WebAssembly: the two judges.

#[cfg(target_arch = "wasm32")]
fn main() -> Result<(), wasm_bindgen::JsValue> {
    undertone::web::worker::start()
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is the page's worker; build it with trunk.");
}

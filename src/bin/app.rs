//! The page's own WebAssembly.

#[cfg(target_arch = "wasm32")]
fn main() -> Result<(), wasm_bindgen::JsValue> {
    undertone::web::page::start()
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is the page's part; build it with trunk.");
}

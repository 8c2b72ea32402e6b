//! The tagger's WebAssembly: tags in files.

#[cfg(target_arch = "wasm32")]
fn main() {
    if let Err(error) = undertone::tagger::start() {
        wasm_bindgen::throw_val(error);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is the page's tagger; build it with trunk.");
}

//! The WebAssembly memory of this worker.

use js_sys::{ArrayBuffer, WebAssembly};
use wasm_bindgen::JsCast;

/// Its size in bytes; it never shrinks.
pub fn memory_bytes() -> u64 {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: ArrayBuffer = memory.buffer().unchecked_into();
    u64::from(buffer.byte_length())
}

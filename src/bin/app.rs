//! The page's own WebAssembly.

undertone::module_main!(undertone::page::start);

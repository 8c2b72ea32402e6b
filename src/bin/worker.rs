//! The worker's WebAssembly: the judges.

undertone::module_main!(undertone::worker::start);

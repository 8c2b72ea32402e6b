//! The tagger's WebAssembly: tags in files.

undertone::module_main!(undertone::tagger::start);

//! Numbers against their references. The same tests run natively and, in a browser,
//! as WebAssembly.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test fails by panicking, too"
)]

mod bundled;
mod ensemble;
mod features;
mod judges;
mod loudness;
mod mel;
mod network;
#[cfg(target_arch = "wasm32")]
mod products;
mod properties;
mod references;
mod regressor;
mod resample;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

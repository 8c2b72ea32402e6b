//! Tells the program which models come with it, and leaves the names of functions out of the page's
//! WebAssembly, an eighth of its bytes. That of the features stays: wasm-bindgen reads it.

use std::error::Error;
use std::{env, fs};

/// The cards of the models, and the names by which `ModelIds::bundled` reads their hashes.
const CARDS: [(&str, &str); 3] = [
    ("static/models/mood.json", "NETWORK_SHA256"),
    ("static/models/ensemble.json", "ENSEMBLE_SHA256"),
    ("static/models/features.json", "FEATURES_SHA256"),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    for (path, name) in CARDS {
        println!("cargo:rerun-if-changed={path}");
        let card: serde_json::Value = serde_json::from_str(&fs::read_to_string(path)?)?;
        let hash = card["sha256"].as_str().ok_or("a card without sha256")?;
        println!("cargo:rustc-env={name}={hash}");
    }
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        for argument in ["--strip-all", "--keep-section=target_features"] {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
    }
    Ok(())
}

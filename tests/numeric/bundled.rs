//! The bundled model files.

pub const NETWORK: &[u8] = include_bytes!("../../static/models/mood.onnx");
pub const NETWORK_CARD: &[u8] = include_bytes!("../../static/models/mood.json");
pub const ENSEMBLE: &[u8] = include_bytes!("../../static/models/ensemble.bin");
const ENSEMBLE_CARD: &[u8] = include_bytes!("../../static/models/ensemble.json");
pub const FEATURES: &[u8] = include_bytes!("../../static/models/features.bin");
pub const FEATURES_CARD: &[u8] = include_bytes!("../../static/models/features.json");

/// In the order of `Judges::FILES`.
pub const FILES: [&[u8]; 6] = [
    NETWORK_CARD,
    NETWORK,
    ENSEMBLE_CARD,
    ENSEMBLE,
    FEATURES_CARD,
    FEATURES,
];

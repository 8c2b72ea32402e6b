//! From samples to what the judges look at: power spectra, log-mel frames, chroma.

pub mod chroma;
mod filter_bank;
pub mod mel;
pub mod pitch;
pub mod stft;
mod thumbnail;

pub use filter_bank::{FilterBank, mel_boundary_hz};
pub use mel::{LogMel, log_mel};
pub use pitch::{PitchProfile, Pitches};
pub use stft::Stft;
pub use thumbnail::Thumbnail;

/// FFT length in samples (32 ms).
pub const N_FFT: usize = 512;
/// Hop in samples (16 ms, 62.5 frames a second).
pub const HOP_LENGTH: usize = 256;
/// Mel bands.
pub const N_MELS: usize = 96;
/// Frames a second of the log-mel spectrogram: 62.5.
pub const FRAME_RATE: f64 = crate::audio::SAMPLE_RATE as f64 / HOP_LENGTH as f64;

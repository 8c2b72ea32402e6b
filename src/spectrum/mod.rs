//! From samples to what the judges look at: power spectra, log-mel frames, chroma.

pub mod chroma;
mod filter_bank;
pub mod mel;
pub mod pitch;
pub mod stft;
mod thumbnail;

pub use crate::front_end::{FRAME_RATE, HOP_LENGTH, N_FFT, N_MELS};
pub use filter_bank::{FilterBank, mel_boundary_hz};
pub use mel::{LogMel, log_mel};
pub use pitch::{PitchProfile, Pitches};
pub use stft::Stft;
pub use thumbnail::Thumbnail;

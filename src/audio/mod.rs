//! From decoded channels to the one signal that everything else looks at: mono,
//! 16 kHz, normalised to -14 LUFS.

mod anchor;
mod intake;
mod loudness;
mod mono;
mod pcm;
mod resample;
mod silence;

pub use intake::{Intake, Signal};
pub use loudness::Loudness;
pub use mono::mono;
pub use pcm::{MAX_CHANNELS, MAX_RATE, MIN_RATE, Pcm};
pub use silence::refuse_silence;

/// Sample rate of [`Signal`] in Hz: what the spectrograms and the judges were made for.
pub const SAMPLE_RATE: u32 = 16_000;

/// Loudness that [`Signal`] is brought to, in LUFS: the level at which streaming
/// services play, so that the volume knob of a recording changes no mood.
pub const TARGET_LUFS: f64 = -14.0;

/// A song whose sample peak stays below this is silent, in dB relative to full scale:
/// 10 dB above the dither of a 16-bit recording.
pub const SILENCE_DBFS: f64 = -80.0;

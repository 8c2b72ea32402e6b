//! From decoded channels to the one signal that everything else looks at: mono,
//! 16 kHz, normalised to -14 LUFS.

mod anchor;
mod intake;
mod loudness;
mod mono;
mod pcm;
mod resample;
mod silence;

pub use crate::front_end::{SAMPLE_RATE, TARGET_LUFS};
pub use intake::{Intake, Signal};
pub use loudness::Loudness;
pub use mono::mono;
pub use pcm::{MAX_CHANNELS, MAX_RATE, MIN_RATE, Pcm};
pub use silence::refuse_silence;

/// Shortest song that gets a verdict, in seconds.
pub const MIN_SECONDS: f64 = 3.0;

/// A song whose sample peak stays below this is silent, in dB relative to full scale:
/// 10 dB above the dither of a 16-bit recording.
pub const SILENCE_DBFS: f64 = -80.0;

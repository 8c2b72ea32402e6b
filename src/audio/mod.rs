//! From decoded channels to the one signal that everything else looks at: mono,
//! 16 kHz, normalised to -14 LUFS.

mod anchor;
mod ceiling;
mod intake;
mod k_weighting;
mod level;
mod loudness;
mod mono;
mod offset;
mod pcm;
mod resample;
mod ring;
mod silence;
mod statistics;
mod true_peak;

pub use crate::front_end::{SAMPLE_RATE, TARGET_LUFS};
pub use intake::{Intake, Signal};
pub use loudness::Loudness;
pub use mono::mono;
pub use pcm::{MAX_CHANNELS, MAX_RATE, MIN_RATE, Pcm};
#[cfg(feature = "decode")]
pub(crate) use resample::Resample;
pub use ring::Ring;
pub use silence::{Silence, refuse_silence};

/// Shortest song that gets a verdict, in seconds.
pub const MIN_SECONDS: f64 = 3.0;

/// A song whose level (the root mean square that it reaches for a second in all) stays
/// below this is silent, in dB relative to full scale: 6 dB above the dither of a 16-bit
/// recording.
pub const SILENCE_DBFS: f64 = -90.0;

/// Fewest bits a second that a song has, however it is coded.
const LEAST_BITS_PER_SECOND: f64 = 2_000.0;

/// Whether a song of so many bytes can be so long; a header that says so otherwise is wrong.
#[must_use]
pub fn is_credible(seconds: f64, bytes: f64) -> bool {
    8.0 * bytes >= LEAST_BITS_PER_SECOND * seconds
}

fn scale(samples: &mut [f32], gain: f32) {
    for sample in samples {
        *sample *= gain;
    }
}

//! From a file on disk to [`undertone::Pcm`]: audio files by the library's decoder, MIDI files by
//! fluidsynth.

mod audio;
mod kind;
mod midi;

pub use audio::{decode_audio, decode_beginning, decode_signal, seconds_of};
pub use kind::{AUDIO_EXTENSIONS, extension, is_audio, is_midi, is_song};
pub use midi::{DEFAULT_SOUNDFONT, Synth, begins_as_midi, check_midi};

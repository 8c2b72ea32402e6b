//! Undertone tells the mood of a song (sad, calm, happy or energetic), and why.
//!
//! One library serves the page (WebAssembly) and the trainer (native), so that a
//! number measured in training is the number that the visitor gets:
//! `decode` reads files, [`audio`] turns decoded sound into a loudness-normalised 16 kHz [`audio::Signal`]
//! (what all judges are fed stands in [`front_end`]),
//! [`spectrum`] turns that into log-mel frames, chroma and onset strength,
//! [`features`] measures what a musician would name ([`measurement`] makes all of this
//! in one pass), [`regressor`] estimates what only a learner can, the judges ([`network`]
//! and [`ensemble`]) give mood probabilities, [`explain`] says why, and
//! [`analysis`] runs all of it window by window into a [`report::Report`]. What people read
//! stands in [`text`], in every language.

/// The `main` of one of the page's WebAssembly modules: it does what `$start` does.
#[macro_export]
macro_rules! module_main {
    ($start:path) => {
        #[cfg(target_arch = "wasm32")]
        fn main() {
            if let Err(error) = $start() {
                wasm_bindgen::throw_val(error);
            }
        }

        #[cfg(not(target_arch = "wasm32"))]
        fn main() {
            eprintln!("This is a part of the page; build it with trunk.");
        }
    };
}

pub mod analysis;
pub mod audio;
pub mod card;
#[cfg(feature = "decode")]
pub mod decode;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(feature = "inference")]
pub mod ensemble;
pub mod error;
pub mod explain;
pub mod features;
pub mod front_end;
pub mod judges;
pub mod kind;
pub mod measurement;
pub mod mood;
pub mod network;
pub mod page;
pub mod regressor;
pub mod report;
pub mod rule;
pub mod spectrum;
pub mod tagger;
pub mod tagging;
pub mod tags;
pub mod text;
pub mod worker;

pub use analysis::{Analysis, Progress, Stage};
pub use audio::{Intake, Pcm, Signal};
pub use error::{AnalysisError, ModelError};
pub use judges::Judges;
pub use kind::Kind;
pub use measurement::{Measured, Measurement};
pub use mood::{Affect, Mood, MoodProbabilities};
pub use report::Report;

//! What a vector is made of.

use std::fmt::Display;
use std::ops::RangeInclusive;

use anyhow::{Result, anyhow, ensure};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use collections::console::Hint;
use collections::files;

/// To be raised when decoding, resampling or a transform changes its numbers.
const VERSION: &str = "vectors 1";
/// Shortest part in seconds.
const SHORTEST_S: f64 = 0.001;
/// Most numbers that are held at once for one song: half a gigabyte of them. An hour at
/// 22,050 Hz is within it.
const MOST_VALUES: usize = 1 << 27;
/// Coefficients of a cepstrum, the 0th included, as librosa's default.
pub(super) const MFCC: usize = 20;
/// Bins of the constant-Q transform: seven octaves.
pub(super) const SEMITONES: usize = 84;
/// Lowest rate in Hz that the highest of them (B7) and its flanks fit in.
const LEAST_RATE: u32 = 8_300;
/// Pitch classes.
pub(super) const PITCH_CLASSES: usize = 12;

/// What the rows of a vector are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Fourier bins from 0 Hz to half the rate, in dB below the loudest, -80 to 0
    Linear,
    /// Mel bands, in dB below the loudest, -80 to 0
    Mel,
    /// 20 mel-frequency cepstral coefficients, the 0th included
    Mfcc,
    /// 12 pitch classes, C first, 0 to 1
    Chroma,
    /// 84 semitones from C1 by the constant-Q transform, in dB below the loudest, -80 to 0
    Cqt,
}

impl Kind {
    /// The lower-case name, as on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Mel => "mel",
            Self::Mfcc => "mfcc",
            Self::Chroma => "chroma",
            Self::Cqt => "cqt",
        }
    }
}

/// How a song becomes a vector. The default is the original study's: 30 s at 22,050 Hz
/// as 128 mel bands in 1,292 frames.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Args)]
pub struct Recipe {
    /// What the rows of a vector are
    #[arg(long, value_enum, default_value_t = Recipe::default().kind)]
    pub kind: Kind,
    /// Rate in Hz that songs are brought to
    #[arg(long, value_name = "HZ", default_value_t = Recipe::default().sample_rate)]
    pub sample_rate: u32,
    /// Start of the part that is used
    #[arg(long = "start", value_name = "SECONDS", default_value_t = Recipe::default().start_s)]
    pub start_s: f64,
    /// Length of the part; zeros follow a shorter song
    #[arg(long = "duration", value_name = "SECONDS", default_value_t = Recipe::default().duration_s)]
    pub duration_s: f64,
    /// FFT length in samples
    #[arg(long, value_name = "N", default_value_t = Recipe::default().n_fft)]
    pub n_fft: usize,
    /// Hop in samples
    #[arg(long, value_name = "N", default_value_t = Recipe::default().hop_length)]
    pub hop_length: usize,
    /// Mel bands
    #[arg(long, value_name = "N", default_value_t = Recipe::default().n_mels)]
    pub n_mels: usize,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            kind: Kind::Mel,
            sample_rate: 22_050,
            start_s: 0.0,
            duration_s: 30.0,
            n_fft: 2_048,
            hop_length: 512,
            n_mels: 128,
        }
    }
}

impl Recipe {
    /// Refuses what gives no vector.
    ///
    /// # Errors
    /// Names the setting, its value and what is expected.
    pub fn check(&self) -> Result<()> {
        let (is_cqt, is_mfcc) = (self.kind == Kind::Cqt, self.kind == Kind::Mfcc);
        let lowest = if is_cqt { LEAST_RATE } else { 8_000 };
        let fewest = if is_mfcc { MFCC } else { 1 };
        expect("sample rate in Hz", self.sample_rate, lowest..=384_000)?;
        expect("start in s", self.start_s, 0.0..=86_400.0)?;
        expect("duration in s", self.duration_s, SHORTEST_S..=3_600.0)?;
        expect("FFT length", self.n_fft, 64..=65_536)?;
        expect("hop", self.hop_length, 1..=self.n_fft)?;
        let bands = fewest..=self.fourier_bins();
        expect("number of mel bands", self.n_mels, bands)?;
        self.check_size()
    }

    /// Refuses what would not fit in memory: the part, the vector, the mel bands' weights.
    fn check_size(&self) -> Result<()> {
        let [bins, frames] = self.shape();
        let (rows, weights) = match self.kind {
            Kind::Linear | Kind::Cqt => (bins, 0),
            Kind::Chroma => (self.fourier_bins(), 0),
            Kind::Mel | Kind::Mfcc => {
                (self.n_mels, self.n_mels.saturating_mul(self.fourier_bins()))
            }
        };
        for (what, count) in [
            ("samples of the part", self.samples()),
            ("values of the spectrogram", rows.saturating_mul(frames)),
            ("weights of the mel bands", weights),
        ] {
            if count > MOST_VALUES {
                return Err(anyhow!("{count} {what}; expected at most {MOST_VALUES}"))
                    .hint("take a shorter part, a lower rate, a longer hop, or fewer bands");
            }
        }
        Ok(())
    }

    /// Number of samples of the part.
    pub fn samples(&self) -> usize {
        (self.duration_s * f64::from(self.sample_rate)).round() as usize
    }

    /// Shape of the vector: `[bins, frames]`.
    pub fn shape(&self) -> [usize; 2] {
        let bins = match self.kind {
            Kind::Linear => self.fourier_bins(),
            Kind::Mel => self.n_mels,
            Kind::Mfcc => MFCC,
            Kind::Chroma => PITCH_CLASSES,
            Kind::Cqt => SEMITONES,
        };
        [bins, 1 + self.samples() / self.hop_length]
    }

    /// Time in seconds at which the part ends.
    pub fn end_s(&self) -> f64 {
        self.start_s + self.duration_s
    }

    /// Bins of a power spectrum.
    const fn fourier_bins(&self) -> usize {
        self.n_fft / 2 + 1
    }

    /// Hash of all that a vector depends on: this recipe, the hash `sha256` of the song's
    /// file, and the fingerprint of the synthesizer (empty for audio).
    pub(super) fn key(&self, sha256: &str, synth: &str) -> Result<String> {
        let recipe = serde_json::to_string(self)?;
        Ok(files::sha256_of_parts(&[VERSION, &recipe, sha256, synth]))
    }
}

fn expect<T: PartialOrd + Display>(what: &str, value: T, range: RangeInclusive<T>) -> Result<()> {
    let (least, most) = (range.start(), range.end());
    ensure!(
        range.contains(&value),
        "the {what} is {value}; expected {least} to {most}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_studys() {
        let recipe = Recipe::default();
        recipe.check().unwrap();
        assert_eq!(recipe.samples(), 661_500);
        assert_eq!(recipe.shape(), [128, 1_292]);
    }

    #[test]
    fn an_hour_is_not_too_much() {
        let hour = Recipe {
            duration_s: 3_600.0,
            ..Recipe::default()
        };
        hour.check().unwrap();
    }

    #[test]
    fn impossible_recipes_are_refused() {
        let good = Recipe::default();
        for bad in [
            Recipe {
                sample_rate: 0,
                ..good
            },
            Recipe {
                sample_rate: 8_000,
                kind: Kind::Cqt,
                ..good
            },
            Recipe {
                start_s: f64::NAN,
                ..good
            },
            Recipe {
                duration_s: 0.0,
                ..good
            },
            Recipe { n_fft: 3, ..good },
            Recipe {
                hop_length: 0,
                ..good
            },
            Recipe {
                n_mels: 1_026,
                ..good
            },
            Recipe {
                n_mels: 19,
                kind: Kind::Mfcc,
                ..good
            },
            Recipe {
                duration_s: 3_600.0,
                hop_length: 1,
                ..good
            },
            Recipe {
                duration_s: 3_600.0,
                sample_rate: 384_000,
                ..good
            },
            Recipe {
                n_fft: 65_536,
                n_mels: 32_769,
                ..good
            },
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }
}

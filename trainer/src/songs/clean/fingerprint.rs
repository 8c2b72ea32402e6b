//! Fingerprints of sound, by which one recording is known in any encoding.

use anyhow::{Result, anyhow};
use rusty_chromaprint::{Configuration, Fingerprinter};
use serde::{Deserialize, Serialize};
use undertone::Pcm;
use undertone::audio::{mono, refuse_silence};

/// Seconds from the start that are looked at, as `AcoustID`'s `fpcalc` does.
pub(super) const SECONDS: f64 = 120.0;
/// Largest part of differing bits within one recording. Measured: one song as FLAC, MP3,
/// Ogg Vorbis and AAC differs in at most 0.006; of 561 other pieces (115,050 pairs of one
/// length) the two nearest, two versions by one composer, differ in 0.20, the next in 0.23.
const MOST_ERRORS: f64 = 0.15;
/// Words that a fingerprint needs: about 3.5 s of sound. Fewer agree by chance.
const LEAST_WORDS: usize = 8;
/// Largest shift of one fingerprint against the other: 3 s, for a cut start.
const MOST_LAG: usize = 24;
/// Words that are compared first: most pairs differ by then.
const GLANCE: usize = 48;
/// A pair that differs in more bits at a glance is not looked at further.
const GLANCE_ERRORS: f64 = 0.35;

/// A raw Chromaprint fingerprint (algorithm 1 of the reference, the default).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint {
    /// One word for every 0.124 s; empty where the sound is too short.
    words: Vec<u32>,
}

impl Fingerprint {
    /// Of the first 120 s of a song. Silence is refused, as all of it sounds alike.
    pub(super) fn of(pcm: &Pcm) -> Result<Self> {
        let configuration = Configuration::preset_test2();
        let rate = configuration.sample_rate();
        let samples = mono(pcm, 0.0, SECONDS, rate)?;
        refuse_silence(&samples, rate)?;
        let peak = samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
        let gain = f32::from(i16::MAX) / peak.max(f32::MIN_POSITIVE);
        let samples: Vec<i16> = samples.iter().map(|s| (gain * s).round() as i16).collect();
        let mut fingerprinter = Fingerprinter::new(&configuration);
        fingerprinter
            .start(rate, 1)
            .map_err(|error| anyhow!("no fingerprint can be taken: {error}"))?;
        fingerprinter.consume(&samples);
        fingerprinter.finish();
        let words = fingerprinter.fingerprint().to_vec();
        Ok(Self { words })
    }

    /// Number of words; fingerprints whose numbers differ by more than [`MOST_LAG`] are
    /// of songs of another length.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is enough of it to compare.
    pub(super) fn is_telling(&self) -> bool {
        self.words.len() >= LEAST_WORDS
    }

    /// Whether the lengths are those of one recording.
    pub(super) fn has_length_of(&self, other: &Self) -> bool {
        self.len().abs_diff(other.len()) <= MOST_LAG
    }

    /// Part of the bits that differ where the two agree best, at most [`MOST_ERRORS`];
    /// `None` where they are not one recording.
    pub(super) fn errors_against(&self, other: &Self) -> Option<f64> {
        if !(self.is_telling() && other.is_telling() && self.has_length_of(other)) {
            return None;
        }
        let least = (3 * self.len().min(other.len()) / 4).max(LEAST_WORDS);
        let at = |lag: usize, a: &[u32], b: &[u32]| {
            let a = a.get(lag..).unwrap_or(&[]);
            let overlap = a.len().min(b.len());
            (overlap >= least).then(|| errors(&a[..overlap], &b[..overlap]))
        };
        (0..=MOST_LAG)
            .flat_map(|lag| {
                [
                    at(lag, &self.words, &other.words),
                    at(lag, &other.words, &self.words),
                ]
            })
            .flatten()
            .min_by(f64::total_cmp)
            .filter(|errors| *errors <= MOST_ERRORS)
    }
}

/// Part of the bits that differ; after a glance, if that is enough.
fn errors(a: &[u32], b: &[u32]) -> f64 {
    let part = |count: usize| {
        let bits: u32 = a[..count]
            .iter()
            .zip(b)
            .map(|(a, b)| (a ^ b).count_ones())
            .sum();
        f64::from(bits) / (32 * count) as f64
    };
    let glance = part(a.len().min(GLANCE));
    if glance > GLANCE_ERRORS {
        glance
    } else {
        part(a.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use collections::decode::decode_audio;
    use std::path::Path;

    fn song(name: &str) -> Pcm {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data");
        decode_audio(&data.join(name)).unwrap()
    }

    fn fingerprint(pcm: &Pcm) -> Fingerprint {
        Fingerprint::of(pcm).unwrap()
    }

    #[test]
    fn encodings_and_volumes_differ_in_few_bits() {
        let whole = fingerprint(&song("song/song.flac"));
        for name in ["song/song.mp3", "song/song.ogg", "song/song.m4a"] {
            let errors = fingerprint(&song(name)).errors_against(&whole).unwrap();
            assert!(errors < 0.01, "{name}: {errors}");
        }
        let pcm = song("song/song.flac");
        let quiet = pcm
            .channels()
            .iter()
            .map(|c| c.iter().map(|s| 0.01 * s).collect());
        let quiet = Pcm::new(quiet.collect(), pcm.sample_rate()).unwrap();
        assert!(fingerprint(&quiet).errors_against(&whole).unwrap() < 0.01);
    }

    #[test]
    fn a_cut_start_is_found() {
        let pcm = song("song/song.flac");
        let whole = fingerprint(&pcm);
        // Half a word off, the worst case, and 2 s.
        for seconds in [0.062, 2.0] {
            let cut = (seconds * f64::from(pcm.sample_rate())) as usize;
            let channels = pcm.channels().iter().map(|c| c[cut..].to_vec()).collect();
            let late = fingerprint(&Pcm::new(channels, pcm.sample_rate()).unwrap());
            let errors = late.errors_against(&whole);
            assert_eq!(errors, whole.errors_against(&late));
            assert!(
                errors.is_some_and(|errors| errors < 0.1),
                "{seconds} s: {errors:?}"
            );
        }
    }

    #[test]
    fn channels_that_cancel_out_are_known_again() {
        let mut channels = vec![song("song/song.flac").channels()[0].clone(); 2];
        let of = |channels: &[Vec<f32>]| fingerprint(&Pcm::new(channels.to_vec(), 44_100).unwrap());
        let straight = of(&channels);
        channels[1].iter_mut().for_each(|sample| *sample *= -1.0);
        assert!(of(&channels).errors_against(&straight).unwrap() < 0.01);
    }

    #[test]
    fn other_songs_and_scraps_do_not_match() {
        let sweep = fingerprint(&song("audio/sweep.wav"));
        let music = fingerprint(&song("song/song.flac"));
        let start = Fingerprint {
            words: music.words[..sweep.len()].to_vec(),
        };
        assert_eq!(sweep.errors_against(&start), None);
        assert_eq!(sweep.errors_against(&music), None);
        let scrap = Fingerprint {
            words: music.words[..LEAST_WORDS - 1].to_vec(),
        };
        assert_eq!(scrap.errors_against(&scrap), None);
    }
}

//! From one song to its record.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;

use anyhow::Result;
use undertone::card::sha256_hex;
use undertone::decode::MediaSource;
use undertone::report::{Entry, Outcome};
use undertone::{AnalysisError, Judges, Report, analysis};

use super::midi::{Rendering, Unrendered};
use super::song::{Song, Sound};
use super::stamp::Stamp;
use super::store::Store;
use crate::decode::{decode_signal, extension};
use crate::files;
use crate::panics;
use crate::results::Record;

/// Kinds of errors that lie in the day and not in the song: they are not kept.
const PASSING: [&str; 6] = [
    "unreadable",
    "changed",
    "internal",
    "model",
    "cancelled",
    NO_SYNTH,
];
/// The kind of error of a MIDI file where no synthesizer is installed.
const NO_SYNTH: &str = "no-synthesizer";

/// A record, and whether it was kept from before.
pub type Judged = (Record, bool);

/// Where songs are judged, by any thread.
pub struct Bench<'a> {
    /// Who judges.
    pub judges: &'a Judges,
    /// Verdicts from before.
    pub store: Option<&'a Store>,
    /// For what holds notes.
    pub midi: &'a Rendering,
    /// Whether those are not asked for.
    pub fresh: bool,
    /// Threads that have no song of their own.
    pub spare: &'a (dyn Fn() -> usize + Sync),
}

impl Bench<'_> {
    /// The song's record.
    ///
    /// # Errors
    /// When no further song could be judged, either: the store can't be read or written to.
    pub fn judge(&self, song: Song) -> Result<Judged> {
        match song.sound {
            Sound::File(path) => self.judge_file(song.name, &path),
            Sound::Bytes(bytes) => {
                if let Some(flac) = self.midi.of_bytes(&bytes) {
                    return self.judge_rendered(song.name, Some(sha256_hex(&bytes)), flac);
                }
                let extension = extension(Path::new(&song.name));
                self.judge_bytes(song.name, bytes, extension.as_deref())
            }
        }
    }

    /// The verdict is kept by the hash of the rendered sound, the record has that of the notes.
    fn judge_rendered(
        &self,
        name: String,
        sha256: Option<String>,
        flac: Result<Vec<u8>, Unrendered>,
    ) -> Result<Judged> {
        let (mut record, kept) = match flac {
            Ok(flac) => self.judge_bytes(name, flac, Some("flac"))?,
            Err(Unrendered::NoSynth(why)) => (Record::failed(name, NO_SYNTH, why), false),
            Err(Unrendered::Refused(why)) => (Record::failed(name, "undecodable", why), false),
        };
        record.sha256 = sha256;
        Ok((record, kept))
    }

    fn judge_bytes(&self, name: String, bytes: Vec<u8>, extension: Option<&str>) -> Result<Judged> {
        let sha256 = sha256_hex(&bytes);
        let source = || Ok::<Box<dyn MediaSource>, _>(Box::new(Cursor::new(bytes)));
        let judged = self.outcome(&sha256, source, extension)?;
        self.keep(name, sha256, judged)
    }

    fn judge_file(&self, name: String, path: &Path) -> Result<Judged> {
        let unreadable = |name: String, error: std::io::Error| {
            Ok((Record::failed(name, "unreadable", error.to_string()), false))
        };
        let stamp = match Stamp::of(path) {
            Ok(stamp) => stamp,
            Err(error) => return unreadable(name, error),
        };
        let known = self
            .store
            .map(|store| store.hash(path, stamp))
            .transpose()?;
        let known = known.flatten();
        // What the store knows holds sound, and is not opened.
        if known.is_none()
            && let Some(flac) = self.midi.of_file(path)
        {
            return self.judge_rendered(name, files::sha256_of(path).ok(), flac);
        }
        let sha256 = match known {
            Some(sha256) => sha256,
            None => match files::sha256_of(path) {
                Ok(sha256) => sha256,
                Err(error) => return unreadable(name, error),
            },
        };
        let source = || Ok::<Box<dyn MediaSource>, _>(Box::new(File::open(path)?));
        let judged = self.outcome(&sha256, source, extension(path).as_deref())?;
        // Before anything is kept: what was hashed may not be what was heard.
        if Stamp::of(path).ok() != Some(stamp) {
            let message = "the file changed while it was read; judge it again";
            return Ok((Record::failed(name, "changed", message), false));
        }
        if let Some(store) = self.store {
            store.keep_hash(path, stamp, &sha256)?;
        }
        self.keep(name, sha256, judged)
    }

    /// The record, once its verdict lies in the store.
    fn keep(
        &self,
        file: String,
        sha256: String,
        (outcome, kept): (Outcome, bool),
    ) -> Result<Judged> {
        if let Some(store) = self.store
            && !kept
            && is_lasting(&outcome)
        {
            store.keep_verdict(&sha256, &outcome)?;
        }
        let entry = Entry {
            file,
            outcome,
            said: None,
            tags: Box::default(),
        };
        let sha256 = Some(sha256);
        Ok((Record { entry, sha256 }, kept))
    }

    /// What the judges say of these contents, or said before.
    fn outcome(
        &self,
        sha256: &str,
        source: impl FnOnce() -> std::io::Result<Box<dyn MediaSource>>,
        extension: Option<&str>,
    ) -> Result<(Outcome, bool)> {
        let store = self.store.filter(|_| !self.fresh);
        if let Some(store) = store
            && let Some(outcome) = store.verdict(sha256)?
        {
            return Ok((outcome, true));
        }
        let outcome = match source() {
            Ok(source) => Entry::new("", caught(|| self.report(source, extension))).outcome,
            Err(error) => {
                Record::failed("", "unreadable", error.to_string())
                    .entry
                    .outcome
            }
        };
        Ok((outcome, false))
    }

    fn report(
        &self,
        source: Box<dyn MediaSource>,
        extension: Option<&str>,
    ) -> Result<Report, AnalysisError> {
        let signal = decode_signal(source, extension)?;
        analysis::analyse_shared(signal, self.judges, self.spare)
    }
}

/// One song's report.
///
/// # Errors
/// Those of [`decode_signal`] and of [`analysis::analyse`].
pub fn judge_file(path: &Path, judges: &Judges) -> Result<Report, AnalysisError> {
    let file = File::open(path).map_err(|error| AnalysisError::Undecodable {
        detail: error.to_string(),
    })?;
    let signal = decode_signal(Box::new(file), extension(path).as_deref())?;
    analysis::analyse(signal, judges, |_| true)
}

fn is_lasting(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Ok { .. } => true,
        Outcome::Error { error } => !PASSING.contains(&error.kind.as_str()),
    }
}

/// A song that brings a decoder down brings no other song down.
fn caught<T>(work: impl FnOnce() -> Result<T, AnalysisError>) -> Result<T, AnalysisError> {
    panics::caught(work).unwrap_or_else(|detail| {
        Err(AnalysisError::Internal {
            step: "the analysis".to_owned(),
            detail,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::panic, reason = "it is what is tested")]
    fn a_song_that_brings_a_decoder_down_is_an_error_of_its_own() {
        let failed = caught(|| -> Result<(), _> { panic!("index {} is out", 3) });
        let error = failed.unwrap_err();
        assert_eq!(error.kind(), "internal");
        assert!(error.to_string().contains("index 3 is out"), "{error}");
        assert_eq!(caught(|| Ok(1)), Ok(1));
        let outcome = Entry::new("", Err::<Report, _>(error)).outcome;
        assert!(!is_lasting(&outcome));
        assert!(is_lasting(
            &Entry::new("", Err(AnalysisError::Empty)).outcome
        ));
    }
}

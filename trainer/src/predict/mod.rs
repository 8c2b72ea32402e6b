//! `trainer predict`: the mood of songs on disk, as the page would tell it.

mod output;
mod songs;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use undertone::report::{Entry, Outcome as Verdict};
use undertone::{AnalysisError, Judges, Report, Signal, analysis};

use crate::console::Outcome;
use crate::console::{self, Hint};
use crate::learn::models::ModelFiles;
use crate::sound::decode;

pub use output::Format;
pub use songs::find;

/// How to judge and print.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the exported models.
    pub models: PathBuf,
    /// Form of the result on stdout.
    pub format: Format,
    /// Whether the first song without a verdict ends the run.
    pub strict: bool,
}

/// Judges all songs and prints the result; songs without a verdict are listed on
/// stderr at the end.
///
/// # Errors
/// When a folder holds no songs, a model is refused, or with `strict` a song gets no
/// verdict.
pub fn run(inputs: &[PathBuf], options: &Options) -> Result<Outcome> {
    let judges = ModelFiles::read(&options.models)?.judges()?;
    let songs = find(inputs)?;
    let bar = console::progress(songs.len(), "songs");
    let mut entries = Vec::with_capacity(songs.len());
    for song in &songs {
        let result = judge(song, &judges);
        if let (true, Err(error)) = (options.strict, &result) {
            bar.finish_and_clear();
            return Err(anyhow!("{}: {error}", song.display()))
                .hint("without --strict the other songs are judged all the same");
        }
        entries.push(Entry::new(song.to_string_lossy(), result));
        bar.inc(1);
    }
    bar.finish_and_clear();
    console::data(&output::text(&entries, options.format)?)?;
    let mut bad = 0;
    for entry in &entries {
        if let Verdict::Error { error } = &entry.outcome {
            console::note(&format!("failed: {}: {}", entry.file, error.message));
            bad += 1;
        }
    }
    Ok(Outcome::of(entries.len() - bad, bad))
}

/// One song's report.
///
/// # Errors
/// Those of decoding, of [`Signal::from_pcm`] and of [`analysis::analyse`].
pub fn judge(song: &Path, judges: &Judges) -> Result<Report, AnalysisError> {
    let signal = Signal::from_pcm(&decode::decode_audio(song)?)?;
    analysis::analyse(signal, judges, |_| true)
}

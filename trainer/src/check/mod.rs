//! How often tempo, key and metre are right, on songs of which they are known.

mod score;
mod truth;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use rayon::prelude::*;
use undertone::features::TrackFeatures;
use undertone::{Measurement, Signal};

use crate::console::{self, Hint};
use crate::sound::decode;

use score::Tally;
use truth::Truth;

/// What came of a check.
pub struct Checked {
    /// The scores as Markdown: one line a set, one a collection, one for all songs; then
    /// what was taken for what.
    pub report: String,
    /// Songs that were measured.
    pub measured: usize,
    /// Songs that were not, and why.
    pub failed: Vec<(PathBuf, String)>,
}

/// Measures every song of the table and compares it with what is known.
///
/// # Errors
/// When the table can't be read, or no song of it can be measured.
pub fn run(table: &Path, audio: &Path) -> Result<Checked> {
    let truths = truth::read(table, audio)?;
    let bar = console::progress(truths.len(), "songs");
    let heard: Vec<Result<TrackFeatures>> = truths
        .par_iter()
        .map(|truth| {
            let heard = measure(&truth.path);
            bar.inc(1);
            heard
        })
        .collect();
    bar.finish_and_clear();
    let mut failed = Vec::new();
    let mut measured = Vec::new();
    for (truth, heard) in truths.into_iter().zip(heard) {
        match heard {
            Ok(heard) => measured.push((truth, heard)),
            Err(error) => failed.push((truth.path, format!("{error:#}"))),
        }
    }
    if measured.is_empty() {
        let why = failed.first().map_or_else(
            || "it has no lines".to_owned(),
            |(path, reason)| format!("{}: {reason}", path.display()),
        );
        return Err(anyhow!(
            "no song of {} could be measured: {why}",
            table.display()
        ))
        .hint(
            "--audio names the folder of the sounds; the column `file` may leave out the ending",
        );
    }
    Ok(Checked {
        report: report(&measured),
        measured: measured.len(),
        failed,
    })
}

fn measure(path: &Path) -> Result<TrackFeatures> {
    let signal = Signal::from_pcm(&decode::decode_audio(path)?)?;
    Ok(Measurement::of(signal)?.heard.features)
}

/// The tables of scores and of confusions.
fn report(songs: &[(Truth, TrackFeatures)]) -> String {
    let mut text = String::from(score::HEADER);
    let mut line = |name: &str, belongs: &dyn Fn(&Truth) -> bool| {
        let chosen = songs.iter().filter(|(truth, _)| belongs(truth));
        text += &Tally::of(chosen).line(name);
    };
    for set in distinct(songs, |truth| truth.set.as_deref()) {
        line(&format!("set {set}"), &|t| t.set.as_ref() == Some(&set));
    }
    for name in distinct(songs, |truth| truth.collection.as_deref()) {
        line(&name, &|t| t.collection.as_ref() == Some(&name));
    }
    line("all", &|_| true);
    text + &Tally::of(songs.iter()).confusions()
}

/// The values of an optional column, in order.
fn distinct(
    songs: &[(Truth, TrackFeatures)],
    value: impl Fn(&Truth) -> Option<&str>,
) -> Vec<String> {
    let values = songs.iter().filter_map(|(truth, _)| value(truth));
    let unique: std::collections::BTreeSet<&str> = values.collect();
    unique.into_iter().map(str::to_owned).collect()
}

//! How often tempo, key and metre are right, on songs of which they are known.

mod score;
mod truth;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, anyhow};
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;
use undertone::features::TrackFeatures;
use undertone::{Measurement, Signal};

use collections::console::{self, Batch, Hint};
use collections::decode;

use score::Tally;
use truth::Truth;

/// What came of a check.
pub struct Checked {
    /// The scores as Markdown: one line a set, one a collection, one for all songs; then
    /// what was taken for what.
    pub report: String,
    /// The songs that were measured, and those that were not.
    pub batch: Batch,
}

/// Measures every song of the table and compares it with what is known.
///
/// # Errors
/// When the table can't be read, or no song of it can be measured.
pub fn run(table: &Path, audio: &Path) -> Result<Checked> {
    let truths = truth::read(table, audio)?;
    let heard: Vec<Result<TrackFeatures>> = truths
        .par_iter()
        .progress_with(console::progress(truths.len(), "songs"))
        .map(|truth| measure(&truth.path))
        .collect();
    let mut measured = Vec::new();
    let outcomes = truths.iter().zip(heard).map(|(truth, heard)| {
        let outcome = heard.map(|heard| measured.push((truth, heard)));
        (truth.path.display(), outcome.map(|()| true))
    });
    let batch = Batch::of(outcomes);
    if measured.is_empty() {
        let why = batch.failed.first().map_or_else(
            || "it has no lines".to_owned(),
            |(path, reason)| format!("{path}: {reason}"),
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
        batch,
    })
}

fn measure(path: &Path) -> Result<TrackFeatures> {
    let signal = Signal::from_pcm(&decode::decode_audio(path)?)?;
    Ok(Measurement::of(signal)?.heard.features)
}

/// The tables of scores and of confusions.
fn report(songs: &[(&Truth, TrackFeatures)]) -> String {
    let mut text = String::from(score::HEADER);
    let mut line = |name: &str, belongs: &dyn Fn(&Truth) -> bool| {
        let chosen = songs.iter().filter(|(truth, _)| belongs(truth));
        text += &Tally::of(chosen).line(name);
    };
    let known = songs.iter().map(|(truth, _)| truth);
    let sets: BTreeSet<&String> = known.clone().filter_map(|t| t.set.as_ref()).collect();
    let collections: BTreeSet<&String> = known.filter_map(|t| t.collection.as_ref()).collect();
    for set in sets {
        line(&format!("set {set}"), &|t| t.set.as_ref() == Some(set));
    }
    for name in collections {
        line(name, &|t| t.collection.as_ref() == Some(name));
    }
    line("all", &|_| true);
    text + &Tally::of(songs).confusions()
}

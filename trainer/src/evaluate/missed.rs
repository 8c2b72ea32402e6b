//! The songs that a system is surest of and wrong about, with what was measured of them.

use itertools::Itertools;
use undertone::Mood;
use undertone::features::Descriptors;

use super::compare::Predictions;
use super::metrics::argmax;
use super::table::Table;
use crate::measured::example::Example;

/// Descriptors that a listener can follow: their names and heads of columns.
const SHOWN: [(&str, &str); 5] = [
    ("tempo_bpm", "BPM"),
    ("onset_rate_hz", "onsets a second"),
    ("majorness", "majorness"),
    ("spectral_centroid_mean_hz", "centroid, Hz"),
    ("loudness_range_lu", "range, LU"),
];

/// The `count` songs whose label `system` gives the least share; what `others` say of them
/// stands beside.
pub fn table(
    examples: &[Example],
    system: &Predictions,
    others: &[&Predictions],
    count: usize,
) -> Table {
    let systems = || std::iter::once(system).chain(others.iter().copied());
    let rows = most_wrong(examples, system, count).into_iter();
    let rows = rows.map(|(example, (at, _))| {
        let mut row = vec![
            format!("{} ({})", example.id, example.corpus),
            example.mood.name().to_owned(),
        ];
        row.extend(systems().map(|system| {
            let same = system.rows.iter().find(|(other, _)| other == at);
            same.map_or_else(String::new, |(_, shares)| said(shares))
        }));
        row.extend(SHOWN.map(|(name, _)| {
            let value = descriptor(example, name);
            value.map_or_else(String::new, |value| format!("{value:.1}"))
        }));
        row
    });
    let names = systems().map(|system| system.system.as_str());
    let mut words = ["song", "label"].into_iter().chain(names);
    let shown = SHOWN.map(|(_, head)| head);
    Table::new(&words.join(" | "), &shown.join(" | "), rows)
}

/// The same songs for a card: "a song (calm, called happy)", separated by semicolons.
pub fn to_sentence(examples: &[Example], system: &Predictions, count: usize) -> String {
    let songs = most_wrong(examples, system, count).into_iter();
    let mut songs = songs.map(|(example, row)| {
        let called = Mood::ALL[argmax(&row.1)].name();
        format!("{} ({}, called {called})", example.id, example.mood.name())
    });
    songs.join("; ")
}

type Row = (usize, [f64; Mood::COUNT]);

/// The `count` songs whose label gets the least share, the least first.
fn most_wrong<'a>(
    examples: &'a [Example],
    system: &'a Predictions,
    count: usize,
) -> Vec<(&'a Example, &'a Row)> {
    let songs = system.rows.iter().map(|row| (&examples[row.0], row));
    let mut songs: Vec<_> = songs.collect();
    let share = |(example, row): &(&Example, &Row)| row.1[example.mood.index()];
    songs.sort_by(|a, b| share(a).total_cmp(&share(b)));
    songs.truncate(count);
    songs
}

fn said(shares: &[f64; Mood::COUNT]) -> String {
    let top = argmax(shares);
    format!("{} {:.2}", Mood::ALL[top].name(), shares[top])
}

fn descriptor(example: &Example, name: &str) -> Option<f64> {
    let at = Descriptors::NAMES.iter().position(|n| *n == name)?;
    example.descriptors.get(at).copied()
}

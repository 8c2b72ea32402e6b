//! The songs that a system is surest of and wrong about, with what was measured of them.

use std::fmt::Write;

use undertone::Mood;
use undertone::features::Descriptors;

use super::Predictions;
use super::metrics::argmax;
use crate::example::Example;

/// Descriptors that a listener can follow: their names and heads of columns.
const SHOWN: [(&str, &str); 5] = [
    ("tempo_bpm", "BPM"),
    ("onset_rate_hz", "onsets a second"),
    ("majorness", "majorness"),
    ("spectral_centroid_mean_hz", "centroid, Hz"),
    ("loudness_range_lu", "range, LU"),
];

/// The `count` songs whose label `system` gives the least share, as a Markdown table; what
/// `others` say of them stands beside.
pub fn to_markdown(
    examples: &[Example],
    system: &Predictions,
    others: &[&Predictions],
    count: usize,
) -> String {
    let share_of = |row: &(usize, [f64; Mood::COUNT])| row.1[examples[row.0].mood.index()];
    let mut rows: Vec<_> = system.rows.iter().collect();
    rows.sort_by(|a, b| share_of(a).total_cmp(&share_of(b)));
    let heads = others.iter().map(|other| other.system.as_str());
    let heads: Vec<&str> = heads.chain(SHOWN.map(|(_, head)| head)).collect();
    let mut text = format!(
        "| song | label | {} | {} |\n|{}\n",
        system.system,
        heads.join(" | "),
        "---|".repeat(heads.len() + 3)
    );
    for row in rows.into_iter().take(count) {
        let example = &examples[row.0];
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "| {} ({}) | {} | {} |",
            example.id,
            example.corpus,
            example.mood.name(),
            said(&row.1)
        );
        for other in others {
            let same = other.rows.iter().find(|(at, _)| *at == row.0);
            let _ = write!(
                text,
                " {} |",
                same.map_or_else(String::new, |row| said(&row.1))
            );
        }
        for (name, _) in SHOWN {
            let value = descriptor(example, name);
            let _ = write!(
                text,
                " {} |",
                value.map_or_else(String::new, |value| format!("{value:.1}"))
            );
        }
        text.push('\n');
    }
    text
}

fn said(shares: &[f64; Mood::COUNT]) -> String {
    let top = argmax(shares);
    format!("{} {:.2}", Mood::ALL[top].name(), shares[top])
}

fn descriptor(example: &Example, name: &str) -> Option<f64> {
    let at = Descriptors::NAMES.iter().position(|n| *n == name)?;
    example.descriptors.get(at).copied()
}

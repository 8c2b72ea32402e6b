//! Systems side by side on the same songs, corpus by corpus.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use undertone::Mood;

use super::format::{score, with_interval};
use super::metrics::Scores;
use super::table::Table;
use crate::measured::example::Example;

/// What one system says of some examples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predictions {
    /// Name in the table.
    pub system: String,
    /// Position in the list of examples, and probabilities in the order of
    /// [`Mood::ALL`].
    pub rows: Vec<(usize, [f64; Mood::COUNT])>,
}

impl Predictions {
    /// A system that has said nothing yet.
    pub fn new(system: &str) -> Self {
        Self {
            system: system.to_owned(),
            rows: Vec::new(),
        }
    }
}

/// Every system's scores on every slice of the examples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Slices in order, each with the systems in the order given.
    pub slices: Vec<Slice>,
}

/// The systems on one slice of the examples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// Name: `"all"`, a corpus, or a part of one.
    pub name: String,
    /// The systems by name, in the order given.
    pub systems: Vec<(String, Scores)>,
}

/// Measures every system on all examples that it has rows for, then corpus by corpus;
/// the corpus `music` also by composer, as one of them (Kevin `MacLeod`) is almost a
/// label by himself.
///
/// # Errors
/// Where a row points to no example, or systems speak of different examples: their
/// figures could not stand side by side.
pub fn compare(examples: &[Example], systems: &[Predictions]) -> Result<Comparison> {
    let first = systems.first().context("no systems to compare")?;
    let asked = |system: &Predictions| {
        let mut at: Vec<usize> = system.rows.iter().map(|row| row.0).collect();
        at.sort_unstable();
        at
    };
    let expected = asked(first);
    ensure!(
        expected.last().is_none_or(|&last| last < examples.len()),
        "{} speaks of more examples than there are ({})",
        first.system,
        examples.len()
    );
    for system in systems {
        ensure!(
            asked(system) == expected,
            "{} and {} speak of different examples",
            first.system,
            system.system
        );
    }
    let mut members: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for at in expected {
        for slice in slices(&examples[at]) {
            members.entry(slice).or_default().push(at);
        }
    }
    let slices = members.into_iter().map(|((_, name), at)| {
        let scores = |system: &Predictions| {
            let answers: BTreeMap<usize, [f64; 4]> = system.rows.iter().copied().collect();
            let answers: Vec<_> = at.iter().map(|i| answers[i]).collect();
            let truth: Vec<usize> = at.iter().map(|&i| examples[i].mood.index()).collect();
            let groups: Vec<&str> = at.iter().map(|&i| examples[i].group.as_str()).collect();
            let scores = Scores::of(&name, &truth, &answers, &groups);
            (system.system.clone(), scores)
        };
        let systems = systems.iter().map(scores).collect();
        Slice { name, systems }
    });
    Ok(Comparison {
        slices: slices.collect(),
    })
}

/// The slices that an example is in, with their place in the order.
fn slices(example: &Example) -> Vec<(usize, String)> {
    let mut slices = vec![(0, "all".to_owned()), (1, example.corpus.clone())];
    if example.corpus == "music" {
        let group = example
            .group
            .to_ascii_lowercase()
            .replace([' ', '-', '_'], "");
        slices.push(if group.contains("kevinmacleod") {
            (2, "music/kevin macleod".to_owned())
        } else {
            (3, "music/others".to_owned())
        });
    }
    slices
}

impl Comparison {
    /// The whole comparison as a table.
    pub fn table(&self) -> Table {
        let lines = self.slices.iter().flat_map(|slice| {
            let lines = slice.systems.iter();
            lines.map(move |(system, scores)| (&slice.name, system, scores))
        });
        let rows = lines.map(|(songs, system, scores)| {
            let [arousal, valence] = scores.affect_accuracy.unwrap_or_default().map(score);
            vec![
                songs.clone(),
                system.clone(),
                with_interval(scores.macro_f1, scores.macro_f1_interval),
                score(scores.balanced_accuracy),
                score(scores.accuracy),
                arousal,
                valence,
                score(scores.calibration_error),
                scores.n.to_string(),
                scores.groups.to_string(),
            ]
        });
        let figures =
            "macro-F1 [95 %] | balanced | accuracy | arousal | valence | ECE | n | groups";
        Table::new("songs | system", figures, rows)
    }
}

//! Judges asked about music of a kind that they never met: one part of the corpora after
//! the other is left out of training and then judged, by baselines, by the ensemble, by the
//! network (where `trainer train network --without` has trained one) and by the teacher.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use anyhow::{Context, Result};
use undertone::analysis::{song_logits, song_probabilities};
use undertone::ensemble::Ensemble;

use crate::console;
use crate::evaluate::calibrate::{Songs, fit_temperature, join};
use crate::evaluate::{Comparison, Predictions, compare};
use crate::judges::judged::{Judged, JudgedTagger, loaded_network};
use crate::judges::train;
use crate::judges::witnesses::{Witnesses, light};
use crate::learn::classic::{self, EnsembleOptions};
use crate::learn::tagger::{Head, Size};
use crate::learn::trained::unlabelled_ids;
use crate::measured::example::{Example, Split};
use crate::songs::song::Song;

/// What stands above its table.
pub const HEADING: &str = "\n# Parts that nothing was fitted on\n\n\
    Each part was left out, its labels and its artists' unlabelled songs, and judged whole.\n\n";

/// The parts that can be left out: each kind of label of each corpus.
pub fn parts(examples: &[Example]) -> Vec<String> {
    let parts: BTreeSet<String> = examples.iter().map(Example::part).collect();
    parts.into_iter().collect()
}

/// One part, judged by systems that were fitted without it.
///
/// # Errors
/// When the ensemble can't be fitted or a judge refuses a song.
pub fn left_out(
    work: &Path,
    songs: &[Song],
    witnesses: &Witnesses,
    examples: &[Example],
    part: &str,
    judged: &Judged,
) -> Result<Comparison> {
    console::note(&format!("without {part}"));
    let parted = without(examples, part);
    let mut systems = classic::baselines(&parted)?;
    let ensemble = classic::fit_ensemble(&parted, &EnsembleOptions::default())?.ensemble;
    systems.extend(classic::predictions(&ensemble, &parted)?.pop());
    let shares = |system: &Predictions| system.rows.iter().map(|row| row.1).collect::<Vec<_>>();
    let by_ensemble = systems.last().map(shares).context("no ensemble")?;
    systems.extend(witnesses.teacher(&parted)?);
    let taggers = taggers_without(songs, witnesses, &parted, part)?;
    let distances = classic::distances(&ensemble, &parted)?;
    let from = unfamiliar_from(&ensemble, examples, part)?;
    for ((size, fitted), tagger) in judged.taggers().into_iter().zip(&taggers) {
        let Some(JudgedTagger { rule, .. }) = fitted else {
            continue;
        };
        let mut rule = rule.rule;
        if let (Some(unfamiliar), Some(from)) = (&mut rule.unfamiliar, from) {
            unfamiliar.distance = from;
        }
        let heard = shares(tagger);
        // The ensemble has the share of the network, too.
        let joined = join(&by_ensemble, &by_ensemble, Some((&heard, &distances)), rule);
        let mut two = Predictions::new(&format!("ensemble with the {}", size.name()));
        two.rows = tagger.rows.iter().map(|row| row.0).zip(joined).collect();
        systems.push(two);
    }
    systems.extend(taggers);
    if let Ok(trained) = train::network_without(work, part) {
        let network = loaded_network(&trained)?;
        let logits = |example: &Example| {
            song_logits(&network, &example.log_mel).with_context(|| example.id.clone())
        };
        let known = examples
            .iter()
            .filter(|e| e.split == Split::Validation && !e.is_of(part));
        let truth: Vec<usize> = known.clone().map(|e| e.mood.index()).collect();
        let known = known.map(logits).collect::<Result<Vec<_>>>()?;
        let temperature = fit_temperature(&truth, &known)?.value;
        let by_id: HashMap<&str, &Example> = examples.iter().map(|e| (e.id.as_str(), e)).collect();
        let mut by_network = Predictions::new("network");
        for (at, asked) in classic::validation(&parted) {
            let moods = song_probabilities(&logits(by_id[asked.id.as_str()])?, temperature);
            by_network.rows.push((at, moods.to_array().map(f64::from)));
        }
        let mut both = Predictions::new("both");
        let joined = join(&shares(&by_network), &by_ensemble, None, judged.rule.rule);
        both.rows = by_network
            .rows
            .iter()
            .map(|row| row.0)
            .zip(joined)
            .collect();
        systems.extend([by_network, both]);
    }
    let mut comparison = compare(&parted, &systems)?;
    comparison.slices.truncate(1);
    for slice in &mut comparison.slices {
        part.clone_into(&mut slice.name);
    }
    Ok(comparison)
}

/// From where on a song is unfamiliar to an ensemble that was fitted without the part, by the
/// validation songs of all others.
fn unfamiliar_from(ensemble: &Ensemble, examples: &[Example], part: &str) -> Result<Option<f32>> {
    let known = |e: &&Example| e.split == Split::Validation && !e.is_of(part);
    let known: Vec<Example> = examples.iter().filter(known).map(light).collect();
    let songs = Songs {
        truth: &[],
        corpora: &known.iter().map(|e| e.corpus.as_str()).collect::<Vec<_>>(),
        distances: &classic::distances(ensemble, &known)?,
    };
    Ok(songs.unfamiliar_from())
}

/// The taggers' layers, fitted without the part that is asked about.
fn taggers_without(
    songs: &[Song],
    witnesses: &Witnesses,
    parted: &[Example],
    part: &str,
) -> Result<Vec<Predictions>> {
    let lessons = &witnesses.lessons;
    if !parted.iter().all(|e| lessons.contains_key(&e.id)) {
        return Ok(Vec::new());
    }
    let fitted: Vec<&Example> = parted.iter().filter(|e| e.split == Split::Train).collect();
    let unlabelled = unlabelled_ids(songs, Some(part));
    let large = Head::large(&fitted, lessons)?;
    let small = Head::small(&fitted, unlabelled.iter().map(String::as_str), lessons)?;
    let mut systems = [Size::Large, Size::Small].map(|size| Predictions::new(size.name()));
    for (at, asked) in classic::validation(parted) {
        let lesson = lessons.get(&asked.id);
        let logits = [
            large.logits(lesson, &asked.id)?,
            small.logits(lesson, &asked.id)?,
        ];
        for (system, logits) in systems.iter_mut().zip(logits) {
            let moods = song_probabilities(&logits, 1.0).to_array();
            system.rows.push((at, moods.map(f64::from)));
        }
    }
    Ok(systems.into())
}

/// The training examples of all other parts, and the whole part, to be asked about; what is
/// held out elsewhere, and arrangements of the part, are neither.
fn without(examples: &[Example], part: &str) -> Vec<Example> {
    examples
        .iter()
        .filter_map(|example| {
            let split = if example.is_of(part) {
                (!example.is_arranged()).then_some(Split::Validation)?
            } else {
                (example.split == Split::Train).then_some(Split::Train)?
            };
            Some(Example {
                split,
                ..light(example)
            })
        })
        .collect()
}

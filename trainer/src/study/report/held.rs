//! What the systems of one task said of songs that they had not seen.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};

use crate::evaluate::metrics::Answers;
use crate::study::run::{Answer, SystemRun};

/// A song of the study's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SongRef {
    /// Its name, for people.
    pub id: String,
    /// Its group: songs of one never stand on both sides of a split, and the bootstrap
    /// draws them as one.
    pub group: String,
}

/// A song in the fold that it was held out in.
pub type Key = (usize, usize);

/// All answers of one system.
#[derive(Debug)]
pub struct Held<'a> {
    /// The system.
    pub run: &'a SystemRun,
    /// Its answers by fold and song.
    pub answers: BTreeMap<Key, &'a Answer>,
}

impl<'a> Held<'a> {
    /// Gathers the answers of one system.
    ///
    /// # Errors
    /// Where an answer is impossible, or two speak of one song.
    pub fn of(run: &'a SystemRun, songs: &[SongRef]) -> Result<Self> {
        let mut answers = BTreeMap::new();
        let mut asked = BTreeSet::new();
        for fold in &run.folds {
            let place = || format!("fold {} of {} ({})", fold.fit.fold, run.system, run.task);
            ensure!(
                fold.fit.seconds.is_finite(),
                "{}: its seconds are no number",
                place()
            );
            for answer in &fold.answers {
                check(answer, run.task.classes().len(), songs).with_context(place)?;
                ensure!(
                    asked.insert(answer.song),
                    "{} answers song {} twice",
                    run.system,
                    answer.song
                );
                answers.insert((fold.fit.fold, answer.song), answer);
            }
        }
        Ok(Self { run, answers })
    }

    /// The given songs in order; those that it did not answer are left out.
    pub fn columns<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k Key>,
        songs: &'a [SongRef],
    ) -> Answers<'a> {
        let mut columns = Answers::default();
        for key in keys {
            if let Some(&answer) = self.answers.get(key) {
                columns.truth.push(answer.truth);
                columns.said.push(answer.answer);
                columns.probabilities.push(&answer.probabilities);
                columns.groups.push(&songs[key.1].group);
            }
        }
        columns
    }
}

/// The songs that all of these systems were asked about in the same fold.
pub fn common<'h, 'a: 'h>(mut held: impl Iterator<Item = &'h Held<'a>>) -> BTreeSet<Key> {
    let Some(first) = held.next() else {
        return BTreeSet::new();
    };
    let mut keys: BTreeSet<Key> = first.answers.keys().copied().collect();
    for other in held {
        keys.retain(|key| other.answers.contains_key(key));
    }
    keys
}

/// Checks that systems agree on the truth, and that none stands twice.
///
/// # Errors
/// Where they do not: their figures could not stand side by side.
pub fn check_all(held: &[Held]) -> Result<()> {
    let mut truths: BTreeMap<usize, (usize, &str)> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for system in held {
        let name = system.run.system.as_str();
        ensure!(names.insert(name), "two systems are called {name}");
        for answer in system.answers.values() {
            let (truth, other) = *truths.entry(answer.song).or_insert((answer.truth, name));
            ensure!(
                truth == answer.truth,
                "{other} and {name} were told different classes of song {}",
                answer.song
            );
        }
    }
    Ok(())
}

fn check(answer: &Answer, classes: usize, songs: &[SongRef]) -> Result<()> {
    let song = answer.song;
    ensure!(
        song < songs.len(),
        "song {song} of {} does not exist",
        songs.len()
    );
    ensure!(
        answer.truth < classes && answer.answer < classes,
        "song {song} has class {} and answer {}, expected below {classes}",
        answer.truth,
        answer.answer
    );
    let shares = &answer.probabilities;
    ensure!(
        shares.len() == classes,
        "song {song} has {} probabilities, expected {classes}",
        shares.len()
    );
    let possible = shares
        .iter()
        .all(|share| share.is_finite() && *share >= 0.0);
    ensure!(
        possible && shares.iter().sum::<f64>() > 0.0,
        "song {song} has the probabilities {shares:?}"
    );
    Ok(())
}

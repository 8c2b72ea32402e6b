//! All systems of one task, side by side.

use std::collections::BTreeSet;

use anyhow::Result;
use serde::Serialize;

use super::held::{Held, Key, SongRef, check_all, common};
use super::system::{SystemReport, scores};
use super::variant::Variant;
use crate::evaluate::paired::Paired;
use crate::songs::task::Task;
use crate::study::run::{Answer, Family, SystemRun};

/// Most songs in the list of the hardest.
const HARD_SONGS: usize = 10;

/// The systems of one task and what sets them apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskReport {
    /// What the systems tell apart.
    pub task: Task,
    /// Names of its classes in the order of their numbers.
    pub classes: Vec<String>,
    /// Folds that every system ran; empty where there is none.
    pub common_folds: Vec<usize>,
    /// Songs of these folds that every system answered.
    pub common_songs: usize,
    /// The systems, best first: by the macro-F1 on the common songs, or, where there are
    /// none, over all folds that each ran; then by name.
    pub systems: Vec<SystemReport>,
    /// Systems whose names differ by SMOTE alone, on the songs that both answered.
    pub oversampling: Vec<Contrast>,
    /// Each learner as first tried against its last form, and against its best one where
    /// that is another, on the songs that both answered.
    pub first_and_last: Vec<Contrast>,
    /// Each system against the next in the ranking, the better one second; on the common
    /// songs, or, where there are none, on those that both answered.
    pub neighbours: Vec<Contrast>,
    /// Common songs that most systems other than baselines got wrong, hardest first; at
    /// most 10, and only such as one got wrong.
    pub hardest: Vec<HardSong>,
}

/// Two systems compared song by song.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contrast {
    /// Name of the first system.
    pub first: String,
    /// Name of the second system.
    pub second: String,
    /// What sets the second apart; `null` where no song was answered by both.
    pub paired: Option<Paired>,
}

/// A song that many systems got wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HardSong {
    /// Its name in the study's table.
    pub song: String,
    /// Its group.
    pub group: String,
    /// Its class.
    pub class: String,
    /// Systems that got it wrong.
    pub wrong: usize,
    /// Systems that were asked, baselines aside.
    pub systems: usize,
    /// Probability that they gave to the true class, on average.
    pub mean_probability: f64,
}

impl TaskReport {
    /// Compares all runs of one task.
    ///
    /// # Errors
    /// Where answers are impossible or contradict each other.
    pub(super) fn of(task: Task, runs: &[&SystemRun], songs: &[SongRef]) -> Result<Self> {
        let held: Result<Vec<Held>> = runs.iter().map(|run| Held::of(run, songs)).collect();
        let mut held = held?;
        check_all(&held)?;
        let shared = common(held.iter().filter(|held| !held.answers.is_empty()));
        let systems = ranked(&mut held, &shared, songs);
        let folds: BTreeSet<usize> = shared.iter().map(|key| key.0).collect();
        let neighbours = held.windows(2);
        let neighbours = neighbours.map(|pair| contrast(&pair[1], &pair[0], &shared, songs));
        Ok(Self {
            task,
            classes: task.classes().iter().map(|&name| name.to_owned()).collect(),
            common_folds: folds.into_iter().collect(),
            common_songs: shared.len(),
            oversampling: oversampling(&held, songs),
            first_and_last: first_and_last(&held, songs),
            neighbours: neighbours.collect(),
            hardest: hardest(&held, &shared, songs),
            systems,
        })
    }

    /// Whether every system answered the same songs, so that there is one ranking only.
    pub fn all_alike(&self) -> bool {
        let alike = |system: &SystemReport| system.scores.n == self.common_songs;
        self.systems.iter().all(alike)
    }
}

/// Measures the systems and sorts them and `held`, best first.
fn ranked(held: &mut Vec<Held>, shared: &BTreeSet<Key>, songs: &[SongRef]) -> Vec<SystemReport> {
    let mut systems: Vec<(SystemReport, Held)> = std::mem::take(held)
        .into_iter()
        .map(|held| {
            let mut system = SystemReport::of(&held, songs);
            if !held.answers.is_empty() && !shared.is_empty() {
                system.common = Some(if shared.len() == held.answers.len() {
                    system.scores.clone()
                } else {
                    scores(held.run.task, &held.columns(shared, songs))
                });
            }
            (system, held)
        })
        .collect();
    systems.sort_by(|(a, _), (b, _)| {
        let by_score = b.ranked().macro_f1.total_cmp(&a.ranked().macro_f1);
        by_score.then_with(|| a.name.cmp(&b.name))
    });
    let (systems, sorted) = systems.into_iter().unzip();
    *held = sorted;
    systems
}

/// Systems whose names differ by SMOTE alone.
fn oversampling(held: &[Held], songs: &[SongRef]) -> Vec<Contrast> {
    let pairs = held.iter().filter_map(|before| {
        let variant = Variant::of(&before.run.system);
        let mut after = held.iter();
        let after = after.find(|after| variant.is_oversampled_in(&Variant::of(&after.run.system)));
        after.map(|after| contrast(before, after, &BTreeSet::new(), songs))
    });
    let mut contrasts: Vec<Contrast> = pairs.collect();
    contrasts.sort_by(|a, b| a.first.cmp(&b.first));
    contrasts
}

/// Learners as first tried against their last form and their best one.
fn first_and_last(held: &[Held], songs: &[SongRef]) -> Vec<Contrast> {
    let mut contrasts = Vec::new();
    for first in held {
        let start = Variant::of(&first.run.system);
        if !start.is_first() {
            continue;
        }
        let family = |held: &&Held| Variant::of(&held.run.system).learner == start.learner;
        let is_last = |held: &&Held| Variant::of(&held.run.system).is_last();
        let last = held.iter().filter(family).find(is_last);
        let mut seconds: Vec<&Held> = last.into_iter().chain(held.iter().find(family)).collect();
        seconds.dedup_by_key(|held| &held.run.system);
        seconds.retain(|held| held.run.system != first.run.system);
        let pair = |second| contrast(first, second, &BTreeSet::new(), songs);
        contrasts.extend(seconds.into_iter().map(pair));
    }
    // Stable: the last form stays before the best one.
    contrasts.sort_by(|a, b| a.first.cmp(&b.first));
    contrasts
}

/// Compares two systems on `keys`, or, where these are none, on what both answered.
fn contrast(first: &Held, second: &Held, keys: &BTreeSet<Key>, songs: &[SongRef]) -> Contrast {
    let both = common([first, second].into_iter());
    let keys = if keys.is_empty() || both.is_empty() {
        &both
    } else {
        keys
    };
    let [a, b] = [first, second].map(|held| held.columns(keys, songs));
    let classes = first.run.task.classes().len();
    Contrast {
        first: first.run.system.clone(),
        second: second.run.system.clone(),
        paired: (!both.is_empty()).then(|| Paired::of(classes, &a, &b)),
    }
}

fn hardest(held: &[Held], shared: &BTreeSet<Key>, songs: &[SongRef]) -> Vec<HardSong> {
    let judges = held
        .iter()
        .filter(|held| held.run.facts.family != Family::Baseline);
    let judges: Vec<&Held> = judges.filter(|held| !held.answers.is_empty()).collect();
    let song = |key: &Key| {
        let answers = judges.iter().filter_map(|judge| judge.answers.get(key));
        let answers: Vec<_> = answers.collect();
        let first = judges.first()?;
        let share = |answer: &&&Answer| {
            let all: f64 = answer.probabilities.iter().sum();
            answer.probabilities[answer.truth] / all / judges.len() as f64
        };
        let wrong = answers
            .iter()
            .filter(|answer| answer.truth != answer.answer);
        Some(HardSong {
            song: songs[key.1].id.clone(),
            group: songs[key.1].group.clone(),
            class: first.run.task.classes()[answers.first()?.truth].to_owned(),
            wrong: wrong.count(),
            systems: judges.len(),
            mean_probability: answers.iter().map(share).sum(),
        })
    };
    let mut hard: Vec<HardSong> = shared.iter().filter_map(song).collect();
    hard.retain(|song| song.wrong > 0);
    hard.sort_by(|a, b| {
        let by_share = a.mean_probability.total_cmp(&b.mean_probability);
        b.wrong.cmp(&a.wrong).then(by_share)
    });
    hard.truncate(HARD_SONGS);
    hard
}

//! All systems of one task, side by side.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::Serialize;

use super::SongRef;
use super::held::{Held, Key, check_all, common};
use super::system::{SystemReport, scores};
use super::variant::Variant;
use crate::evaluate::paired::Paired;
use crate::songs::task::Task;
use crate::study::run::{Family, SystemRun};

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
        let pairs = Pairs { held: &held, songs };
        Ok(Self {
            task,
            classes: task.classes().iter().map(|&name| name.to_owned()).collect(),
            common_folds: folds.into_iter().collect(),
            common_songs: shared.len(),
            oversampling: pairs.oversampling(),
            first_and_last: pairs.first_and_last(),
            neighbours: pairs.neighbours(&shared),
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

/// The systems of a task, best first, to be paired.
struct Pairs<'h, 'a> {
    held: &'h [Held<'a>],
    songs: &'a [SongRef],
}

impl Pairs<'_, '_> {
    fn oversampling(&self) -> Vec<Contrast> {
        let mut contrasts = Vec::new();
        for before in self.held {
            let variant = Variant::of(&before.run.system);
            for after in self.held {
                if variant.is_oversampled_in(&Variant::of(&after.run.system)) {
                    contrasts.push(self.contrast(before, after, &BTreeSet::new()));
                }
            }
        }
        contrasts.sort_by(|a, b| a.first.cmp(&b.first));
        contrasts
    }

    fn first_and_last(&self) -> Vec<Contrast> {
        let mut contrasts = Vec::new();
        for first in self.held {
            let start = Variant::of(&first.run.system);
            if !start.is_first() {
                continue;
            }
            let family = |held: &&Held| Variant::of(&held.run.system).learner == start.learner;
            let mut family = self.held.iter().filter(family);
            let best = family.clone().next();
            let last = family.find(|held| Variant::of(&held.run.system).is_last());
            let mut seconds: Vec<&Held> = last.into_iter().chain(best).collect();
            seconds.dedup_by_key(|held| &held.run.system);
            for second in seconds {
                if second.run.system != first.run.system {
                    contrasts.push(self.contrast(first, second, &BTreeSet::new()));
                }
            }
        }
        // Stable: the last form stays before the best one.
        contrasts.sort_by(|a, b| a.first.cmp(&b.first));
        contrasts
    }

    fn neighbours(&self, shared: &BTreeSet<Key>) -> Vec<Contrast> {
        let pairs = self.held.windows(2);
        pairs
            .map(|pair| self.contrast(&pair[1], &pair[0], shared))
            .collect()
    }

    /// Compares two systems on `keys`, or, where these are none, on what both answered.
    fn contrast(&self, first: &Held, second: &Held, keys: &BTreeSet<Key>) -> Contrast {
        let both = common([first, second].into_iter());
        let keys = if keys.is_empty() || both.is_empty() {
            &both
        } else {
            keys
        };
        let [a, b] = [first, second].map(|held| held.columns(keys, self.songs));
        let classes = first.run.task.classes().len();
        let paired = (!both.is_empty())
            .then(|| Paired::of(classes, &a.truth, &a.answers, &b.answers, &a.groups));
        Contrast {
            first: first.run.system.clone(),
            second: second.run.system.clone(),
            paired,
        }
    }
}

fn hardest(held: &[Held], shared: &BTreeSet<Key>, songs: &[SongRef]) -> Vec<HardSong> {
    let judges: Vec<&Held> = held
        .iter()
        .filter(|held| held.run.family != Family::Baseline && !held.answers.is_empty())
        .collect();
    let mut hard: BTreeMap<Key, HardSong> = BTreeMap::new();
    for (judge, key) in judges
        .iter()
        .flat_map(|judge| shared.iter().map(move |key| (judge, key)))
    {
        let Some(answer) = judge.answers.get(key) else {
            continue;
        };
        let song = &songs[key.1];
        let entry = hard.entry(*key).or_insert_with(|| HardSong {
            song: song.id.clone(),
            group: song.group.clone(),
            class: judge.run.task.classes()[answer.truth].to_owned(),
            wrong: 0,
            systems: judges.len(),
            mean_probability: 0.0,
        });
        entry.wrong += usize::from(answer.truth != answer.answer);
        let share = answer.probabilities[answer.truth] / answer.probabilities.iter().sum::<f64>();
        entry.mean_probability += share / judges.len() as f64;
    }
    let mut hard: Vec<HardSong> = hard.into_values().filter(|song| song.wrong > 0).collect();
    hard.sort_by(|a, b| {
        let by_share = a.mean_probability.total_cmp(&b.mean_probability);
        b.wrong.cmp(&a.wrong).then(by_share)
    });
    hard.truncate(HARD_SONGS);
    hard
}
